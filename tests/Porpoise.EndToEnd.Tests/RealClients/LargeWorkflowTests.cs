using System.Globalization;
using System.Text.Json;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.RealClients;

/// <summary>The vendor's own clients with a workflow as large as people have them: 300 nodes, all of them in one request line.</summary>
public sealed class LargeWorkflowTests(SharedServer shared, NodeSession node) : SharedServerTest(shared)
{
    private const int Nodes = 300;
    private const int Layers = 10;
    private const int LineMin = 100 * 1024;

    private string Project => "/dolphinscheduler/projects/" + Installation.Key.WorkspaceId;

    [Theory]
    [InlineData("openapi-core")]
    [InlineData("openapi-client")]
    public async Task Three_hundred_nodes_are_made_started_changed_and_started_again(string client)
    {
        long[] codes = [.. Success(await CallAsync(client, "GenerateTaskCodes", "GET", "/task-definition/gen-task-codes", ("genNum", Nodes))).EnumerateArray().Select(c => c.GetInt64())];
        var workflow = Grid(null, codes, "first");
        Assert.True(ApiClient.Query(workflow.Parameters).Length > LineMin, "The request line is too short to prove anything.");
        var code = Success(await CallAsync(client, "CreateProcessDefinitionWithSchedule", "POST", "/process-definition", [.. workflow.Parameters, ("publish", true)])).GetProperty("code").GetInt64();
        var first = await StartAsync(client, code, ("isProd", true));
        await AssertRanAsync(first, version: 1, "root_queue", "first");

        var changed = Grid(workflow.Name, codes, "second");
        var updated = await UpdateAsync(client, code, changed);
        Assert.Equal(2, updated.GetProperty("version").GetInt32());
        Assert.Equal("ONLINE", updated.GetProperty("releaseState").GetString()); // version 1 is what is published
        var second = await StartAsync(client, code);
        await AssertRanAsync(second, version: 2, "dev_queue", "second");
    }

    [Theory]
    [InlineData("openapi-core")]
    [InlineData("openapi-client")]
    public async Task Versions_hashes_environments_and_queues_choose_what_runs_and_where(string client)
    {
        var workflow = new Workflow().Noop("a");
        var code = Success(await CallAsync(client, "CreateProcessDefinitionWithSchedule", "POST", "/process-definition", [.. workflow.Parameters, ("publish", true)])).GetProperty("code").GetInt64();
        var first = await UpdateAsync(client, code, workflow);
        var second = await UpdateAsync(client, code, new Workflow(workflow.Name).Noop("a").Noop("b", "a"));
        var again = await UpdateAsync(client, code, workflow);
        Assert.Equal((1, 2, 3), (Version(first), Version(second), Version(again)));
        Assert.Equal(Hash(first), Hash(again));
        Assert.NotEqual(Hash(first), Hash(second));

        await AssertVersionAsync(3, "dev_queue", await StartAsync(client, code));
        await AssertVersionAsync(3, "dev_queue", await StartAsync(client, code, ("isProd", false)));
        await AssertVersionAsync(1, "root_queue", await StartAsync(client, code, ("isProd", true)));
        await AssertVersionAsync(2, "dev_queue", await StartAsync(client, code, ("versionNumber", 2)));
        await AssertVersionAsync(2, "root_queue", await StartAsync(client, code, ("versionNumber", 2), ("isProd", true)));
        await AssertVersionAsync(2, "dev_queue", await StartAsync(client, code, ("versionHashCode", Hash(second))));
        await AssertVersionAsync(3, "dev_queue", await StartAsync(client, code, ("versionHashCode", Hash(first)))); // the newest with this content
        await AssertVersionAsync(1, "dev_queue", await StartAsync(client, code, ("versionHashCode", Hash(first)), ("versionNumber", 1)));
        await AssertVersionAsync(3, "root_queue", await StartAsync(client, code, ("runtimeQueue", "root_queue")));

        Assert.Equal(10001, await RefusedAsync(client, code, ("versionNumber", 2), ("versionHashCode", Hash(first))));
        Assert.Equal(10153, await RefusedAsync(client, code, ("versionNumber", 4)));
        Assert.Equal(10153, await RefusedAsync(client, code, ("versionHashCode", "0123456789abcdef")));
        Assert.Equal(10128, await RefusedAsync(client, code, ("runtimeQueue", "no_such_queue")));
        Assert.Equal("OFFLINE", (await UpdateAsync(client, code, workflow, ("releaseState", "OFFLINE"))).GetProperty("releaseState").GetString());
        Assert.Equal(50004, await RefusedAsync(client, code, ("isProd", true)));
    }

    /// <summary>Ten layers; each node waits for two of the layer before.</summary>
    private static Workflow Grid(string? name, long[] codes, string word)
    {
        const int Width = Nodes / Layers;
        var workflow = new Workflow(name, codes).With("description", $"three hundred nodes, {word}").With("retryTimes", 1).With("tags", """{"team":"ods"}""");
        for (var i = 0; i < Nodes; i++)
        {
            var column = i % Width;
            string[] after = i < Width ? [] : [NameOf(i - Width), NameOf(i - column - Width + ((column + 1) % Width))];
            workflow.Shell(NameOf(i), $"echo '{word} & {NameOf(i)}, 第{i}个 +%'", after);
        }

        return workflow;
    }

    private static string NameOf(int index) => string.Create(CultureInfo.InvariantCulture, $"node {index / 30} / {index % 30}");

    private Task<NodeReply> CallAsync(string client, string action, string method, string path, params (string Name, object? Value)[] query) => node.CallAsync(
        client, Installation.Url, Installation.Key.AccessKeyId, Installation.Key.AccessKeySecret, action, method, Project + path, [.. query, ("productNamespace", "SS"), ("regionId", "cn-hangzhou")]);

    private async Task<JsonElement> UpdateAsync(string client, long code, Workflow workflow, params (string Name, object? Value)[] more) => Success(await CallAsync(
        client, "UpdateProcessDefinitionWithSchedule", "PUT", string.Create(CultureInfo.InvariantCulture, $"/process-definition/{code}"), [.. workflow.Parameters, .. more]));

    private async Task<int> StartAsync(string client, long code, params (string Name, object? Value)[] more) =>
        Assert.Single(Success(await CallStartAsync(client, code, more)).EnumerateArray()).GetInt32();

    private async Task<int> RefusedAsync(string client, long code, params (string Name, object? Value)[] more) => (await CallStartAsync(client, code, more)).Body.GetProperty("code").GetInt32();

    private Task<NodeReply> CallStartAsync(string client, long code, (string Name, object? Value)[] more) =>
        CallAsync(client, "StartProcessInstance", "POST", "/executors/start-process-instance", [("processDefinitionCode", code), .. more]);

    private async Task AssertRanAsync(int run, int version, string queue, string word)
    {
        var ended = await Dolphin.WaitAsync(run);
        Assert.Equal("SUCCESS", ApiClient.Text(ended, "state"));
        AssertVersion(version, queue, ended);
        var tasks = await Dolphin.TasksAsync(run);
        Assert.Equal(Nodes, tasks.Count);
        Assert.All(tasks, t => Assert.Equal("SUCCESS", ApiClient.Text(t, "state")));
        Assert.Equal($"{word} & {NameOf(Nodes - 1)}, 第{Nodes - 1}个 +%\n", await Dolphin.LogAsync(tasks[^1]));
    }

    private async Task AssertVersionAsync(int version, string queue, int run)
    {
        var ended = await Dolphin.WaitAsync(run);
        Assert.Equal("SUCCESS", ApiClient.Text(ended, "state"));
        AssertVersion(version, queue, ended);
    }

    private static void AssertVersion(int version, string queue, JsonElement run) =>
        Assert.Equal((version, queue), (run.GetProperty("processDefinitionVersion").GetInt32(), ApiClient.Text(run, "queue")));

    private static int Version(JsonElement updated) => updated.GetProperty("version").GetInt32();

    private static string Hash(JsonElement updated) => updated.GetProperty("versionHashCode").GetString()!;

    private static JsonElement Success(NodeReply reply)
    {
        Assert.Equal(1_000_000, reply.Body.GetProperty("code").GetInt32());
        return reply.Body.GetProperty("data");
    }
}
