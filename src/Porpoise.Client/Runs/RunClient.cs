using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Porpoise.Client.Calls;

namespace Porpoise.Client.Runs;

/// <summary>Runs of a workspace: start, watch, stop, run again.</summary>
public sealed class RunClient(PorpoiseClient client)
{
    /// <summary>When it answers, the run is on disk.</summary>
    /// <returns>The run's id.</returns>
    public async Task<int> StartAsync(string workspace, StartRequest request, CancellationToken ct)
    {
        var started = await client.SendAsync(
            ApiCall.PostOnce(
                $"/dolphinscheduler/projects/{workspace}/executors/start-process-instance",
                request.ClientToken ?? PorpoiseClient.NewClientToken(),
                ("productNamespace", "SS"),
                ("processDefinitionCode", request.Workflow),
                ("isProd", request.IsProduction),
                ("versionNumber", request.Version),
                ("runtimeQueue", request.Queue),
                ("processInstancePriority", request.Priority),
                ("failureStrategy", request.FailureStrategy),
                ("comments", request.Comments),
                ("scheduleTime", request.ScheduleTime?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
                ("startParams", request.Parameters.Count == 0 ? null : JsonSerializer.Serialize(request.Parameters, RunJson.Default.Parameters))),
            RunJson.Default.Int32Array, ct);
        return started[0];
    }

    public Task<Page<Run>> ListAsync(string workspace, RunFilter filter, PageChoice page, CancellationToken ct) => client.SendAsync(
        ApiCall.Get(
            $"/dolphinscheduler/projects/{workspace}/process-instances",
            ("processDefinitionCode", filter.Workflow), ("searchVal", filter.Search), ("stateType", filter.State), ("executorName", filter.StartedBy), ("pageNo", page.Number), ("pageSize", page.Size)),
        RunJson.Default.RunPage, ct);

    public Task<Run> GetAsync(string workspace, int run, CancellationToken ct) => client.SendAsync(
        ApiCall.Get($"/dolphinscheduler/projects/{workspace}/process-instances/{run}", ("waitSeconds", 0)), RunJson.Default.Run, ct);

    public async Task<IReadOnlyList<TaskInstance>> ListTasksAsync(string workspace, int run, CancellationToken ct) =>
        (await client.SendAsync(ApiCall.Get($"/dolphinscheduler/projects/{workspace}/process-instances/{run}/tasks"), RunJson.Default.RunTasks, ct)).TaskList;

    /// <summary>How the run and its tasks are, and each change of them, until the run has ended. The last event is the run's.</summary>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(string workspace, int run, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var item in EventReader.ReadAsync(client, _ => ApiCall.Get($"/porpoise/v1/workspaces/{workspace}/runs/{run}/events"), ct))
        {
            if (item.EventType == "task")
            {
                yield return JsonSerializer.Deserialize(item.Data, RunJson.Default.TaskEvent)!;
            }
            else if (item.EventType == "end")
            {
                yield return JsonSerializer.Deserialize(item.Data, RunJson.Default.RunEvent)!;
            }
        }
    }

    /// <summary>The request is on disk when it answers; the run is STOP when no process of it is left.</summary>
    public Task StopAsync(string workspace, int run, CancellationToken ct) => ExecuteAsync(workspace, run, "STOP", ct);

    /// <summary>Runs what failed, and what waited for that, again.</summary>
    public Task RerunFailedAsync(string workspace, int run, CancellationToken ct) => ExecuteAsync(workspace, run, "START_FAILURE_TASK_PROCESS", ct);

    /// <summary>Runs all of it again.</summary>
    public Task RerunAsync(string workspace, int run, CancellationToken ct) => ExecuteAsync(workspace, run, "REPEAT_RUNNING", ct);

    /// <param name="attempt">Null: the newest.</param>
    public Task<LogWindow> ReadLogAsync(string workspace, int task, int? attempt, int skipLines, int limit, CancellationToken ct) => client.SendAsync(
        ApiCall.Get($"/dolphinscheduler/log/{workspace}/detail", ("taskInstanceId", task), ("attempt", attempt), ("skipLineNum", skipLines), ("limit", limit)), RunJson.Default.LogWindow, ct);

    /// <summary>A task's whole log.</summary>
    public Task<Stream> OpenLogAsync(string workspace, int task, int? attempt, CancellationToken ct) =>
        client.OpenAsync(ApiCall.Get($"/dolphinscheduler/log/{workspace}/download-log", ("taskInstanceId", task), ("attempt", attempt)), ct);

    /// <summary>What a task wrote and writes, until its attempt has ended.</summary>
    public async IAsyncEnumerable<string> FollowLogAsync(string workspace, int task, int? attempt, [EnumeratorCancellation] CancellationToken ct)
    {
        ApiCall From(string? offset) => ApiCall.Get($"/porpoise/v1/workspaces/{workspace}/task-instances/{task}/log/events", ("attempt", attempt), ("offset", offset ?? 0.ToString(CultureInfo.InvariantCulture)));
        await foreach (var item in EventReader.ReadAsync(client, From, ct))
        {
            if (item.EventType == "log")
            {
                yield return JsonSerializer.Deserialize(item.Data, RunJson.Default.LogEvent)!.Text;
            }
        }
    }

    private Task<JsonElement> ExecuteAsync(string workspace, int run, string what, CancellationToken ct) => client.SendAsync(
        ApiCall.Post($"/dolphinscheduler/projects/{workspace}/executors/execute", ("processInstanceId", run), ("executeType", what)), ct);
}
