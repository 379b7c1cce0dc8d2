using Porpoise.Core.Runs;

namespace Porpoise.Engine.Live;

/// <summary>What one commit changed in a run.</summary>
/// <param name="Changes">Of its tasks, in their order.</param>
/// <param name="State">The run's new state; null: it has not changed.</param>
/// <param name="At">When it changed.</param>
public sealed record RunUpdate(IReadOnlyList<TaskChange> Changes, RunState? State, DateTimeOffset At);
