namespace Porpoise.Core.Workflows;

/// <summary>The task types that this version can run.</summary>
public static class TaskTypes
{
    /// <summary>Does nothing: a point where branches meet. Completed by the engine itself, in a commit of its own.</summary>
    public const string Noop = "NOOP";

    /// <summary>Runs a script with the machine's shell, in a process of its own.</summary>
    public const string Shell = "SHELL";

    public static bool IsKnown(string type) => type is Noop or Shell;
}
