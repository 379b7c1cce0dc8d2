using Porpoise.Client.Runs;
using Porpoise.Commands.Calls;

namespace Porpoise.Commands.Runs;

/// <summary>Writes what the tasks of a run wrote to standard output; of several tasks, each line with its task's name before it.</summary>
internal sealed class RunLogs(CommandCall call, string workspace, int run, string? onlyTask)
{
    private readonly Lock _lines = new();

    /// <summary>What there is now.</summary>
    public async Task WriteAsync(int? attempt, CancellationToken ct)
    {
        Readers.EndWhenGone(Readers.Output);
        var tasks = (await call.Client.Runs.ListTasksAsync(workspace, run, ct)).Where(t => IsWanted(t.Name)).ToList();
        if (onlyTask is not null && tasks.Count == 0)
        {
            throw NoTask();
        }

        var withLog = tasks.Where(t => t.Attempt > 0).ToList();
        foreach (var task in withLog)
        {
            await using var log = await call.Client.Runs.OpenLogAsync(workspace, task.Id, attempt, ct);
            using var reader = new StreamReader(log);
            while (await reader.ReadLineAsync(ct) is { } line)
            {
                Write(task.Name, line, isOnly: withLog.Count == 1);
            }
        }
    }

    /// <summary>All that is written until the run has ended: each attempt from when it starts.</summary>
    public async Task FollowAsync(CancellationToken ct)
    {
        Readers.EndWhenGone(Readers.Output);
        var hasSeen = onlyTask is null;
        var followed = new Dictionary<(int Task, int Attempt), Task>();
        await foreach (var happened in call.Client.Runs.WatchAsync(workspace, run, ct))
        {
            hasSeen |= happened is TaskEvent any && any.Name == onlyTask;
            if (happened is TaskEvent { Attempt: > 0 } task && IsWanted(task.Name) && !followed.ContainsKey((task.Id, task.Attempt)))
            {
                followed[(task.Id, task.Attempt)] = FollowAsync(task, ct);
            }
        }

        await Task.WhenAll(followed.Values);
        if (!hasSeen)
        {
            throw NoTask();
        }
    }

    private async Task FollowAsync(TaskEvent task, CancellationToken ct)
    {
        var rest = "";
        await foreach (var text in call.Client.Runs.FollowLogAsync(workspace, task.Id, task.Attempt, ct))
        {
            var lines = (rest + text).Split('\n');
            rest = lines[^1];
            foreach (var line in lines[..^1])
            {
                Write(task.Name, line, isOnly: onlyTask is not null);
            }
        }

        if (rest.Length > 0)
        {
            Write(task.Name, rest, isOnly: onlyTask is not null);
        }
    }

    private NotFoundException NoTask() => new($"Run {run} has no task '{onlyTask}' that has become ready.");

    private bool IsWanted(string name) => onlyTask is null || name == onlyTask;

    private void Write(string task, string line, bool isOnly)
    {
        using var turn = _lines.EnterScope();
        call.Output.Log(isOnly ? line : $"{task} | {line}");
    }
}
