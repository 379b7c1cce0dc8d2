namespace Porpoise.Client.Runs;

/// <summary>Something that happened in a run.</summary>
public abstract record WatchEvent
{
    private protected WatchEvent()
    {
    }
}

/// <summary>How the run is now.</summary>
public sealed record RunEvent(int Id, string Name, string State, DateTimeOffset StartedAt, DateTimeOffset? EndedAt) : WatchEvent;

/// <summary>How one of its task instances is now.</summary>
/// <param name="At">Since when.</param>
public sealed record TaskEvent(int Id, string Name, string State, int Attempt, int? ExitCode, string Message, DateTimeOffset At) : WatchEvent;

/// <summary>What a task wrote.</summary>
/// <param name="Offset">Bytes of the log before this text.</param>
public sealed record LogEvent(long Offset, string Text);
