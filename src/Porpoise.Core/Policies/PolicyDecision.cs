namespace Porpoise.Core.Policies;

/// <summary>
/// Decides by RAM policies: a session policy, if the caller's key carries one, has to allow; then any Deny of the caller's own policies denies,
/// else any Allow allows, else it is denied. The order of policies and statements never matters. The account's owner is bound by no policy and is not
/// asked about here. Allocates nothing.
/// </summary>
public static class PolicyDecision
{
    /// <param name="policies">All that are attached to the caller, its groups or its role.</param>
    /// <param name="session">Null when the caller's key carries no session policy.</param>
    /// <exception cref="ArgumentException">A policy is of another kind than its place.</exception>
    public static AccessDecision Decide(AccessRequest request, IReadOnlyList<AttachedPolicy> policies, PolicyDocument? session = null)
    {
        if (session is not null)
        {
            Require(session, PolicyKind.Session);
            var verdict = session.Denies.Applies(request) ? Verdict.ExplicitDeny : session.Allows.Applies(request) ? Verdict.Allow : Verdict.ImplicitDeny;
            if (verdict != Verdict.Allow)
            {
                return new AccessDecision(verdict, PolicyLevel.SessionPolicy);
            }
        }

        return new AccessDecision(VerdictOf(request, policies), PolicyLevel.AccountLevelIdentityBasedPolicy);
    }

    /// <summary>Whether a role's trust policy lets somebody assume it. For a service or a federated user that is all; for a user or a role of the account, see <see cref="DecideAssumeRole"/>.</summary>
    /// <param name="caller">All names that the caller goes by.</param>
    /// <exception cref="ArgumentException">The document is no trust policy.</exception>
    public static AccessDecision DecideTrust(AccessRequest request, PolicyDocument trust, IReadOnlyCollection<TrustedPrincipal> caller)
    {
        Require(trust, PolicyKind.Trust);
        var verdict = Verdict.ImplicitDeny;
        foreach (var statement in trust.Statements)
        {
            if (statement.FitsPrincipal(caller) && statement.FitsAction(request) && statement.FitsConditions(request))
            {
                if (statement.Effect == PolicyEffect.Deny)
                {
                    return new AccessDecision(Verdict.ExplicitDeny, PolicyLevel.AssumeRolePolicy);
                }

                verdict = Verdict.Allow;
            }
        }

        return new AccessDecision(verdict, PolicyLevel.AssumeRolePolicy);
    }

    /// <summary>Whether a user or a role may assume a role: its own policies have to allow <c>sts:AssumeRole</c> on the role, and the role has to trust it.</summary>
    /// <exception cref="ArgumentException">A policy is of another kind than its place.</exception>
    public static AccessDecision DecideAssumeRole(
        AccessRequest request, IReadOnlyList<AttachedPolicy> policies, PolicyDocument? session, PolicyDocument trust, IReadOnlyCollection<TrustedPrincipal> caller)
    {
        var own = Decide(request, policies, session);
        return own.IsAllowed ? DecideTrust(request, trust, caller) : own;
    }

    private static Verdict VerdictOf(AccessRequest request, IReadOnlyList<AttachedPolicy> policies)
    {
        var verdict = Verdict.ImplicitDeny;
        for (var i = 0; i < policies.Count; i++)
        {
            var document = policies[i].Document;
            Require(document, PolicyKind.Identity);
            if (document.Denies.Applies(request))
            {
                return Verdict.ExplicitDeny;
            }

            if (verdict == Verdict.ImplicitDeny && document.Allows.Applies(request))
            {
                verdict = Verdict.Allow;
            }
        }

        return verdict;
    }

    private static void Require(PolicyDocument document, PolicyKind kind)
    {
        if (document.Kind != kind)
        {
            throw new ArgumentException($"A policy of the kind {document.Kind} stands where one of the kind {kind} belongs.", nameof(document));
        }
    }
}
