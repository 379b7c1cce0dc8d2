using Porpoise.Core.Tasks;

namespace Porpoise.Core.Runs;

/// <summary>A task instance as its row says it.</summary>
/// <param name="Index">Its position in the definition.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Attempt">Number of the newest attempt; 0 if there was none.</param>
/// <param name="Failures">Attempts that failed by themselves: they count against the retries.</param>
/// <param name="Losses">Attempts that were lost.</param>
/// <param name="Due">When the next attempt may start, while it waits for a retry or its delay.</param>
public sealed record TaskSnapshot(int Index, TaskState State, int Attempt, int Failures, int Losses, DateTimeOffset? Due)
{
    /// <summary>When the newest attempt (or the NOOP) was started: its time limit counts from there. Null: none was.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Somebody asked for the end of its newest attempt.</summary>
    public bool IsStopRequested { get; init; }

    /// <summary>Null: it has not ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What it gave to the tasks after it.</summary>
    public IReadOnlyDictionary<string, string> Outputs { get; init; } = TaskOutputs.None;
}
