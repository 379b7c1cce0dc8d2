using Porpoise.Core.Tasks;

namespace Porpoise.Core.Runs;

/// <summary>A task instance as its row says it.</summary>
/// <param name="Index">Its position in the definition.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Attempt">Number of the newest attempt; 0 if there was none.</param>
/// <param name="Failures">Attempts that failed by themselves: they count against the retries.</param>
/// <param name="Losses">Attempts that were lost.</param>
/// <param name="Due">When the next attempt may start, while it waits for a retry.</param>
public sealed record TaskSnapshot(int Index, TaskState State, int Attempt, int Failures, int Losses, DateTimeOffset? Due);
