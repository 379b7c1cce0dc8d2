using System.Globalization;
using Porpoise.Api.Operations;
using Porpoise.Api.Tests.Serving;
using Porpoise.Core.Runs;
using Porpoise.Storage.Runs;
using static Porpoise.Api.Tests.Serving.Definitions;

namespace Porpoise.Api.Tests.Workspaces;

/// <summary>
/// What belongs to one workspace does not exist in another, at any address below a workspace: the ids are real, only the workspace is wrong.
/// An address that is new has to say here what its ids mean.
/// </summary>
public sealed class IsolationTests(ApiServer server) : ApiTest(server)
{
    /// <summary>What is said when an id is unknown.</summary>
    private static readonly int[] NotFound = [10008, 10128, 10153, 50001, 50003, 50030, 1500060, 20004];

    /// <summary>Addresses below a workspace that name nothing in it, or whose names are the caller's to choose.</summary>
    private static readonly HashSet<string> NameNothing =
    [
        "GET projects/{projectCode}", "PUT projects/{projectCode}", "DELETE projects/{projectCode}",
        "GET task-definition/gen-task-codes", "POST process-definition", "POST process-definition/empty", "GET process-definition/verify-name", "POST process-definition/import", "POST workflows/apply",
        "GET process-instances/top-n", "GET queues", "POST queues", "GET tasks", "POST tasks", "GET data-sources", "POST data-sources", "POST data-sources/connect",
        "GET members", "POST members", "PUT members/users/{userName}", "PUT members/roles/{roleName}", "DELETE members/users/{userName}", "DELETE members/roles/{roleName}", // of the account
        "GET process-definition", "GET process-definition/list", "GET process-definition/all", "GET process-definition/simple-list",
        "GET process-definition/query-process-definition-list", "GET task-definition",
    ];

    /// <summary>Lists that a foreign id makes empty.</summary>
    private static readonly Dictionary<string, string[]> FilterBy = new()
    {
        ["GET process-instances"] = ["processDefinitionCode"],
        ["GET task-instances"] = ["processInstanceId"],
    };

    /// <summary>What some addresses want beside their ids, before they look for these.</summary>
    private static readonly (string, object?)[] Beside = [("executionType", "PARALLEL"), ("releaseState", "ONLINE"), ("limit", 10), ("from", 1), ("to", 1), ("tasksMax", 1)];

    /// <summary>Parameters outside the path that name something.</summary>
    private static readonly Dictionary<string, string[]> Naming = new()
    {
        ["POST executors/start-process-instance"] = ["processDefinitionCode"],
        ["POST executors/start-check"] = ["processDefinitionCode"],
        ["POST executors/execute"] = ["processInstanceId", "executeType"],
        ["POST executors/batch-execute"] = ["processInstanceIds", "executeType"],
        ["POST process-instances/batch-delete"] = ["processInstanceIds"],
        ["GET process-instances/query-sub-by-parent"] = ["taskId"],
        ["GET process-instances/query-parent-by-sub"] = ["subId"],
        ["GET process-definition/query-by-name"] = ["name"],
        ["GET process-definition/query-task-definition-list"] = ["processDefinitionCode"],
        ["GET process-definition/batch-query-tasks"] = ["codes"],
        ["POST process-definition/batch-copy"] = ["codes", "targetProjectCode"],
        ["POST process-definition/batch-move"] = ["codes", "targetProjectCode"],
        ["POST process-definition/batch-delete"] = ["codes"],
        ["POST process-definition/batch-export"] = ["codes"],
        ["GET workflows/export"] = ["codes"],
        ["GET log/{projectCode}/detail"] = ["taskInstanceId"],
        ["GET log/{projectCode}/download-log"] = ["taskInstanceId"],
    };

    [Fact]
    public async Task An_id_of_another_workspace_is_not_found_at_any_address()
    {
        var definition = Of(Exits(1));
        var code = await Server.SaveAsync(definition);
        var run = await StartAsync(code);
        await WaitAsync(run);
        var held = await StartAsync(await Server.SaveAsync(Of(Holds(1))));
        var task = (await Dolphin.GetAsync($"{Project}/process-instances/{run}/tasks")).Data().GetProperty("taskList")[0].GetProperty("id").GetInt32();
        var queue = (await Dolphin.GetAsync("/dolphinscheduler/queues/list")).Data()[0].GetProperty("id").GetInt32();
        var developmentTask = (await Dolphin.PostAsync($"/porpoise/v1/workspaces/{Server.Workspace.Id}/tasks", ("name", "isolated"), ("type", "SQL"), ("code", "select 1"))).Data().GetProperty("taskBizId").GetString()!;
        var dataSource = (await Dolphin.PostAsync($"/porpoise/v1/workspaces/{Server.Workspace.Id}/data-sources", ("name", "isolated"), ("type", "SQLITE"), ("database", "/no/such/file.db"))).Data().GetProperty("id").GetInt32();
        var ids = new Dictionary<string, object>
        {
            ["processDefinitionCode"] = code.Value, ["processInstanceId"] = held, ["processInstanceIds"] = $"{run},{held}", ["taskId"] = task, ["subId"] = run,
            ["taskInstanceId"] = task, ["executeType"] = "STOP", ["id"] = run, ["taskInstance"] = task, ["queue"] = queue, ["code"] = code.Value,
            ["codes"] = code.Value, ["name"] = definition.Name, ["targetProjectCode"] = Server.Workspace.ProjectCode, ["developmentTask"] = developmentTask, ["dataSource"] = dataSource,
        };
        var other = await Server.CreateWorkspaceAsync();
        foreach (var operation in Server.Table.All.Where(o => o.InWorkspace))
        {
            await CheckAsync(operation, other.ProjectCode, ids);
        }

        // And nothing was done to them.
        Assert.Equal("SUCCESS", (await Dolphin.GetAsync($"{Project}/process-instances/{run}")).Data().GetProperty("state").GetString());
        Assert.Equal("RUNNING_EXECUTION", (await Dolphin.GetAsync($"{Project}/process-instances/{held}")).Data().GetProperty("state").GetString());
        Assert.Equal(DeleteRunResult.NotFound, await Server.Store.DeleteRunAsync(other.Id, new RunId(run), null));
        Assert.Equal(1, (await Dolphin.GetAsync($"{Project}/process-definition/{code}")).Data().GetProperty("processDefinition").GetProperty("version").GetInt32());
        Assert.Equal(0, (await Dolphin.GetAsync(PathOf(other) + "/process-definition")).Data().GetProperty("total").GetInt32());
        Assert.Equal("root_queue", (await Dolphin.GetAsync("/dolphinscheduler/queues/list")).Data()[0].GetProperty("queueName").GetString());
        (await Dolphin.PostAsync(Project + "/executors/execute", ("processInstanceId", held), ("executeType", "STOP"))).Data();
    }

    private async Task CheckAsync(Operation operation, long other, Dictionary<string, object> ids)
    {
        var key = KeyOf(operation);
        if (NameNothing.Contains(key))
        {
            return;
        }

        var id = operation.Path.Contains("/task-instances/", StringComparison.Ordinal) ? ids["taskInstance"]
            : operation.Path.Contains("/queues/", StringComparison.Ordinal) ? ids["queue"]
            : operation.Path.Contains("/data-sources/", StringComparison.Ordinal) ? ids["dataSource"]
            : operation.Path.Contains("/tasks/{id}", StringComparison.Ordinal) ? ids["developmentTask"] : ids["id"];
        var path = operation.Path
            .Replace("{projectCode}", other.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{id}", Convert.ToString(id, CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{code}", Convert.ToString(operation.Path.Contains("/task-definition/", StringComparison.Ordinal) ? 1 : ids["code"], CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{version}", "1", StringComparison.Ordinal);
        if (FilterBy.TryGetValue(key, out var filters))
        {
            var page = (await Dolphin.GetAsync(path, [.. filters.Select(f => (f, (object?)ids[f]))])).Data();
            Assert.True(page.GetProperty("total").GetInt32() == 0, $"{key}: {page}");
            return;
        }

        Assert.True(operation.Path.Contains("{id}", StringComparison.Ordinal) || operation.Path.Contains("{code}", StringComparison.Ordinal) || Naming.ContainsKey(key), $"Say in {nameof(IsolationTests)} what {key} names.");
        (string, object?)[] parameters = [.. Naming.GetValueOrDefault(key, []).Select(n => (n, (object?)ids[n])), .. Beside];
        foreach (var caller in (ApiCaller[])[Dolphin, Cloud])
        {
            var reply = await caller.CallAsync(new HttpMethod(operation.Method), path, parameters);
            Assert.True(NotFound.Contains(reply.Code), $"{key}: {reply.Text}");
        }
    }

    private static string KeyOf(Operation operation)
    {
        var path = operation.Path.Replace("/dolphinscheduler/projects/{projectCode}/", "", StringComparison.Ordinal)
            .Replace("/porpoise/v1/workspaces/{projectCode}/", "", StringComparison.Ordinal)
            .Replace("/dolphinscheduler/", "", StringComparison.Ordinal);
        return $"{operation.Method} {path}";
    }
}
