namespace Porpoise.Core.Policies;

/// <summary>A statement that speaks of the requested action, and how far it fits.</summary>
/// <param name="FitsResource">Whether the resource fits too.</param>
/// <param name="Held">Conditions that count as satisfied.</param>
/// <param name="Failed">Conditions that do not.</param>
public sealed record StatementFinding(
    AttachedPolicy Policy, PolicyStatement Statement, bool FitsResource, IReadOnlyList<PolicyCondition> Held, IReadOnlyList<PolicyCondition> Failed)
{
    public bool Applies => FitsResource && Failed.Count == 0;
}

/// <summary>
/// A decision with its reasons: the statements that decided, or, where none did, those that nearly allowed. It quotes values of policies
/// and of the request, so it is for somebody who may see both.
/// </summary>
public sealed class AccessExplanation
{
    private AccessExplanation(AccessRequest request, AccessDecision decision, int policies, IEnumerable<StatementFinding> findings)
    {
        Request = request;
        Decision = decision;
        PolicyCount = policies;
        Findings = [.. findings.Where(f => decision.Verdict switch
        {
            Verdict.Allow => f.Applies && f.Statement.Effect == PolicyEffect.Allow,
            Verdict.ExplicitDeny => f.Applies && f.Statement.Effect == PolicyEffect.Deny,
            _ => f.Statement.Effect == PolicyEffect.Allow,
        })];
    }

    public AccessRequest Request { get; }

    public AccessDecision Decision { get; }

    /// <summary>How many policies were asked at the level that decided.</summary>
    public int PolicyCount { get; }

    /// <summary>All statements that allowed or denied; for an implicit denial, the Allow statements that speak of the action but do not apply.</summary>
    public IReadOnlyList<StatementFinding> Findings { get; }

    /// <summary>A few sentences for people: what was decided, and by which statements and conditions.</summary>
    public IReadOnlyList<string> Sentences => ExplanationText.Of(this);

    /// <summary>Of <see cref="PolicyDecision.Decide"/>.</summary>
    public static AccessExplanation Of(AccessRequest request, IReadOnlyList<AttachedPolicy> policies, PolicyDocument? session = null)
    {
        var decision = PolicyDecision.Decide(request, policies, session);
        IReadOnlyList<AttachedPolicy> sessions = session is null ? [] : [new AttachedPolicy("session", IsSystem: false, "", "", session)];
        IReadOnlyList<AttachedPolicy> asked = decision.Level == PolicyLevel.SessionPolicy ? sessions : decision.IsAllowed ? [.. sessions, .. policies] : policies;
        return new AccessExplanation(request, decision, asked.Count, asked.SelectMany(p => Examine(p, request, caller: null)));
    }

    /// <summary>Of <see cref="PolicyDecision.DecideTrust"/>.</summary>
    /// <param name="trust">Attached to the role.</param>
    public static AccessExplanation OfTrust(AccessRequest request, AttachedPolicy trust, IReadOnlyCollection<TrustedPrincipal> caller) =>
        new(request, PolicyDecision.DecideTrust(request, trust.Document, caller), 1, Examine(trust, request, caller));

    /// <summary>Of <see cref="PolicyDecision.DecideAssumeRole"/>: of the trust policy, if the caller's own policies allow.</summary>
    /// <param name="trust">Attached to the role.</param>
    public static AccessExplanation OfAssumeRole(
        AccessRequest request, IReadOnlyList<AttachedPolicy> policies, PolicyDocument? session, AttachedPolicy trust, IReadOnlyCollection<TrustedPrincipal> caller)
    {
        var own = Of(request, policies, session);
        return own.Decision.IsAllowed ? OfTrust(request, trust, caller) : own;
    }

    private static IEnumerable<StatementFinding> Examine(AttachedPolicy policy, AccessRequest request, IReadOnlyCollection<TrustedPrincipal>? caller) =>
        from statement in policy.Document.Statements
        where statement.FitsAction(request) && (caller is null || statement.FitsPrincipal(caller))
        let conditions = statement.Conditions.ToLookup(c => statement.Counts(c, request))
        select new StatementFinding(policy, statement, statement.FitsResource(request), [.. conditions[true]], [.. conditions[false]]);
}
