namespace Porpoise.Core.Runs;

/// <summary>Where a run stands. The numbers are what the store holds: never reuse one.</summary>
public enum RunState
{
    Running = 1,

    /// <summary>Somebody asked to stop it, and attempts of it are still being ended.</summary>
    Stopping = 2,

    Succeeded = 3,
    Failed = 4,
    Stopped = 5,
}

public static class RunStates
{
    public static bool IsFinal(this RunState state) => state is RunState.Succeeded or RunState.Failed or RunState.Stopped;
}
