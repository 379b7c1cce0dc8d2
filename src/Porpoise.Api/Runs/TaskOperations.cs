using Porpoise.Api.Definitions;
using Porpoise.Api.Monitor;
using Porpoise.Api.Operations;
using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Engine;
using Porpoise.Storage;
using Porpoise.Storage.Runs;

namespace Porpoise.Api.Runs;

/// <summary>Read task instances back, whichever run they belong to.</summary>
public sealed class TaskOperations(IStore store, RunEngine engine, ThisServer server, TimeProvider clock)
{
    private const string Tasks = "/dolphinscheduler/projects/{projectCode}/task-instances";

    public IEnumerable<Operation> Table =>
    [
        new("GET", Tasks, "emr-serverless-spark:ListTaskInstances", "A page of task instances, newest first", ListAsync),
        new("GET", Tasks + "/{id}/attempts", "emr-serverless-spark:ListTaskAttempts", "The attempts of a task instance", ListAttemptsAsync),
        new("GET", "/porpoise/v1/workspaces/{projectCode}/task-instances/{id}/wait", "emr-serverless-spark:GetTaskInstanceWait", "Why a task instance does not run yet", WaitAsync),
    ];

    private async Task<Answer> ListAsync(Call call)
    {
        var wish = PageWish.Read(call.Parameters);
        var filter = ReadFilter(call.Parameters);
        var isBatch = call.Parameters.Word("taskExecuteType", "BATCH", "STREAM") != "STREAM"; // streaming tasks do not exist here
        if (!isBatch || filter.States is { Count: 0 } || !server.Matches(call.Parameters.Search("host")))
        {
            return Answer.Of(DolphinPage.Empty<DolphinTask>(wish), RunJson.Default.DolphinPageDolphinTask);
        }

        var page = await store.ListTaskInstancesAsync(call.Workspace.Id, filter, wish.Request);
        var definitions = await LoadDefinitionsAsync(page.Rows);
        var view = new RunView(call.Workspace, server.Host, clock.GetUtcNow(), engine.Queue);
        var given = 0L;
        return Answer.Of(
            DolphinPage.Of(wish, [.. page.Rows.Where(r => definitions.ContainsKey((r.Task.Workflow, r.Task.Version))).Select(r => GivenValues.Bounded(DolphinTask.Of(r.Task, r.Run, definitions[(r.Task.Workflow, r.Task.Version)], view), ref given))], page.Total),
            RunJson.Default.DolphinPageDolphinTask);
    }

    private async Task<Answer> ListAttemptsAsync(Call call)
    {
        var task = await store.FindTaskAsync(call, "id");
        var now = clock.GetUtcNow();
        var attempts = await store.ListAttemptsAsync(task.Id);
        return Answer.Of(
            new TaskAttempts(task.Id.Value, States.Of(task), [.. attempts.Select(a => new TaskAttempt(
                a.Number, a.StartedAt, a.EndedAt, States.Duration((a.EndedAt ?? now) - a.StartedAt), a.ExitCode, a.Message ?? ""))]),
            RunJson.Default.TaskAttempts);
    }

    private async Task<Answer> WaitAsync(Call call)
    {
        var task = await store.FindTaskAsync(call, "id");
        var run = await store.FindRunAsync(call, task.Run);
        var version = await engine.Catalog.LoadAsync(task.Workflow, task.Version) ?? throw DefinitionLookup.NoSuchWorkflow(task.Workflow);
        var wait = TaskWait.Of(task, run, version.Row.Definition, engine.Queue);
        return Answer.Of(new TaskWaitAnswer(task.Id.Value, States.Of(task), wait?.Reason, wait?.WaitingFor, wait?.Until), RunJson.Default.TaskWaitAnswer);
    }

    /// <summary>Each version once: a page is mostly of a few. Without those that were deleted, with the runs on the page, after the page was read.</summary>
    private async Task<Dictionary<(WorkflowCode, int), WorkflowDefinition>> LoadDefinitionsAsync(IReadOnlyList<TaskInstanceRow> rows)
    {
        var definitions = new Dictionary<(WorkflowCode, int), WorkflowDefinition>();
        foreach (var (task, _) in rows)
        {
            if (!definitions.ContainsKey((task.Workflow, task.Version)) && await engine.Catalog.LoadAsync(task.Workflow, task.Version) is { } version)
            {
                definitions.Add((task.Workflow, task.Version), version.Row.Definition);
            }
        }

        return definitions;
    }

    private static TaskFilter ReadFilter(Parameters parameters) => new()
    {
        Run = parameters.Int("processInstanceId", 0) is > 0 and { } run ? new RunId(run) : null,
        RunSearch = OneOf(parameters, "processInstanceName", "processDefinitionName"),
        Search = OneOf(parameters, "searchVal", "taskName"),
        States = States.ReadTaskStates(parameters),
        From = DolphinTime.Read(parameters, "startDate"),
        To = DolphinTime.ReadEnd(parameters, "endDate"),
        StartedBy = parameters.Search("executorName"),
    };

    /// <summary>Two parameters that look into the same text: a run's name begins with its definition's. If one contains the other, it says both.</summary>
    private static string? OneOf(Parameters parameters, string first, string second)
    {
        var (a, b) = (parameters.Search(first), parameters.Search(second));
        if (a is null || b is null)
        {
            return a ?? b;
        }

        if (a.Contains(b, StringComparison.OrdinalIgnoreCase))
        {
            return a;
        }

        return b.Contains(a, StringComparison.OrdinalIgnoreCase) ? b : throw Parameters.NotHonoured($"{first} together with another {second}");
    }
}
