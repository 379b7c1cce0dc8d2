namespace Porpoise.Core.Policies;

/// <summary>Which kind of policy a text is to be.</summary>
public enum PolicyKind
{
    /// <summary>Attached to a user, a group or a role.</summary>
    Identity,

    /// <summary>Handed to AssumeRole: the temporary key may do only what this allows too.</summary>
    Session,

    /// <summary>Says who may assume a role.</summary>
    Trust,
}

/// <summary>A policy, read by <see cref="PolicyReader"/> and ready for decisions. Immutable.</summary>
public sealed class PolicyDocument
{
    internal PolicyDocument(PolicyKind kind, IReadOnlyList<PolicyStatement> statements)
    {
        Kind = kind;
        Statements = statements;
        Denies = new StatementIndex(statements.Where(s => s.Effect == PolicyEffect.Deny));
        Allows = new StatementIndex(statements.Where(s => s.Effect == PolicyEffect.Allow));
    }

    public PolicyKind Kind { get; }

    public IReadOnlyList<PolicyStatement> Statements { get; }

    internal StatementIndex Denies { get; }

    internal StatementIndex Allows { get; }
}
