using System.Text;
using System.Text.Json;
using Porpoise.Api.Tests.Serving;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using static Porpoise.Api.Tests.Serving.Definitions;

namespace Porpoise.Api.Tests.Library;

/// <summary>The task library over HTTP.</summary>
public sealed class LibraryTests(ApiServer server) : ApiTest(server)
{
    private string Tasks => $"/porpoise/v1/workspaces/{Server.Workspace.Id}/tasks";

    [Fact]
    public async Task A_development_task_is_created_shown_changed_published_and_deleted()
    {
        var created = (await Dolphin.PostAsync(Tasks, ("name", "all members"), ("type", "jar"), ("entryFile", "s3a://b/x.jar"), ("mainClass", "org.X"), ("arguments", """["a b","","'"]"""), ("sparkConf", """{"spark.a":"1","spark.b":2}"""))).Data();
        var id = created.GetProperty("taskBizId").GetString()!;
        Assert.StartsWith("TSK-", id, StringComparison.Ordinal);
        Assert.Equal(("JAR", 1, JsonValueKind.Null), (created.GetProperty("type").GetString(), created.GetProperty("version").GetInt32(), created.GetProperty("publishedVersion").ValueKind));

        var changed = (await Cloud.PutAsync($"{Tasks}/{id}", ("mainClass", "org.Y"), ("remark", "renamed"), ("publish", true))).Data();
        Assert.Equal((2, 2), (changed.GetProperty("version").GetInt32(), changed.GetProperty("publishedVersion").GetInt32()));
        var shown = (await Dolphin.GetAsync($"{Tasks}/{id}")).Data();
        Assert.Equal(("org.Y", "s3a://b/x.jar", "renamed", "2"), (shown.GetProperty("mainClass").GetString(), shown.GetProperty("entryFile").GetString(), shown.GetProperty("remark").GetString(), shown.GetProperty("sparkConf").GetProperty("spark.b").GetString()));
        Assert.Equal(["a b", "", "'"], shown.GetProperty("arguments").EnumerateArray().Select(a => a.GetString()));
        Assert.Equal("org.X", (await Dolphin.GetAsync($"{Tasks}/{id}", ("version", 1))).Data().GetProperty("mainClass").GetString());
        (await Dolphin.GetAsync($"{Tasks}/{id}", ("version", 3))).Refused(10153);

        Assert.Equal(1, (await Dolphin.PostAsync($"{Tasks}/{id}/publish", ("version", 1))).Data().GetProperty("publishedVersion").GetInt32());
        Assert.Equal([2, 1], (await Dolphin.GetAsync($"{Tasks}/{id}/versions")).Data().GetProperty("totalList").EnumerateArray().Select(v => v.GetProperty("version").GetInt32()));
        Assert.Equal(1, (await Dolphin.GetAsync(Tasks, ("searchVal", "ALL MEM"))).Data().GetProperty("total").GetInt32());

        (await Dolphin.DeleteAsync($"{Tasks}/{id}")).Data();
        (await Dolphin.GetAsync($"{Tasks}/{id}")).Refused(1500060);
    }

    [Fact]
    public async Task Changes_at_the_same_time_take_nothing_back_from_each_other()
    {
        const int EachAtOnce = 12;
        var id = await CreateAsync("changed at the same time");
        await Task.WhenAll(Enumerable.Range(1, EachAtOnce).SelectMany(i => (Task[])[ChangeAsync("code", $"select {i} from changed"), ChangeAsync("description", $"said {i}")]));

        var codes = new List<string>();
        for (var version = 1; version <= 1 + (2 * EachAtOnce); version++)
        {
            var shown = (await Dolphin.GetAsync($"{Tasks}/{id}", ("version", version))).Data();
            codes.Add(shown.GetProperty("code").GetString()!);
            if (shown.GetProperty("remark").GetString() == "description")
            {
                Assert.Equal(codes[^2], codes[^1]);
            }
        }

        async Task ChangeAsync(string name, string value) => (await Dolphin.PutAsync($"{Tasks}/{id}", (name, value), ("remark", name))).Data();
    }

    [Fact]
    public async Task A_json_body_serves_as_well_as_a_form()
    {
        using var body = new StringContent("""{"name":"by json","type":"PYTHON","code":"print('工')\n","sparkConf":[{"key":"spark.a","value":"x=y"}],"publish":true}""", Encoding.UTF8, "application/json");
        var reply = await Dolphin.SendAsync(HttpMethod.Post, Tasks, body);
        var shown = (await Dolphin.GetAsync($"{Tasks}/{reply.Data().GetProperty("taskBizId").GetString()}")).Data();
        Assert.Equal(("print('工')\n", "x=y", 1), (shown.GetProperty("code").GetString(), shown.GetProperty("sparkConf").GetProperty("spark.a").GetString(), shown.GetProperty("publishedVersion").GetInt32()));
    }

    [Theory]
    [InlineData("name", "")]
    [InlineData("name", "a\nb")]
    [InlineData("type", "SCALA")]
    [InlineData("code", "")]
    [InlineData("entryFile", "x.jar")]
    [InlineData("mainClass", "org.X")]
    [InlineData("arguments", """["a"]""")]
    [InlineData("arguments", "a b")]
    [InlineData("sparkConf", """{"hive.x":"1"}""")]
    [InlineData("sparkConf", """{"spark.x y":"1"}""")]
    [InlineData("sparkConf", """[{"key":"spark.a","value":"1"},{"key":"spark.a","value":"2"}]""")]
    [InlineData("sparkConf", """{"spark.a":[]}""")]
    [InlineData("catalog", "a.b")]
    [InlineData("database", "1a")]
    public async Task What_cannot_be_taken_is_refused_by_name(string name, string value)
    {
        var parameters = new Dictionary<string, object?> { ["name"] = Guid.NewGuid().ToString("N"), ["type"] = "SQL", ["code"] = "select 1" };
        parameters[name] = value;
        Assert.Contains(name, (await Dolphin.PostAsync(Tasks, [.. parameters.Select(p => (p.Key, p.Value))])).Refused(10001), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_taken_once_and_a_kind_stays()
    {
        var id = await CreateAsync("taken");
        (await Dolphin.PostAsync(Tasks, ("name", "taken"), ("type", "SQL"), ("code", "select 1"))).Refused(1500061);
        Assert.Contains("SQL", (await Dolphin.PutAsync($"{Tasks}/{id}", ("type", "PYTHON"))).Refused(10001), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_a_workflow_refers_to_is_not_deleted()
    {
        var id = await CreateAsync("used");
        var definition = Of(Noop(1) with { Type = TaskTypes.EmrServerlessSpark, Params = $$"""{"taskBizId":"{{id}}"}""" });
        await Server.SaveAsync(definition);
        Assert.Contains(definition.Name, (await Dolphin.DeleteAsync($"{Tasks}/{id}")).Refused(1500062), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_production_run_takes_what_is_published_and_a_development_run_what_is_newest()
    {
        var id = await CreateAsync("chosen");
        var code = await Server.SaveAsync(OnSpark(id));
        Assert.Contains("'chosen'", (await TryStartAsync(code)).Refused(1500063), StringComparison.Ordinal);
        Assert.Contains("select 1", await ProgramOfAsync(await StartAsync(code, ("isProd", "false"))), StringComparison.Ordinal);

        (await Dolphin.PostAsync($"{Tasks}/{id}/publish")).Data();
        (await Dolphin.PutAsync($"{Tasks}/{id}", ("code", "select 2"))).Data();
        Assert.Contains("select 1", await ProgramOfAsync(await StartAsync(code)), StringComparison.Ordinal);
        Assert.Contains("select 2", await ProgramOfAsync(await StartAsync(code, ("isProd", "false"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_of_a_node_whose_development_task_is_not_there_is_refused()
    {
        foreach (var path in (string[])["start-process-instance", "start-check"])
        {
            var refusal = (await Dolphin.PostAsync($"{Project}/executors/{path}", ("processDefinitionCode", (await Server.SaveAsync(OnSpark("TSK-none"))).Value))).Refused(1500060);
            Assert.Contains("'t1'", refusal, StringComparison.Ordinal);
        }

        var number = await Server.SaveAsync(Of(Noop(1) with { Type = TaskTypes.EmrServerlessSpark, Params = """{"taskBizId":5}""" }));
        Assert.Contains("development task '5'", (await TryStartAsync(number)).Refused(1500060), StringComparison.Ordinal);
    }

    private static WorkflowDefinition OnSpark(string id) => Of(Noop(1) with { Type = TaskTypes.EmrServerlessSpark, Params = $$"""{"taskBizId":"{{id}}"}""" });

    /// <summary>What the run's only task was given to run.</summary>
    private async Task<string> ProgramOfAsync(int run)
    {
        var task = (await Dolphin.GetAsync($"{Project}/process-instances/{run}/tasks")).Data().GetProperty("taskList")[0].GetProperty("id").GetInt32();
        var path = Server.Worker.PathOf(new AttemptKey(new TaskId(task), 1)) + ".log";
        for (var patience = 0; new FileInfo(path) is not { Exists: true, Length: > 0 } && patience < 500; patience++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        return await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
    }

    private async Task<string> CreateAsync(string name) =>
        (await Dolphin.PostAsync(Tasks, ("name", name), ("type", "SQL"), ("code", "select 1"))).Data().GetProperty("taskBizId").GetString()!;
}
