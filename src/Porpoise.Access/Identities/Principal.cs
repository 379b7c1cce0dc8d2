using System.Collections.Frozen;
using Porpoise.Core.Policies;
using Porpoise.Core.Workflows;

namespace Porpoise.Access.Identities;

/// <summary>What kind of caller.</summary>
public enum CallerKind
{
    /// <summary>The account's owner, whom no policy limits.</summary>
    Owner,
    User,

    /// <summary>A role, by a temporary key.</summary>
    AssumedRole,

    /// <summary>Of an operation that takes no credentials. It may do nothing else.</summary>
    Nobody,
}

/// <summary>Who calls, with all that decides what it may do.</summary>
/// <param name="AccountId">The account it belongs to.</param>
/// <param name="Kind">What kind of caller.</param>
/// <param name="Id">Of the account, the user or the role.</param>
/// <param name="UserName">Its name, for people: of the user, or <c>role:session</c>.</param>
public sealed record Principal(string AccountId, CallerKind Kind, string Id, string UserName)
{
    /// <summary>Of a call without credentials.</summary>
    public static Principal Nobody { get; } = new("", CallerKind.Nobody, "", "nobody");

    public bool IsRoot => Kind == CallerKind.Owner;

    /// <summary>As policies and the audit log name it; empty for nobody.</summary>
    public string Arn { get; } = Kind switch
    {
        CallerKind.Owner => Arns.Account(AccountId),
        CallerKind.User => Arns.User(AccountId, UserName),
        CallerKind.AssumedRole => $"acs:ram::{AccountId}:role/{UserName.Replace(':', '/')}",
        _ => "",
    };

    /// <summary>As the cloud names the kind in a denial.</summary>
    public string TypeName => Kind == CallerKind.AssumedRole ? "AssumedRoleUser" : "SubUser";

    /// <summary>As the cloud names it in a denial: the user's id, or <c>role:session</c>.</summary>
    public string DisplayName => Kind == CallerKind.AssumedRole ? UserName : Id;

    /// <summary>Its own policies and those of its groups.</summary>
    public IReadOnlyList<AttachedPolicy> Policies { get; init; } = [];

    /// <summary>Of a temporary key that was asked for with one.</summary>
    public PolicyDocument? SessionPolicy { get; init; }

    /// <summary>Its roles in workspaces.</summary>
    public FrozenDictionary<WorkspaceId, WorkspaceRole> Memberships { get; init; } = FrozenDictionary<WorkspaceId, WorkspaceRole>.Empty;

    /// <summary>What the policies say. The owner is bound by none, and nobody is allowed anything.</summary>
    public AccessDecision Decide(AccessRequest request) => Kind switch
    {
        CallerKind.Owner => new AccessDecision(Verdict.Allow, PolicyLevel.AccountLevelIdentityBasedPolicy),
        CallerKind.Nobody => new AccessDecision(Verdict.ImplicitDeny, PolicyLevel.AccountLevelIdentityBasedPolicy),
        _ => PolicyDecision.Decide(request, Policies, SessionPolicy),
    };

    /// <summary>Whether its role in a workspace lets it do this; the owner of the account is an owner everywhere.</summary>
    public bool MayIn(WorkspaceId workspace, string action) => IsRoot || (Memberships.TryGetValue(workspace, out var role) && WorkspaceRights.Allows(role, action));
}

/// <summary>The names of an account's things, as policies write them.</summary>
public static class Arns
{
    public static string Account(string accountId) => $"acs:ram::{accountId}:root";

    public static string User(string accountId, string name) => $"acs:ram::{accountId}:user/{name}";

    public static string Group(string accountId, string name) => $"acs:ram::{accountId}:group/{name}";

    public static string Role(string accountId, string name) => $"acs:ram::{accountId}:role/{name}";

    public static string Policy(string accountId, string name) => $"acs:ram::{accountId}:policy/{name}";
}
