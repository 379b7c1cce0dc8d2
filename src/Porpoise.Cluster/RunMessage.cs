using System.Diagnostics;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;

namespace Porpoise.Cluster;

/// <summary>What happened, as it travels. The numbers are what the wire holds: never reuse one.</summary>
public enum RunMessageKind
{
    Claimed = 1,
    AttemptExited = 2,
    AttemptKilled = 3,
    AttemptLost = 4,
    NoopDue = 5,
    RetryDue = 6,
    StopRequested = 7,
    Resumed = 8,
}

/// <summary>A <see cref="RunEvent"/> on its way between servers. Core knows nothing of serializers, so the translation stands here, case by case.</summary>
/// <param name="Kind">Which event.</param>
/// <param name="At">When it happened.</param>
/// <param name="Index">The task, where the event is about one.</param>
/// <param name="Attempt">The attempt, where the event is about one.</param>
/// <param name="Code">Exit code of an attempt that exited.</param>
/// <param name="Reason">Why an attempt was lost.</param>
[GenerateSerializer]
[Immutable]
[Alias("porpoise.run-message")]
public sealed record RunMessage(
    [property: Id(0)] RunMessageKind Kind,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] int Index = 0,
    [property: Id(3)] int Attempt = 0,
    [property: Id(4)] int Code = 0,
    [property: Id(5)] string Reason = "")
{
    public static RunMessage From(RunEvent e) => e switch
    {
        RunEvent.Claimed claimed => new(RunMessageKind.Claimed, e.At, claimed.Index),
        RunEvent.AttemptEnded ended => From(ended),
        RunEvent.NoopDue due => new(RunMessageKind.NoopDue, e.At, due.Index),
        RunEvent.RetryDue due => new(RunMessageKind.RetryDue, e.At, due.Index),
        RunEvent.StopRequested => new(RunMessageKind.StopRequested, e.At),
        RunEvent.Resumed => new(RunMessageKind.Resumed, e.At),
        _ => throw new UnreachableException($"No translation for {e.GetType().Name}."),
    };

    public RunEvent ToEvent() => Kind switch
    {
        RunMessageKind.Claimed => new RunEvent.Claimed(Index, At),
        RunMessageKind.AttemptExited => new RunEvent.AttemptEnded(Index, Attempt, new AttemptOutcome.Exited(Code), At),
        RunMessageKind.AttemptKilled => new RunEvent.AttemptEnded(Index, Attempt, new AttemptOutcome.Killed(), At),
        RunMessageKind.AttemptLost => new RunEvent.AttemptEnded(Index, Attempt, new AttemptOutcome.Lost(Reason), At),
        RunMessageKind.NoopDue => new RunEvent.NoopDue(Index, At),
        RunMessageKind.RetryDue => new RunEvent.RetryDue(Index, At),
        RunMessageKind.StopRequested => new RunEvent.StopRequested(At),
        RunMessageKind.Resumed => new RunEvent.Resumed(At),
        _ => throw new UnreachableException($"No translation for {Kind}."),
    };

    private static RunMessage From(RunEvent.AttemptEnded ended) => ended.Outcome switch
    {
        AttemptOutcome.Exited exited => new(RunMessageKind.AttemptExited, ended.At, ended.Index, ended.Attempt, exited.Code),
        AttemptOutcome.Killed => new(RunMessageKind.AttemptKilled, ended.At, ended.Index, ended.Attempt),
        AttemptOutcome.Lost lost => new(RunMessageKind.AttemptLost, ended.At, ended.Index, ended.Attempt, Reason: lost.Reason),
        _ => throw new UnreachableException($"No translation for {ended.Outcome.GetType().Name}."),
    };
}
