namespace Porpoise.Core.Tasks;

/// <summary>How an attempt ended, as its worker saw it.</summary>
public abstract record AttemptOutcome
{
    private AttemptOutcome()
    {
    }

    /// <summary>The process ended by itself; exit code 0 is success. A signal counts as 128 plus its number, as shells say it.</summary>
    public sealed record Exited(int Code) : AttemptOutcome;

    /// <summary>The attempt was ended on request, and none of its processes is left.</summary>
    public sealed record Killed : AttemptOutcome;

    /// <summary>
    /// Nobody can say how it ended: it never started, or its processes vanished without leaving an exit code.
    /// A new attempt follows that uses up no retry. <paramref name="Reason"/> is for people.
    /// </summary>
    public sealed record Lost(string Reason) : AttemptOutcome;
}
