namespace Porpoise.Worker.Runners;

/// <summary>A job fails, and this is why: its message is the last line of the log, and says what was asked, what came back and what to do.</summary>
public sealed class JobException : Exception
{
    public JobException()
    {
    }

    public JobException(string message)
        : base(message)
    {
    }

    public JobException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>What the job's process ends with.</summary>
    public int ExitCode { get; init; } = 1;
}
