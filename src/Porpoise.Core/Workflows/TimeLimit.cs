namespace Porpoise.Core.Workflows;

/// <summary>How long a run, or one attempt of a task, may take.</summary>
/// <param name="After">Counted from the start of the run or of the attempt; whole seconds.</param>
/// <param name="Action">What happens then.</param>
public sealed record TimeLimit(TimeSpan After, TimeLimitAction Action)
{
    public bool Warns => Action is TimeLimitAction.Warn or TimeLimitAction.WarnAndFail;

    public bool Fails => Action is TimeLimitAction.Fail or TimeLimitAction.WarnAndFail;
}

/// <summary>What happens when a time limit is exceeded. The numbers are stored.</summary>
public enum TimeLimitAction
{
    /// <summary>It is said in the server's log, and the work goes on.</summary>
    Warn = 0,

    /// <summary>The work is ended and counts as failed.</summary>
    Fail = 1,

    /// <summary>Both.</summary>
    WarnAndFail = 2,
}
