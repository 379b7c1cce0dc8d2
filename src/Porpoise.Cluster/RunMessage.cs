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
    AttemptTimeUp = 9,
    RunTimeUp = 10,
    TaskStopRequested = 11,
    SuccessForced = 12,
    RerunRequested = 13,
    RerunFromFailureRequested = 14,
}

/// <summary>A <see cref="RunEvent"/> on its way between servers. Core knows nothing of serializers, so the translation stands here, case by case.</summary>
/// <param name="Kind">Which event.</param>
/// <param name="At">When it happened.</param>
/// <param name="Index">The task, where the event is about one.</param>
/// <param name="Attempt">The attempt, where the event is about one.</param>
/// <param name="Code">Exit code of an attempt that exited.</param>
/// <param name="Reason">Why an attempt was lost, or failed.</param>
/// <param name="Outputs">Of an attempt that exited; null: none.</param>
/// <param name="LastLines">Of an attempt that ended: the end of its log.</param>
/// <param name="OutputsFault">Why the outputs of an attempt that exited cannot be taken.</param>
/// <param name="Unknown">Why nobody can say what became of an attempt that exited.</param>
[GenerateSerializer]
[Immutable]
[Alias("porpoise.run-message")]
public sealed record RunMessage(
    [property: Id(0)] RunMessageKind Kind,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] int Index = 0,
    [property: Id(3)] int Attempt = 0,
    [property: Id(4)] int Code = 0,
    [property: Id(5)] string Reason = "",
    [property: Id(6)] Dictionary<string, string>? Outputs = null,
    [property: Id(7)] string LastLines = "",
    [property: Id(8)] string OutputsFault = "",
    [property: Id(9)] string Unknown = "")
{
    public static RunMessage From(RunEvent e) => e switch
    {
        RunEvent.Claimed claimed => new(RunMessageKind.Claimed, e.At, claimed.Index),
        RunEvent.AttemptEnded ended => From(ended),
        RunEvent.NoopDue due => new(RunMessageKind.NoopDue, e.At, due.Index),
        RunEvent.RetryDue due => new(RunMessageKind.RetryDue, e.At, due.Index),
        RunEvent.AttemptTimeUp up => new(RunMessageKind.AttemptTimeUp, e.At, up.Index, up.Attempt),
        RunEvent.RunTimeUp => new(RunMessageKind.RunTimeUp, e.At),
        RunEvent.StopRequested => new(RunMessageKind.StopRequested, e.At),
        RunEvent.TaskStopRequested stop => new(RunMessageKind.TaskStopRequested, e.At, stop.Index),
        RunEvent.SuccessForced forced => new(RunMessageKind.SuccessForced, e.At, forced.Index),
        RunEvent.RerunRequested rerun => new(rerun.Scope == RerunScope.All ? RunMessageKind.RerunRequested : RunMessageKind.RerunFromFailureRequested, e.At),
        RunEvent.Resumed => new(RunMessageKind.Resumed, e.At),
        _ => throw new UnreachableException($"No translation for {e.GetType().Name}."),
    };

    public RunEvent ToEvent() => Kind switch
    {
        RunMessageKind.Claimed => new RunEvent.Claimed(Index, At),
        RunMessageKind.AttemptExited => new RunEvent.AttemptEnded(
            Index,
            Attempt,
            new AttemptOutcome.Exited(Code) { Outputs = Outputs ?? TaskOutputs.None, OutputsFault = OutputsFault, Reason = Reason, Unknown = Unknown, LastLines = LastLines },
            At),
        RunMessageKind.AttemptKilled => new RunEvent.AttemptEnded(Index, Attempt, new AttemptOutcome.Killed { LastLines = LastLines }, At),
        RunMessageKind.AttemptLost => new RunEvent.AttemptEnded(Index, Attempt, new AttemptOutcome.Lost(Reason) { LastLines = LastLines }, At),
        RunMessageKind.NoopDue => new RunEvent.NoopDue(Index, At),
        RunMessageKind.RetryDue => new RunEvent.RetryDue(Index, At),
        RunMessageKind.StopRequested => new RunEvent.StopRequested(At),
        RunMessageKind.TaskStopRequested => new RunEvent.TaskStopRequested(Index, At),
        RunMessageKind.SuccessForced => new RunEvent.SuccessForced(Index, At),
        RunMessageKind.RerunRequested => new RunEvent.RerunRequested(RerunScope.All, At),
        RunMessageKind.RerunFromFailureRequested => new RunEvent.RerunRequested(RerunScope.FromFailure, At),
        RunMessageKind.Resumed => new RunEvent.Resumed(At),
        RunMessageKind.AttemptTimeUp => new RunEvent.AttemptTimeUp(Index, Attempt, At),
        RunMessageKind.RunTimeUp => new RunEvent.RunTimeUp(At),
        _ => throw new UnreachableException($"No translation for {Kind}."),
    };

    private static RunMessage From(RunEvent.AttemptEnded ended) => ended.Outcome switch
    {
        AttemptOutcome.Exited exited => new(RunMessageKind.AttemptExited, ended.At, ended.Index, ended.Attempt, exited.Code, exited.Reason)
        {
            Outputs = exited.Outputs.Count == 0 ? null : new Dictionary<string, string>(exited.Outputs),
            LastLines = exited.LastLines,
            OutputsFault = exited.OutputsFault,
            Unknown = exited.Unknown,
        },
        AttemptOutcome.Killed => new(RunMessageKind.AttemptKilled, ended.At, ended.Index, ended.Attempt, LastLines: ended.Outcome.LastLines),
        AttemptOutcome.Lost lost => new(RunMessageKind.AttemptLost, ended.At, ended.Index, ended.Attempt, Reason: lost.Reason, LastLines: lost.LastLines),
        _ => throw new UnreachableException($"No translation for {ended.Outcome.GetType().Name}."),
    };
}
