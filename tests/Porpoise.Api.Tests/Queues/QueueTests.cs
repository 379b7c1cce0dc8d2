using System.Text.Json;
using Porpoise.Api.Tests.Runs;
using Porpoise.Api.Tests.Serving;

namespace Porpoise.Api.Tests.Queues;

public sealed class QueueTests(ApiServer server) : ApiTest(server)
{
    private const string Queues = "/dolphinscheduler/queues";

    [Fact]
    public async Task A_workspace_begins_with_two_queues()
    {
        var queues = (await Dolphin.GetAsync(Queues + "/list")).Data().EnumerateArray().ToList();
        RunListTests.Expect(queues[0], $$"""{"queueName":"root_queue","queue":"root_queue","environment":"PRODUCTION","tasksMax":0,"cuMax":0,"projectCode":{{Server.Workspace.ProjectCode}}}""");
        RunListTests.Expect(queues[1], """{"queueName":"dev_queue","queue":"dev_queue","environment":"DEVELOPMENT"}""");
        Assert.All(queues, q => Assert.Matches(@"^\d{4}-\d\d-\d\d ", q.GetProperty("createTime").GetString()));
    }

    [Fact]
    public async Task Queues_are_created_changed_and_found()
    {
        var workspace = await Server.CreateWorkspaceAsync();
        (string, object?) here = ("projectCode", workspace.ProjectCode);
        (await Dolphin.PostAsync(Queues + "/verify", here, ("queue", "etl"), ("queueName", "etl"))).Data();
        var reply = await Dolphin.PostAsync(Queues, here, ("queue", "etl"), ("queueName", "etl"), ("environment", "production"), ("tasksMax", "4"), ("cuMax", 100));
        Assert.Equal(201, reply.Status);
        var id = reply.Data().GetProperty("id").GetInt32();
        RunListTests.Expect(reply.Data(), """{"queueName":"etl","queue":"etl","environment":"PRODUCTION","tasksMax":4,"cuMax":100}""");
        (await Dolphin.PostAsync(Queues, here, ("queue", "etl"), ("queueName", "etl"))).Refused(10130);
        (await Dolphin.PostAsync(Queues + "/verify", here, ("queue", "etl"), ("queueName", "etl"))).Refused(10130);
        (await Dolphin.PostAsync(Queues + "/verify", ("queue", "etl"), ("queueName", "etl"))).Data(); // elsewhere the name is free

        var changed = (await Dolphin.PutAsync($"{Queues}/{id}", here, ("queueName", "etl"), ("queue", "etl"), ("environment", "BOTH"), ("tasksMax", 5))).Data();
        RunListTests.Expect(changed, $$"""{"id":{{id}},"queueName":"etl","environment":"BOTH","tasksMax":5,"cuMax":100}""");
        var page = (await Dolphin.GetAsync(Queues, here, ("searchVal", "ETL"))).Data();
        Assert.Equal(1, page.GetProperty("total").GetInt32());
        Assert.Equal("etl", page.GetProperty("totalList")[0].GetProperty("queueName").GetString());
        Assert.Equal(3, (await Dolphin.GetAsync(Queues, here, ("pageSize", 2))).Data().GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Our_own_addresses_show_the_same_queues_in_our_words()
    {
        var workspace = await Server.CreateWorkspaceAsync();
        var path = $"/porpoise/v1/workspaces/{workspace.Id}/queues";
        using var body = new StringContent("""{"name":"ml","environment":"BOTH","tasksMax":2,"cuMax":0}""", System.Text.Encoding.UTF8, "application/json");
        var created = await Dolphin.SendAsync(HttpMethod.Post, path, body);
        Assert.Equal(201, created.Status);
        RunListTests.Expect(created.Data(), """{"name":"ml","environment":"BOTH","tasksMax":2,"cuMax":0}""");
        using var change = new StringContent("""{"tasksMax":5}""", System.Text.Encoding.UTF8, "application/json");
        RunListTests.Expect((await Dolphin.SendAsync(HttpMethod.Put, $"{path}/{created.Data().GetProperty("id").GetInt32()}", change)).Data(), """{"name":"ml","environment":"BOTH","tasksMax":5}""");
        Assert.Equal(["root_queue", "dev_queue", "ml"], (await Cloud.GetAsync(path)).Data().EnumerateArray().Select(q => q.GetProperty("name").GetString()));
        Assert.Equal(
            JsonValueKind.String,
            (await Dolphin.GetAsync(Queues + "/list", ("projectCode", workspace.Id.Value))).Data().EnumerateArray().Single(q => q.GetProperty("tasksMax").GetInt32() == 5).GetProperty("createTime").ValueKind);
    }

    [Fact]
    public async Task A_standard_queue_keeps_its_environment_and_takes_limits()
    {
        var workspace = await Server.CreateWorkspaceAsync();
        var path = $"/porpoise/v1/workspaces/{workspace.Id}/queues";
        var id = (await Dolphin.GetAsync(path)).Data()[0].GetProperty("id").GetInt32();
        (await Dolphin.PutAsync($"{path}/{id}", ("environment", "BOTH"))).Refused(10001);
        Assert.Equal(7, (await Dolphin.PutAsync($"{path}/{id}", ("tasksMax", 7))).Data().GetProperty("tasksMax").GetInt32());
    }

    [Theory]
    [InlineData("queueName", "")]
    [InlineData("queueName", " a")]
    [InlineData("queueName", "a\n")]
    [InlineData("environment", "TEST")]
    [InlineData("tasksMax", "-1")]
    [InlineData("tasksMax", "1000001")]
    [InlineData("cuMax", "x")]
    [InlineData("queue", "another name")]
    public async Task What_cannot_be_taken_is_refused_by_name(string name, string value)
    {
        var parameters = new Dictionary<string, object?> { ["queueName"] = "q-" + Guid.NewGuid().ToString("N") };
        parameters[name] = value;
        Assert.Contains(name, (await Dolphin.PostAsync(Queues, [.. parameters.Select(p => (p.Key, p.Value))])).Refused(10001), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_bounded_and_a_workspace_that_is_none_is_named()
    {
        (await Dolphin.PostAsync(Queues, ("queueName", new string('q', 201)))).Refused(10001);
        (await Dolphin.GetAsync(Queues, ("projectCode", 4711))).Refused(10018);
        (await Dolphin.PutAsync(Queues + "/2147483647", ("queueName", "q"))).Refused(10128);
    }

    [Fact]
    public async Task A_queue_keeps_its_name()
    {
        var workspace = await Server.CreateWorkspaceAsync();
        var path = $"/porpoise/v1/workspaces/{workspace.Id}/queues";
        var id = (await Dolphin.PostAsync(path, ("name", "before"))).Data().GetProperty("id").GetInt32();
        foreach (var name in new[] { "after", "root_queue", "Before" })
        {
            Assert.Contains($"'{name}'", (await Dolphin.PutAsync($"{path}/{id}", ("name", name), ("tasksMax", 3))).Refused(10001), StringComparison.Ordinal);
            (await Dolphin.PutAsync($"{Queues}/{id}", ("projectCode", workspace.ProjectCode), ("queueName", name))).Refused(10001);
        }

        var standard = (await Dolphin.GetAsync(path)).Data()[0].GetProperty("id").GetInt32();
        (await Dolphin.PutAsync($"{path}/{standard}", ("name", "other"))).Refused(10001);
        RunListTests.Expect((await Dolphin.PutAsync($"{path}/{id}", ("name", "before"))).Data(), $$"""{"id":{{id}},"name":"before","tasksMax":0}""");
        Assert.Equal(["root_queue", "dev_queue", "before"], (await Dolphin.GetAsync(path)).Data().EnumerateArray().Select(q => q.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task The_queues_of_a_deleted_workspace_are_forgotten()
    {
        var workspace = await Server.CreateWorkspaceAsync();
        Assert.Equal(2, Server.Queues.ListOf(workspace.Id).Count);
        (await Dolphin.DeleteAsync($"/dolphinscheduler/projects/{workspace.ProjectCode}")).Data();
        Assert.Empty(Server.Queues.ListOf(workspace.Id));
        Assert.NotEmpty(Server.Queues.ListOf(Server.Workspace.Id));
    }
}
