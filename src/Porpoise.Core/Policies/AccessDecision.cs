namespace Porpoise.Core.Policies;

/// <summary>How a set of policies sees a request.</summary>
public enum Verdict
{
    /// <summary>Nothing speaks of it: it is denied. The value of anything undecided.</summary>
    ImplicitDeny,

    Allow,

    /// <summary>A statement forbids it, whatever others say.</summary>
    ExplicitDeny,
}

/// <summary>Which of a caller's policies decided. The names are the vendor's.</summary>
public enum PolicyLevel
{
    AccountLevelIdentityBasedPolicy,
    SessionPolicy,
    AssumeRolePolicy,
}

/// <summary>A policy in force, and where it comes from.</summary>
/// <param name="Name">Of the policy.</param>
/// <param name="IsSystem">True when it comes with the product.</param>
/// <param name="Version">Such as <c>v1</c>.</param>
/// <param name="AttachedTo">Whom it is attached to, such as <c>user/ann</c> or <c>group/data</c>.</param>
/// <param name="Document">What it says.</param>
public sealed record AttachedPolicy(string Name, bool IsSystem, string Version, string AttachedTo, PolicyDocument Document);

/// <summary>The outcome alone; <see cref="AccessExplanation"/> says why.</summary>
/// <param name="Verdict">Only <see cref="Policies.Verdict.Allow"/> allows.</param>
/// <param name="Level">Where it was decided.</param>
public readonly record struct AccessDecision(Verdict Verdict, PolicyLevel Level)
{
    public bool IsAllowed => Verdict == Verdict.Allow;
}
