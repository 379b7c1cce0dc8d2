namespace Porpoise.Core.Tasks;

/// <summary>How an attempt ended, as its worker saw it.</summary>
public abstract record AttemptOutcome
{
    /// <summary>Characters of <see cref="LastLines"/>. They become part of the task's row.</summary>
    public const int LastLinesMax = 1024;

    private AttemptOutcome()
    {
    }

    /// <summary>The end of what it wrote, for people; empty for an attempt that succeeded, or wrote nothing.</summary>
    public string LastLines { get; init => field = value.Length <= LastLinesMax ? value : value[^LastLinesMax..]; } = "";

    /// <summary>The process ended by itself; exit code 0 is success. A signal counts as 128 plus its number, as shells say it.</summary>
    public sealed record Exited(int Code) : AttemptOutcome
    {
        /// <summary>What it gave to the tasks after it, at most <see cref="TaskOutputs.LengthMax"/> characters; none unless the code is 0.</summary>
        public IReadOnlyDictionary<string, string> Outputs { get; init; } = TaskOutputs.None;

        /// <summary>Why its outputs could not be taken, for people: then the attempt failed, whatever its code. Empty: they could.</summary>
        public string OutputsFault { get; init; } = "";

        /// <summary>Why it failed, in one line, where its runner said it; empty: its code is all that is known.</summary>
        public string Reason { get; init; } = "";

        /// <summary>Why nobody can say what became of what it had begun in a cluster, for people: then it failed, and is not tried again by itself. Empty: that is known.</summary>
        public string Unknown { get; init; } = "";
    }

    /// <summary>The attempt was ended on request, and none of its processes is left.</summary>
    public sealed record Killed : AttemptOutcome;

    /// <summary>
    /// Nobody can say how it ended: it never started, or its processes vanished without leaving an exit code.
    /// A new attempt follows that uses up no retry. <paramref name="Reason"/> is for people.
    /// </summary>
    public sealed record Lost(string Reason) : AttemptOutcome;
}
