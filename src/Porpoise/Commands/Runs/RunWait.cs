using System.Globalization;
using System.Runtime.InteropServices;
using Porpoise.Client;
using Porpoise.Client.Runs;
using Porpoise.Commands.Calls;

namespace Porpoise.Commands.Runs;

/// <summary>Waits for a run to end, and says on standard error what happens meanwhile.</summary>
/// <param name="goesOn">What whoever stops waiting is told: the run does not end with it.</param>
internal sealed class RunWait(CommandCall call, string workspace, int id, string goesOn)
{
    /// <summary>Of a failed task's log, those that say why.</summary>
    private const int LinesShown = 20;

    /// <summary>Of a log, what is looked through for its end.</summary>
    private const int LinesRead = 10_000;

    /// <summary>The run, and whether it has ended: not so after the time that it is waited for.</summary>
    public async Task<(Run Run, bool HasEnded)> ToEndAsync(TimeSpan? patience, CancellationToken ct)
    {
        Readers.EndWhenGone(Readers.Output, Readers.Error);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => call.Output.Note(goesOn)); // and the signal ends the program
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => call.Output.Note(goesOn));
        try
        {
            return await WatchAsync(patience, ct);
        }
        catch (PorpoiseException e) when (ExitCode.Of(e) == ExitCode.Unavailable)
        {
            call.Output.Note(goesOn);
            throw;
        }
    }

    /// <summary>The last lines of what failed.</summary>
    public async Task ShowFailuresAsync(CancellationToken ct)
    {
        foreach (var task in (await call.Client.Runs.ListTasksAsync(workspace, id, ct)).Where(t => RunText.HasFailed(t.State)))
        {
            call.Output.Note($"\n{task.Name} ended with {task.State}: {(task.Message.Length > 0 ? RunText.FirstLine(task.Message) : $"exit code {task.ExitCode}")}");
            foreach (var line in await LastLinesAsync(task, ct))
            {
                call.Output.Note("  " + line);
            }
        }

        call.Output.Note($"\nAll of it: porpoise run logs {id}. When it is repaired: porpoise run rerun {id}.");
    }

    private async Task<(Run Run, bool HasEnded)> WatchAsync(TimeSpan? patience, CancellationToken ct)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        if (patience is { } time)
        {
            enough.CancelAfter(time);
        }

        var last = new Dictionary<int, string>();
        try
        {
            await foreach (var happened in call.Client.Runs.WatchAsync(workspace, id, enough.Token))
            {
                if (happened is TaskEvent task && RunText.Of(task) is var text && last.GetValueOrDefault(task.Id) != text)
                {
                    last[task.Id] = text;
                    call.Output.Note(string.Create(CultureInfo.InvariantCulture, $"{task.At.UtcDateTime:HH:mm:ss}  {task.Name}  {text}"));
                }
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            call.Output.Note($"Run {id} has not ended within {patience}.");
            call.Output.Note(goesOn);
        }

        var run = await call.Client.Runs.GetAsync(workspace, id, ct);
        return (run, run.HasEnded);
    }

    private async Task<IReadOnlyList<string>> LastLinesAsync(TaskInstance task, CancellationToken ct)
    {
        var last = new List<string>();
        try
        {
            for (var skip = 0; ;)
            {
                var window = await call.Client.Runs.ReadLogAsync(workspace, task.Id, attempt: null, skip, LinesRead, ct);
                last.AddRange(window.Message.TrimEnd('\n').Split('\n'));
                last.RemoveRange(0, Math.Max(0, last.Count - LinesShown));
                skip += window.LineNum;
                if (window.LineNum < LinesRead)
                {
                    return last;
                }
            }
        }
        catch (PorpoiseException e) when (ExitCode.Of(e) == ExitCode.Failed || ExitCode.Of(e) == ExitCode.NotFound)
        {
            return [$"({e.Message})"]; // a task that never started has no log
        }
    }
}
