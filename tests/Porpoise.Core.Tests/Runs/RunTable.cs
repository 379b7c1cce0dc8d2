namespace Porpoise.Core.Tests.Runs;

/// <summary>Where the subject stands when the event comes.</summary>
public enum Subject
{
    Waiting,
    Queued,
    Running,

    /// <summary>A NOOP between its start and its end.</summary>
    NoopRunning,
    RetryWaiting,
    Succeeded,
    Failed,
    Killed,
}

/// <summary>The event that comes; what is said of an attempt concerns the subject's newest one unless it says otherwise.</summary>
public enum Happening
{
    Claimed,
    Exited0,
    Exited1,
    Exited1WithoutWait,
    Exited1TheLastTime,
    Exited1TheLastTimeUnderContinue,
    Lost,
    LostTheLastTime,
    Killed,
    ReportOfAnOlderAttempt,
    NoopDue,
    RetryDue,
    RetryDueTooEarly,
    StopRequested,
    Resumed,
}

/// <summary>What is expected of one pair while the run goes on, while it is stopping, and while it is failing; null: it cannot come to that.</summary>
public sealed record RunTableRow(Happening Happening, Subject Subject, string? Running, string? Stopping, string? Failing);

/// <summary>
/// The state machine as a table. The run is <c>p → s → t</c> with <c>o</c> and <c>f</c> beside it. The subject is <c>s</c>: two retries ten seconds apart, attempt 2
/// after one failure. <c>o</c> runs all the time, so that the run does not end; <c>f</c> is what failed when the run is failing.
/// </summary>
public static class RunTable
{
    private static readonly Subject[] Final = [Subject.Succeeded, Subject.Failed, Subject.Killed];

    private static readonly Happening[] Reports =
    [
        Happening.Exited0, Happening.Exited1, Happening.Exited1WithoutWait, Happening.Exited1TheLastTime, Happening.Exited1TheLastTimeUnderContinue,
        Happening.Lost, Happening.LostTheLastTime, Happening.Killed, Happening.ReportOfAnOlderAttempt,
    ];

    public static IReadOnlyList<RunTableRow> Rows { get; } =
    [
        // A claim that comes too late gives its slot back, except where an attempt holds one.
        new(Happening.Claimed, Subject.Queued, "AttemptStarted s#2, StartAttempt s#2", null, null),
        Same(Happening.Claimed, Subject.Waiting, "FreeSlot s"),
        Same(Happening.Claimed, Subject.Running, ""),
        new(Happening.Claimed, Subject.NoopRunning, "", null, null),
        new(Happening.Claimed, Subject.RetryWaiting, "FreeSlot s", null, null),
        .. Final.Select(s => Same(Happening.Claimed, s, "FreeSlot s")),

        // Reports on the attempt that runs.
        new(Happening.Exited0, Subject.Running, "Ended s#2 Succeeded code=0 failures=1, Submitted t, FreeSlot s, Enqueue t", "Ended s#2 Succeeded code=0 failures=1, FreeSlot s", "Ended s#2 Succeeded code=0 failures=1, FreeSlot s"),
        new(Happening.Exited1, Subject.Running, "AttemptFailed s#2 code=1 failures=2 +10s, FreeSlot s, WakeAt s +10s", "Ended s#2 Failed code=1 failures=2, FreeSlot s", "Ended s#2 Failed code=1 failures=2, FreeSlot s"),
        new(Happening.Exited1WithoutWait, Subject.Running, "AttemptFailed s#2 code=1 failures=2, FreeSlot s, Enqueue s", "Ended s#2 Failed code=1 failures=2, FreeSlot s", "Ended s#2 Failed code=1 failures=2, FreeSlot s"),
        new(Happening.Exited1TheLastTime, Subject.Running, "Ended s#2 Failed code=1 failures=3, FreeSlot s, EndAttempt o#1", "Ended s#2 Failed code=1 failures=3, FreeSlot s", "Ended s#2 Failed code=1 failures=3, FreeSlot s"),
        new(Happening.Exited1TheLastTimeUnderContinue, Subject.Running, "Ended s#2 Failed code=1 failures=3, FreeSlot s", "Ended s#2 Failed code=1 failures=3, FreeSlot s", null),
        new(Happening.Lost, Subject.Running, "AttemptFailed s#2 failures=1 losses=1, FreeSlot s, Enqueue s", "Ended s#2 Killed failures=1 losses=1, FreeSlot s", "Ended s#2 Killed failures=1 losses=1, FreeSlot s"),
        new(Happening.LostTheLastTime, Subject.Running, "Ended s#2 Failed failures=1 losses=21, FreeSlot s, EndAttempt o#1", "Ended s#2 Killed failures=1 losses=21, FreeSlot s", "Ended s#2 Killed failures=1 losses=21, FreeSlot s"),
        Same(Happening.Killed, Subject.Running, "Ended s#2 Killed failures=1, FreeSlot s"),
        Same(Happening.ReportOfAnOlderAttempt, Subject.Running, ""),

        // Reports that come too late or twice only free the slot: perhaps nobody did.
        .. Reports.SelectMany<Happening, RunTableRow>(r =>
        [
            LateReport(r, Subject.Waiting, "FreeSlot s"),
            new(r, Subject.Queued, "FreeSlot s", null, null),
            new(r, Subject.NoopRunning, "", null, null),
            new(r, Subject.RetryWaiting, "FreeSlot s", null, null),
            .. Final.Select(s => LateReport(r, s, "FreeSlot s")),
        ]),

        // A NOOP has transitions of its own.
        new(Happening.NoopDue, Subject.NoopRunning, "Ended s Succeeded, Submitted t, Enqueue t", null, null),
        Same(Happening.NoopDue, Subject.Waiting, ""),
        new(Happening.NoopDue, Subject.Queued, "", null, null),
        Same(Happening.NoopDue, Subject.Running, ""),
        new(Happening.NoopDue, Subject.RetryWaiting, "", null, null),
        .. Final.Select(s => Same(Happening.NoopDue, s, "")),

        // The wait before a retry.
        new(Happening.RetryDue, Subject.RetryWaiting, "Requeued s, Enqueue s", null, null),
        new(Happening.RetryDueTooEarly, Subject.RetryWaiting, "WakeAt s +10s", null, null),
        .. new[] { Happening.RetryDue, Happening.RetryDueTooEarly }.SelectMany<Happening, RunTableRow>(r =>
        [
            Same(r, Subject.Waiting, ""),
            new(r, Subject.Queued, "", null, null),
            Same(r, Subject.Running, ""),
            new(r, Subject.NoopRunning, "", null, null),
            .. Final.Select(s => Same(r, s, "")),
        ]),

        // A stop ends at once what has no process, and asks for the end of what has one. It still counts while the run is failing.
        new(Happening.StopRequested, Subject.Waiting, "Run Stopping, EndAttempt p#1, EndAttempt o#1", "", "Run Stopping, EndAttempt p#1, EndAttempt o#1"),
        new(Happening.StopRequested, Subject.Queued, "Ended s Killed failures=1, Run Stopping, Withdraw s, EndAttempt o#1", null, null),
        new(Happening.StopRequested, Subject.Running, "Run Stopping, EndAttempt s#2, EndAttempt o#1", "", "Run Stopping, EndAttempt s#2, EndAttempt o#1"),
        new(Happening.StopRequested, Subject.NoopRunning, "Ended s Killed, Run Stopping, EndAttempt o#1", null, null),
        new(Happening.StopRequested, Subject.RetryWaiting, "Ended s Killed failures=1, Run Stopping, EndAttempt o#1", null, null),
        .. Final.Select(s => new RunTableRow(Happening.StopRequested, s, "Run Stopping, EndAttempt o#1", "", "Run Stopping, EndAttempt o#1")),

        // What a take-over sets going.
        Ending(Happening.Resumed, Subject.Waiting, "ResumeAttempt p#1, ResumeAttempt o#1", "EndAttempt p#1, EndAttempt o#1"),
        new(Happening.Resumed, Subject.Queued, "Enqueue s, ResumeAttempt o#1", null, null),
        Ending(Happening.Resumed, Subject.Running, "ResumeAttempt s#2, ResumeAttempt o#1", "EndAttempt s#2, EndAttempt o#1"),
        new(Happening.Resumed, Subject.NoopRunning, "CompleteNoop s, ResumeAttempt o#1", null, null),
        new(Happening.Resumed, Subject.RetryWaiting, "WakeAt s +10s, ResumeAttempt o#1", null, null),
        .. Final.Select(s => Ending(Happening.Resumed, s, "ResumeAttempt o#1", "EndAttempt o#1")),
    ];

    private static RunTableRow Same(Happening happening, Subject subject, string expected) => Ending(happening, subject, expected, expected);

    private static RunTableRow Ending(Happening happening, Subject subject, string running, string ending) => new(happening, subject, running, ending, ending);

    private static RunTableRow LateReport(Happening report, Subject subject, string expected) =>
        new(report, subject, expected, expected, report == Happening.Exited1TheLastTimeUnderContinue ? null : expected);
}
