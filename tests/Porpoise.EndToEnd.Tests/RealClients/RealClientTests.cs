using System.Text.Json;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.RealClients;

/// <summary>The vendor's own clients, unchanged, against a live server.</summary>
public sealed class RealClientTests(SharedServer shared, NodeSession node) : SharedServerTest(shared)
{
    private string Project => "/dolphinscheduler/projects/" + Installation.Key.WorkspaceId;

    [Theory]
    [InlineData("openapi-core")]
    [InlineData("openapi-client")]
    public async Task A_workflow_is_made_started_changed_and_started_again(string client)
    {
        var codes = Success(await CallAsync(client, "GenerateTaskCodes", "GET", "/task-definition/gen-task-codes", ("genNum", 2)));
        Assert.Equal(2, codes.GetArrayLength());

        var workflow = new Workflow().Shell("a", "echo 'héllo & 你好'").Noop("b", "a");
        var created = Success(await CallAsync(client, "CreateProcessDefinitionWithSchedule", "POST", "/process-definition", [.. workflow.Parameters, ("publish", "true")]));
        var code = created.GetProperty("code").GetInt64();
        Assert.True(created.GetProperty("id").GetInt32() > 0);

        var first = await StartAsync(client, code);
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(first));
        Assert.Equal("héllo & 你好\n", await Dolphin.LogAsync(await Dolphin.TaskAsync(first, "a")));

        var changed = new Workflow(workflow.Name).Shell("a", "echo changed");
        var updated = Success(await CallAsync(client, "UpdateProcessDefinitionWithSchedule", "PUT", $"/process-definition/{code}", [.. changed.Parameters, ("publish", "true")]));
        Assert.Equal("ONLINE", updated.GetProperty("releaseState").GetString());
        Assert.Equal(2, updated.GetProperty("version").GetInt32());

        var second = await StartAsync(client, code);
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(second));
        Assert.Equal("changed\n", await Dolphin.LogAsync(Assert.Single(await Dolphin.TasksAsync(second))));
    }

    [Theory]
    [InlineData("openapi-core")]
    [InlineData("openapi-client")]
    public async Task Errors_arrive_as_the_clients_own_error_objects(string client)
    {
        var (key, secret) = (Installation.Key.AccessKeyId, Installation.Key.AccessKeySecret);
        var path = Project + "/task-definition/gen-task-codes";
        AssertError(await node.CallAsync(client, Installation.Url, key, new string('x', 30), "GenerateTaskCodes", "GET", path, ("genNum", 1), ("productNamespace", "SS")), "SignatureDoesNotMatch", 400);
        AssertError(await node.CallAsync(client, Installation.Url, "LTAI5tUnknown", secret, "GenerateTaskCodes", "GET", path, ("genNum", 1), ("productNamespace", "SS")), "InvalidAccessKeyId.NotFound", 404);
        AssertError(await CallAsync(client, "GenerateTaskCodes", "GET", "/task-definition/gen-task-codes"), "MissingGenNum", 400);
        AssertError(await CallAsync(client, "StartProcessInstance", "POST", "/executors/start-process-instance"), "MissingProcessDefinitionCode", 400);
        AssertError(await CallAsync(client, "NoSuchThing", "GET", "/no-such-thing"), "InvalidApi.NotFound", 404);
        AssertError(await CallAsync(client, "GenerateTaskCodes", "POST", "/task-definition/gen-task-codes"), "WrongMethod", 405);
    }

    [Fact]
    public async Task Business_errors_are_answers_not_exceptions()
    {
        var reply = await CallAsync("openapi-core", "StartProcessInstance", "POST", "/executors/start-process-instance", ("processDefinitionCode", 4711));
        Assert.Equal(50003, reply.Body.GetProperty("code").GetInt32());
        Assert.Equal(JsonValueKind.False, reply.Body.GetProperty("success").ValueKind);
    }

    [Fact]
    public async Task The_generation_before_is_refused_unless_it_is_allowed()
    {
        var refused = await CallAsync("pop-core", "", "GET", "/task-definition/gen-task-codes", ("genNum", 1));
        Assert.Equal("InvalidSignatureMethod", refused.ErrorText("code"));

        await using var lenient = new Installation();
        await lenient.StartAsync("--allow-roa-signature");
        var codes = await node.CallAsync(
            "pop-core", lenient.Url, lenient.Key.AccessKeyId, lenient.Key.AccessKeySecret, "", "GET",
            $"/dolphinscheduler/projects/{lenient.Key.WorkspaceId}/task-definition/gen-task-codes", ("genNum", 3), ("productNamespace", "SS"));
        Assert.Equal(3, Success(codes).GetArrayLength());
        var forged = await node.CallAsync(
            "pop-core", lenient.Url, lenient.Key.AccessKeyId, "wrong", "", "GET",
            $"/dolphinscheduler/projects/{lenient.Key.WorkspaceId}/task-definition/gen-task-codes", ("genNum", 3), ("productNamespace", "SS"));
        Assert.Equal("SignatureDoesNotMatch", forged.ErrorText("code"));
    }

    private Task<NodeReply> CallAsync(string client, string action, string method, string path, params (string Name, object? Value)[] query) => node.CallAsync(
        client, Installation.Url, Installation.Key.AccessKeyId, Installation.Key.AccessKeySecret, action, method, Project + path, [.. query, ("productNamespace", "SS"), ("regionId", "cn-hangzhou")]);

    private async Task<int> StartAsync(string client, long code) =>
        Assert.Single(Success(await CallAsync(client, "StartProcessInstance", "POST", "/executors/start-process-instance", ("processDefinitionCode", code), ("isProd", "true"))).EnumerateArray()).GetInt32();

    private static JsonElement Success(NodeReply reply)
    {
        Assert.Equal(1_000_000, reply.Body.GetProperty("code").GetInt32());
        return reply.Body.GetProperty("data");
    }

    private static void AssertError(NodeReply reply, string code, int status)
    {
        Assert.Equal(code, reply.ErrorText("code"));
        Assert.Equal(status, reply.Error!.Value.GetProperty("statusCode").GetInt32());
        Assert.True(Guid.TryParse(reply.ErrorText("requestId"), out _), "No request id in " + reply.Error);
        Assert.DoesNotContain("undefined", reply.ErrorText("message"), StringComparison.Ordinal);
    }
}
