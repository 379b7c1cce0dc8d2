namespace Porpoise.Core.Tests.Runs;

/// <summary>Where the subject stands when the event comes.</summary>
public enum Subject
{
    Waiting,
    Queued,
    Running,

    /// <summary>An attempt runs whose end was asked for.</summary>
    ToStop,

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
    KilledByItsLimit,
    ReportOfAnOlderAttempt,
    NoopDue,
    RetryDue,
    RetryDueTooEarly,
    AttemptTimeUp,
    AttemptTimeUpAndWarn,
    AttemptTimeUpOnlyWarn,
    AttemptTimeUpTooEarly,
    AttemptTimeUpOfAnOlderAttempt,
    AttemptTimeUpWithoutLimit,
    RunTimeUp,
    RunTimeUpAndWarn,
    RunTimeUpOnlyWarn,
    RunTimeUpTooEarly,
    RunTimeUpWithoutLimit,
    StopRequested,
    TaskStopRequested,
    SuccessForced,
    RerunRequested,
    Resumed,
    ResumedInTime,
    ResumedInTimeForAWarning,
    ResumedTooLate,
    ResumedTooLateForAWarning,
}

/// <summary>
/// What is expected of one pair while the run goes on, while it is stopping, and while it is failing; null: it cannot come to that. A run whose
/// time is up decides as a failing one.
/// </summary>
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
        Happening.Lost, Happening.LostTheLastTime, Happening.Killed, Happening.KilledByItsLimit, Happening.ReportOfAnOlderAttempt,
    ];

    private static readonly Happening[] AttemptLimits =
    [
        Happening.AttemptTimeUp, Happening.AttemptTimeUpAndWarn, Happening.AttemptTimeUpOnlyWarn, Happening.AttemptTimeUpTooEarly, Happening.AttemptTimeUpOfAnOlderAttempt,
        Happening.AttemptTimeUpWithoutLimit,
    ];

    public static IReadOnlyList<RunTableRow> Rows { get; } =
    [
        // A claim that comes too late starts nothing, and whoever made it sees that in its answer.
        new(Happening.Claimed, Subject.Queued, "AttemptStarted s#2, StartAttempt s#2", null, null),
        Same(Happening.Claimed, Subject.Waiting, ""),
        Same(Happening.Claimed, Subject.Running, ""),
        Same(Happening.Claimed, Subject.ToStop, ""),
        new(Happening.Claimed, Subject.NoopRunning, "", null, null),
        new(Happening.Claimed, Subject.RetryWaiting, "", null, null),
        .. Final.Select(s => Same(Happening.Claimed, s, "")),

        // Reports on the attempt that runs.
        new(Happening.Exited0, Subject.Running, "Ended s#2 Succeeded code=0 failures=1, Submitted t, FreeSlot s, Enqueue t", "Ended s#2 Succeeded code=0 failures=1, FreeSlot s", "Ended s#2 Succeeded code=0 failures=1, FreeSlot s"),
        new(Happening.Exited1, Subject.Running, "AttemptFailed s#2 code=1 failures=2 +10s, FreeSlot s, WakeAt s +10s", "Ended s#2 Failed code=1 failures=2, FreeSlot s", "Ended s#2 Failed code=1 failures=2, FreeSlot s"),
        new(Happening.Exited1WithoutWait, Subject.Running, "AttemptFailed s#2 code=1 failures=2, FreeSlot s, Enqueue s", "Ended s#2 Failed code=1 failures=2, FreeSlot s", "Ended s#2 Failed code=1 failures=2, FreeSlot s"),
        new(Happening.Exited1TheLastTime, Subject.Running, "Ended s#2 Failed code=1 failures=3, FreeSlot s, EndAttempt o#1", "Ended s#2 Failed code=1 failures=3, FreeSlot s", "Ended s#2 Failed code=1 failures=3, FreeSlot s"),
        new(Happening.Exited1TheLastTimeUnderContinue, Subject.Running, "Ended s#2 Failed code=1 failures=3, FreeSlot s", "Ended s#2 Failed code=1 failures=3, FreeSlot s", null),
        new(Happening.Lost, Subject.Running, "AttemptFailed s#2 failures=1 losses=1, FreeSlot s, Enqueue s", "Ended s#2 Killed failures=1 losses=1, FreeSlot s", "Ended s#2 Killed failures=1 losses=1, FreeSlot s"),
        new(Happening.LostTheLastTime, Subject.Running, "Ended s#2 Failed failures=1 losses=21, FreeSlot s, EndAttempt o#1", "Ended s#2 Killed failures=1 losses=21, FreeSlot s", "Ended s#2 Killed failures=1 losses=21, FreeSlot s"),
        Same(Happening.Killed, Subject.Running, "Ended s#2 Killed failures=1, FreeSlot s"),
        new(Happening.KilledByItsLimit, Subject.Running, "AttemptFailed s#2 failures=2 +10s, FreeSlot s, WakeAt s +10s", "Ended s#2 Killed failures=1, FreeSlot s", "Ended s#2 Killed failures=1, FreeSlot s"),
        Same(Happening.ReportOfAnOlderAttempt, Subject.Running, ""),

        // An attempt that was to be ended is the last one, however it ends, and unless it succeeded the failure strategy follows.
        new(Happening.Exited0, Subject.ToStop, "Ended s#2 Succeeded code=0 failures=1, Submitted t, FreeSlot s, Enqueue t", "Ended s#2 Succeeded code=0 failures=1, FreeSlot s", "Ended s#2 Succeeded code=0 failures=1, FreeSlot s"),
        LastReport(Happening.Exited1, "Ended s#2 Failed code=1 failures=2"),
        LastReport(Happening.Exited1WithoutWait, "Ended s#2 Failed code=1 failures=2"),
        LastReport(Happening.Exited1TheLastTime, "Ended s#2 Failed code=1 failures=3"),
        new(Happening.Exited1TheLastTimeUnderContinue, Subject.ToStop, "Ended s#2 Failed code=1 failures=3, FreeSlot s", "Ended s#2 Failed code=1 failures=3, FreeSlot s", null),
        LastReport(Happening.Lost, "Ended s#2 Killed failures=1 losses=1"),
        LastReport(Happening.LostTheLastTime, "Ended s#2 Killed failures=1 losses=21"),
        LastReport(Happening.Killed, "Ended s#2 Killed failures=1"),
        LastReport(Happening.KilledByItsLimit, "Ended s#2 Killed failures=1"),
        Same(Happening.ReportOfAnOlderAttempt, Subject.ToStop, ""),

        // Reports that come too late or twice only free the slot of the attempt that is over: perhaps nobody did.
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
        Same(Happening.NoopDue, Subject.ToStop, ""),
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
            Same(r, Subject.ToStop, ""),
            new(r, Subject.NoopRunning, "", null, null),
            .. Final.Select(s => Same(r, s, "")),
        ]),

        // An attempt's limit concerns the attempt that runs, and only while nothing else ends it already.
        Ending(Happening.AttemptTimeUp, Subject.Running, "EndAttempt s#2", ""),
        Ending(Happening.AttemptTimeUpAndWarn, Subject.Running, "WarnOfAttempt s#2, EndAttempt s#2", ""),
        Ending(Happening.AttemptTimeUpOnlyWarn, Subject.Running, "WarnOfAttempt s#2", ""),
        Ending(Happening.AttemptTimeUpTooEarly, Subject.Running, "WatchAttempt s#2 +0s", ""),
        Same(Happening.AttemptTimeUpOfAnOlderAttempt, Subject.Running, ""),
        Same(Happening.AttemptTimeUpWithoutLimit, Subject.Running, ""),
        .. AttemptLimits.SelectMany<Happening, RunTableRow>(r =>
        [
            Same(r, Subject.Waiting, ""),
            new(r, Subject.Queued, "", null, null),
            Same(r, Subject.ToStop, ""),
            new(r, Subject.NoopRunning, "", null, null),
            new(r, Subject.RetryWaiting, "", null, null),
            .. Final.Select(s => Same(r, s, "")),
        ]),

        // A run's limit works like a stop, but that the run stays in its state until it fails.
        .. OverdueRows(Happening.RunTimeUp, ""),
        .. OverdueRows(Happening.RunTimeUpAndWarn, "WarnOfRun, "),
        .. EverySubject(Happening.RunTimeUpOnlyWarn, "WarnOfRun", ""),
        .. EverySubject(Happening.RunTimeUpTooEarly, "WatchRun +0s", ""),
        .. EverySubject(Happening.RunTimeUpWithoutLimit, "", ""),

        // A stop ends at once what has no process, and asks for the end of what has one. It still counts while the run is failing.
        new(Happening.StopRequested, Subject.Waiting, "Run Stopping, EndAttempt p#1, EndAttempt o#1", "", "Run Stopping, EndAttempt p#1, EndAttempt o#1"),
        new(Happening.StopRequested, Subject.Queued, "Ended s Killed failures=1, Run Stopping, Withdraw s, EndAttempt o#1", null, null),
        new(Happening.StopRequested, Subject.Running, "Run Stopping, EndAttempt s#2, EndAttempt o#1", "", "Run Stopping, EndAttempt s#2, EndAttempt o#1"),
        new(Happening.StopRequested, Subject.ToStop, "Run Stopping, EndAttempt s#2, EndAttempt o#1", "", "Run Stopping, EndAttempt s#2, EndAttempt o#1"),
        new(Happening.StopRequested, Subject.NoopRunning, "Ended s Killed, Run Stopping, EndAttempt o#1", null, null),
        new(Happening.StopRequested, Subject.RetryWaiting, "Ended s Killed failures=1, Run Stopping, Withdraw s, EndAttempt o#1", null, null),
        .. Final.Select(s => new RunTableRow(Happening.StopRequested, s, "Run Stopping, EndAttempt o#1", "", "Run Stopping, EndAttempt o#1")),

        // So does the stop of a task, and what follows from its end is the same as if it had failed. It counts only while nothing else ends it already.
        Same(Happening.TaskStopRequested, Subject.Waiting, ""),
        new(Happening.TaskStopRequested, Subject.Queued, "StopRequested s, Ended s Killed failures=1, Withdraw s, EndAttempt o#1", null, null),
        Ending(Happening.TaskStopRequested, Subject.Running, "StopRequested s, EndAttempt s#2", ""),
        Same(Happening.TaskStopRequested, Subject.ToStop, ""),
        new(Happening.TaskStopRequested, Subject.NoopRunning, "StopRequested s, Ended s Killed, EndAttempt o#1", null, null),
        new(Happening.TaskStopRequested, Subject.RetryWaiting, "StopRequested s, Ended s Killed failures=1, Withdraw s, EndAttempt o#1", null, null),
        .. Final.Select(s => Same(Happening.TaskStopRequested, s, "")),

        // Only what has ended otherwise can be forced to have succeeded. RerunTests hold what it means after the end of the run, and what a run does that is run again.
        .. EverySubject(Happening.SuccessForced, "", "").Where(row => row.Subject is not (Subject.Failed or Subject.Killed)),
        Ending(Happening.SuccessForced, Subject.Failed, "SuccessForced s Failed, Submitted t, Enqueue t", ""),
        Ending(Happening.SuccessForced, Subject.Killed, "SuccessForced s Killed, Submitted t, Enqueue t", ""),
        .. EverySubject(Happening.RerunRequested, "", ""),

        // What a take-over sets going.
        Ending(Happening.Resumed, Subject.Waiting, "ResumeAttempt p#1, ResumeAttempt o#1", "EndAttempt p#1, EndAttempt o#1"),
        new(Happening.Resumed, Subject.Queued, "Enqueue s, ResumeAttempt o#1", null, null),
        Ending(Happening.Resumed, Subject.Running, "ResumeAttempt s#2, ResumeAttempt o#1", "EndAttempt s#2, EndAttempt o#1"),
        Ending(Happening.Resumed, Subject.ToStop, "EndAttempt s#2, ResumeAttempt o#1", "EndAttempt s#2, EndAttempt o#1"),
        new(Happening.Resumed, Subject.NoopRunning, "CompleteNoop s, ResumeAttempt o#1", null, null),
        new(Happening.Resumed, Subject.RetryWaiting, "WakeAt s +10s, ResumeAttempt o#1", null, null),
        .. Final.Select(s => Ending(Happening.Resumed, s, "ResumeAttempt o#1", "EndAttempt o#1")),

        // The same with limits: their time comes, or it has come, and then the warning was given or is lost.
        .. new[] { Happening.ResumedInTime, Happening.ResumedInTimeForAWarning }.SelectMany<Happening, RunTableRow>(r =>
        [
            Ending(r, Subject.Waiting, "ResumeAttempt p#1, ResumeAttempt o#1, WatchRun +10s", "EndAttempt p#1, EndAttempt o#1"),
            new(r, Subject.Queued, "Enqueue s, ResumeAttempt o#1, WatchRun +10s", null, null),
            Ending(r, Subject.Running, "ResumeAttempt s#2, WatchAttempt s#2 +30s, ResumeAttempt o#1, WatchRun +10s", "EndAttempt s#2, EndAttempt o#1"),
            Ending(r, Subject.ToStop, "EndAttempt s#2, ResumeAttempt o#1, WatchRun +10s", "EndAttempt s#2, EndAttempt o#1"),
            new(r, Subject.NoopRunning, "CompleteNoop s, ResumeAttempt o#1, WatchRun +10s", null, null),
            new(r, Subject.RetryWaiting, "WakeAt s +10s, ResumeAttempt o#1, WatchRun +10s", null, null),
            .. Final.Select(s => Ending(r, s, "ResumeAttempt o#1, WatchRun +10s", "EndAttempt o#1")),
        ]),
        .. OverdueRows(Happening.ResumedTooLate, "", resumes: true),
        Ending(Happening.ResumedTooLateForAWarning, Subject.Waiting, "ResumeAttempt p#1, ResumeAttempt o#1", "EndAttempt p#1, EndAttempt o#1"),
        new(Happening.ResumedTooLateForAWarning, Subject.Queued, "Enqueue s, ResumeAttempt o#1", null, null),
        Ending(Happening.ResumedTooLateForAWarning, Subject.Running, "ResumeAttempt s#2, ResumeAttempt o#1", "EndAttempt s#2, EndAttempt o#1"),
        Ending(Happening.ResumedTooLateForAWarning, Subject.ToStop, "EndAttempt s#2, ResumeAttempt o#1", "EndAttempt s#2, EndAttempt o#1"),
        new(Happening.ResumedTooLateForAWarning, Subject.NoopRunning, "CompleteNoop s, ResumeAttempt o#1", null, null),
        new(Happening.ResumedTooLateForAWarning, Subject.RetryWaiting, "WakeAt s +10s, ResumeAttempt o#1", null, null),
        .. Final.Select(s => Ending(Happening.ResumedTooLateForAWarning, s, "ResumeAttempt o#1", "EndAttempt o#1")),
    ];

    /// <summary>One that comes while the run is being ended changes nothing; a take-over then asks for the ends again.</summary>
    private static IEnumerable<RunTableRow> OverdueRows(Happening happening, string warning, bool resumes = false)
    {
        yield return Ending(happening, Subject.Waiting, $"{warning}EndAttempt p#1, EndAttempt o#1", resumes ? "EndAttempt p#1, EndAttempt o#1" : "");
        yield return new(happening, Subject.Queued, $"Ended s Killed failures=1, {warning}Withdraw s, EndAttempt o#1", null, null);
        yield return Ending(happening, Subject.Running, $"{warning}EndAttempt s#2, EndAttempt o#1", resumes ? "EndAttempt s#2, EndAttempt o#1" : "");
        yield return Ending(happening, Subject.ToStop, $"{warning}EndAttempt s#2, EndAttempt o#1", resumes ? "EndAttempt s#2, EndAttempt o#1" : "");
        yield return new(happening, Subject.NoopRunning, $"Ended s Killed, {warning}EndAttempt o#1", null, null);
        yield return new(happening, Subject.RetryWaiting, $"Ended s Killed failures=1, {warning}Withdraw s, EndAttempt o#1", null, null);
        foreach (var subject in Final)
        {
            yield return Ending(happening, subject, $"{warning}EndAttempt o#1", resumes ? "EndAttempt o#1" : "");
        }
    }

    private static IEnumerable<RunTableRow> EverySubject(Happening happening, string running, string ending) => Enum.GetValues<Subject>().Select(s =>
        s is Subject.Queued or Subject.NoopRunning or Subject.RetryWaiting ? new RunTableRow(happening, s, running, null, null) : Ending(happening, s, running, ending));

    private static RunTableRow Same(Happening happening, Subject subject, string expected) => Ending(happening, subject, expected, expected);

    private static RunTableRow Ending(Happening happening, Subject subject, string running, string ending) => new(happening, subject, running, ending, ending);

    private static RunTableRow LastReport(Happening report, string ended) => new(report, Subject.ToStop, $"{ended}, FreeSlot s, EndAttempt o#1", $"{ended}, FreeSlot s", $"{ended}, FreeSlot s");

    private static RunTableRow LateReport(Happening report, Subject subject, string expected) =>
        new(report, subject, expected, expected, report == Happening.Exited1TheLastTimeUnderContinue ? null : expected);
}
