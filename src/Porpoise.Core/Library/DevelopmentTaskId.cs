namespace Porpoise.Core.Library;

/// <summary>Names a development task for ever: <c>TSK-…</c>, unique over all workspaces. It is what <c>taskBizId</c> of a node says.</summary>
public readonly record struct DevelopmentTaskId(string Value)
{
    /// <summary>How every id begins.</summary>
    public const string Beginning = "TSK-";

    public override string ToString() => Value;
}
