using Porpoise.Api.Definitions;
using Porpoise.Api.Errors;
using Porpoise.Api.Monitor;
using Porpoise.Api.Operations;
using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Engine;
using Porpoise.Engine.Workflows;
using Porpoise.Storage;
using Porpoise.Storage.Paging;
using Porpoise.Storage.Runs;
using Porpoise.Storage.Workflows;

namespace Porpoise.Api.Runs;

/// <summary>Read runs back: lists, one run with its graph, its tasks, its parameters.</summary>
public sealed class RunOperations(IStore store, RunEngine engine, ThisServer server, TimeProvider clock)
{
    /// <summary>Callers that wait for the end of a run at the same time.</summary>
    public const int WaitersMax = 10_000;

    /// <summary>Runs among which the longest are looked for: the newest of the span.</summary>
    public const int TopWindow = 10_000;

    private const string Runs = "/dolphinscheduler/projects/{projectCode}/process-instances";

    private int _waiters;

    public IEnumerable<Operation> Table =>
    [
        new("GET", Runs, "emr-serverless-spark:ListProcessInstances", "A page of runs, newest first", ListAsync),
        new("GET", Runs + "/{id}", "emr-serverless-spark:GetProcessInstance", "One run with its graph; waitSeconds=N answers, without it, as soon as the run has ended", GetAsync) { MayWait = true },
        new("GET", Runs + "/{id}/tasks", "emr-serverless-spark:ListTaskInstances", "The task instances of a run", ListTasksAsync),
        new("GET", Runs + "/{id}/view-gantt", "emr-serverless-spark:QueryProcessInstanceGantt", "When each task of a run ran", GanttAsync),
        new("GET", Runs + "/{id}/view-variables", "emr-serverless-spark:QueryProcessInstanceVariables", "The parameters of a run", VariablesAsync),
        new("GET", Runs + "/top-n", "emr-serverless-spark:ListLongestProcessInstances", "The runs of a span that took longest", TopAsync),
        new("GET", Runs + "/query-sub-by-parent", "emr-serverless-spark:QuerySubProcessInstance", "The run that a task started; none does yet", SubRunAsync),
        new("GET", Runs + "/query-parent-by-sub", "emr-serverless-spark:QueryParentProcessInstance", "The run that a run was started from; none is yet", ParentRunAsync),
    ];

    private async Task<Answer> ListAsync(Call call)
    {
        var wish = PageWish.Read(call.Parameters);
        var filter = ReadFilter(call.Parameters);
        if (filter.States is { Count: 0 } || !server.Matches(call.Parameters.Search("host")))
        {
            return Answer.Of(DolphinPage.Empty<DolphinRun>(wish), RunJson.Default.DolphinPageDolphinRun);
        }

        var page = await store.ListRunsAsync(call.Workspace.Id, filter, wish.Request);
        var view = View(call);
        return Answer.Of(DolphinPage.Of(wish, [.. page.Rows.Select(r => DolphinRun.Of(r, view))], page.Total), RunJson.Default.DolphinPageDolphinRun);
    }

    private async Task<Answer> GetAsync(Call call)
    {
        var seconds = call.Parameters.Int("waitSeconds", 0, 60);
        var run = await store.FindRunAsync(call, "id");
        if (seconds is null)
        {
            return Answer.Of(await DescribeAsync(call, run), RunJson.Default.DolphinRun);
        }

        if (seconds > 0 && !run.State.IsFinal())
        {
            run = await WaitAsync(call, run.Id, TimeSpan.FromSeconds(seconds.Value));
        }

        return Answer.Of(DolphinRun.Of(run, View(call)), RunJson.Default.DolphinRun);
    }

    private async Task<DolphinRun> DescribeAsync(Call call, RunRow run)
    {
        var version = (await LoadVersionAsync(run)).Row;

        // A definition that was deleted lives on in its versions, as long as runs are pinned to them.
        var workflow = await store.FindWorkflowAsync(run.Workspace, run.Workflow)
            ?? new WorkflowRow(0, run.Workflow, run.Workspace, version.Definition.Name, version.Version, PublishedVersion: null, version.CreatedAt, version.CreatedAt, version.CreatedBy);
        return DolphinRun.Of(run, View(call)).WithVersion(run, version, DolphinDag.Of(workflow, call.Workspace, version), await ReadVarPoolAsync(run, version.Definition));
    }

    private async Task<string> ReadVarPoolAsync(RunRow run, WorkflowDefinition definition) => GivenValues.WriteVarPool(await ReadGivingTasksAsync(run, definition), definition);

    /// <summary>None where no node gives anything, which spares the most runs a look at their tasks.</summary>
    private async Task<IReadOnlyList<TaskRow>> ReadGivingTasksAsync(RunRow run, WorkflowDefinition definition) =>
        definition.Tasks.Any(t => t.ListOutputNames().Count > 0) ? [.. (await store.ListReadyTasksAsync(run.Id)).Where(t => t.Outputs is not null)] : [];

    private async Task<RunRow> WaitAsync(Call call, RunId id, TimeSpan wait)
    {
        if (Interlocked.Increment(ref _waiters) > WaitersMax)
        {
            Interlocked.Decrement(ref _waiters);
            throw new RefusalException(new Refusal(ErrorCodes.TooManyCalls, $"More than {WaitersMax} callers are waiting for runs to end.") { RetryAfter = TimeSpan.FromSeconds(1) });
        }

        try
        {
            using var end = engine.Ends.Register(id);
            var run = await store.FindRunAsync(call, id);
            if (!run.State.IsFinal())
            {
                await Task.WhenAny(end.Ended, engine.Ends.Closed, Task.Delay(wait, clock, call.Aborted));
                call.Aborted.ThrowIfCancellationRequested();
                run = await store.FindRunAsync(call, id);
            }

            return run;
        }
        finally
        {
            Interlocked.Decrement(ref _waiters);
        }
    }

    private async Task<Answer> ListTasksAsync(Call call)
    {
        var run = await store.FindRunAsync(call, "id");
        var definition = (await LoadVersionAsync(run)).Row.Definition;
        var tasks = await store.ListReadyTasksAsync(run.Id);
        var view = View(call);
        return Answer.Of(new DolphinTasks(States.Of(run.State), [.. tasks.Select(t => DolphinTask.Of(t, run, definition, view))]), RunJson.Default.DolphinTasks);
    }

    private async Task<Answer> GanttAsync(Call call)
    {
        var run = await store.FindRunAsync(call, "id");
        var version = await LoadVersionAsync(run);
        var tasks = await store.ListReadyTasksAsync(run.Id);
        return Answer.Of(Gantt.Draw(version.Graph, tasks, clock.GetUtcNow()), RunJson.Default.DolphinGantt);
    }

    private async Task<Answer> VariablesAsync(Call call)
    {
        var run = await store.FindRunAsync(call, "id");
        var definition = (await LoadVersionAsync(run)).Row.Definition;
        return Answer.Of(RunVariables.Of(run, definition, await ReadGivingTasksAsync(run, definition)), RunJson.Default.DolphinVariables);
    }

    /// <summary>DolphinScheduler counts only those that succeeded.</summary>
    private async Task<Answer> TopAsync(Call call)
    {
        var size = call.Parameters.RequiredInt("size", 1, PageWish.SizeMax);
        var filter = new RunFilter
        {
            States = [RunState.Succeeded],
            From = DolphinTime.Read(call.Parameters, "startTime") ?? throw Parameters.Missing("startTime"),
            To = DolphinTime.ReadEnd(call.Parameters, "endTime") ?? throw Parameters.Missing("endTime"),
        };
        var newest = new Dictionary<RunId, RunRow>(); // a run that ends meanwhile moves the others to the next page
        for (var offset = 0; offset < TopWindow; offset += PageRequest.LimitMax)
        {
            var page = await store.ListRunsAsync(call.Workspace.Id, filter, new PageRequest(offset, PageRequest.LimitMax));
            foreach (var run in page.Rows)
            {
                newest[run.Id] = run;
            }

            if (page.Rows.Count < PageRequest.LimitMax)
            {
                break;
            }
        }

        var view = View(call);
        var longest = newest.Values.OrderByDescending(r => r.EndedAt - r.StartedAt).ThenByDescending(r => r.Id.Value).Take(size);
        return Answer.Of<IReadOnlyList<DolphinRun>>([.. longest.Select(r => DolphinRun.Of(r, view))], RunJson.Default.IReadOnlyListDolphinRun);
    }

    private async Task<Answer> SubRunAsync(Call call)
    {
        var task = await store.FindTaskAsync(call, "taskId");
        throw new RefusalException(ErrorCodes.TaskHasNoRun, $"Task instance {task.Id} has started no run of its own: workflows that start others are not built yet.");
    }

    private async Task<Answer> ParentRunAsync(Call call)
    {
        var run = await store.FindRunAsync(call, "subId");
        throw new RefusalException(ErrorCodes.RunHasNoParent, $"Run {run.Id} was not started by a task of another run.");
    }

    private RunView View(Call call) => new(call.Workspace, server.Host, clock.GetUtcNow(), engine.Queue);

    private async Task<CompiledVersion> LoadVersionAsync(RunRow run) =>
        await engine.Catalog.LoadAsync(run.Workflow, run.Version) ?? throw DefinitionLookup.NoSuchWorkflow(run.Workflow);

    private static RunFilter ReadFilter(Parameters parameters)
    {
        // DolphinScheduler's own UI says processDefineCode, and some of its versions processDefiniteCode.
        var code = parameters.Long("processDefinitionCode", 0, WorkflowLimits.CodeLimit - 1)
            ?? parameters.Long("processDefineCode", 0, WorkflowLimits.CodeLimit - 1)
            ?? parameters.Long("processDefiniteCode", 0, WorkflowLimits.CodeLimit - 1);
        return new RunFilter
        {
            Workflow = code is > 0 ? new WorkflowCode(code.Value) : null,
            Search = parameters.Search("searchVal"),
            StartedBy = parameters.Search("executorName"),
            States = States.ReadRunStates(parameters),
            From = DolphinTime.Read(parameters, "startDate"),
            To = DolphinTime.ReadEnd(parameters, "endDate"),
        };
    }
}
