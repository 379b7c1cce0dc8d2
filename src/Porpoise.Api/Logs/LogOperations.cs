using Microsoft.AspNetCore.Http;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Api.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Storage.Runs;
using Porpoise.Worker.Attempts;

namespace Porpoise.Api.Logs;

/// <summary>What tasks wrote: a window of a log by lines, or all of it as a file. Of the newest attempt, unless <c>attempt</c> names another.</summary>
public sealed class LogOperations(IRunStore store, AttemptLogs logs)
{
    /// <summary>Lines in one answer.</summary>
    public const int LinesMax = 10_000;

    public IEnumerable<Operation> Table =>
    [
        new("GET", "/dolphinscheduler/log/detail", "emr-serverless-spark:QueryTaskLog", "A window of a task's log", DetailAsync),
        new("GET", "/dolphinscheduler/log/{projectCode}/detail", "emr-serverless-spark:QueryTaskLog", "A window of a task's log", DetailAsync),
        new("GET", "/dolphinscheduler/log/download-log", "emr-serverless-spark:QueryTaskLog", "A task's whole log as a file", DownloadAsync),
        new("GET", "/dolphinscheduler/log/{projectCode}/download-log", "emr-serverless-spark:QueryTaskLog", "A task's whole log as a file", DownloadAsync),
    ];

    private async Task<Answer> DetailAsync(Call call)
    {
        var (task, attempt) = await FindAsync(call);
        var skip = call.Parameters.Int("skipLineNum", 0) ?? 0;
        var limit = Math.Min(call.Parameters.Int("limit", 1) ?? 1_000, LinesMax);
        return logs.ReadLines(task, attempt, skip, limit) is { } page
            ? Answer.Of(new DolphinLog(page.LineCount, page.Text), RunJson.Default.DolphinLog)
            : throw NoLog(task, attempt);
    }

    private async Task<Answer> DownloadAsync(Call call)
    {
        var (task, attempt) = await FindAsync(call);
        if (logs.OpenRead(task, attempt) is not { } log)
        {
            throw NoLog(task, attempt);
        }

        return new Answer.File($"task-{task}-attempt-{attempt}.log", (response, ct) => CopyAsync(log, response, ct));
    }

    private static async Task CopyAsync(Stream log, HttpResponse response, CancellationToken ct)
    {
        await using (log)
        {
            await log.CopyToAsync(response.Body, ct);
        }
    }

    private async Task<(TaskId Task, int Attempt)> FindAsync(Call call)
    {
        var id = new TaskId(call.Parameters.RequiredInt("taskInstanceId", 1));
        foreach (var workspace in call.WorkspacesByProjectCode())
        {
            if (await store.FindTaskAsync(workspace.Id, id) is { } task)
            {
                var attempt = call.Parameters.Int("attempt", 1) ?? task.Attempt;
                return attempt > 0
                    ? (id, attempt)
                    : throw new RefusalException(ErrorCodes.LogNotReadable, $"Task instance {id} has no log: {(HasNoProcess(task) ? "a NOOP has no process that could write one." : $"no attempt of it has started ({States.Of(task.State)}).")}");
            }
        }

        throw new RefusalException(ErrorCodes.TaskNotFound, $"There is no task instance {id}.");
    }

    /// <summary>Nothing else succeeds by itself without an attempt.</summary>
    private static bool HasNoProcess(TaskRow task) => task is { State: TaskState.Succeeded, IsForced: false };

    private static RefusalException NoLog(TaskId task, int attempt) =>
        new(ErrorCodes.LogNotReadable, $"Task instance {task} has no log of attempt {attempt} on this machine (yet).");
}
