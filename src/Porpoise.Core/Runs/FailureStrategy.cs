namespace Porpoise.Core.Runs;

/// <summary>What a task that failed for good does to the rest of its run. The numbers are what the store holds.</summary>
public enum FailureStrategy
{
    /// <summary>Everything still active is ended, and the run fails.</summary>
    End = 0,

    /// <summary>Other branches go on; only the successors of the failed task never start. The run fails when nothing is left to do.</summary>
    Continue = 1,
}
