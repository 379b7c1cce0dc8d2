using System.Text.Json;
using Porpoise.Api.Tests.Serving;
using Porpoise.Core.Policies;

namespace Porpoise.Api.Tests.Definitions;

/// <summary>Workflows as files, over HTTP: applied, exported, and applied again.</summary>
public sealed class WorkflowFileTests(ApiServer server) : DefinitionTest(server)
{
    private const string Created = "CREATED";
    private const string Changed = "CHANGED";
    private const string Unchanged = "UNCHANGED";

    [Fact]
    public async Task What_is_exported_and_applied_changes_nothing_whoever_made_it()
    {
        foreach (var isCloud in (bool[])[true, false])
        {
            var form = DefinitionForm.Sound().Shell("b", 1).Emr("c").Edge(2, 3).Edge(1, 3).Noop("d", 3, 1)
                .With("globalParams", """[{"prop":"out","direct":"OUT","type":"VARCHAR","value":""},{"prop":"day","direct":"IN","type":"DATE","value":"2026-01-31"}]""")
                .With("timeout", 90).With("tags", """{"b":"2","a":"1"}""").With("locations", """[{"taskCode":1,"x":5,"y":6}]""").With("regionId", "cn-hangzhou")
                .With("schedule", """{"crontab":"0 0 1 * * ?","timezoneId":"Asia/Shanghai","startTime":"2026-01-01 00:00:00"}""");
            form.Relations[1]!["name"] = "an edge";
            var code = await CreateAsync(form, isCloud);
            var before = await GetAsync(code);
            var yaml = await ExportAsync(form.Name);
            Assert.Equal((Unchanged, 1, Text(before.GetProperty("processDefinition"), "versionHashCode")), await ApplyAsync(yaml));
            Assert.Equal(before.GetRawText(), (await GetAsync(code)).GetRawText());
        }
    }

    [Fact]
    public async Task Applying_is_idempotent_and_keeps_codes_and_places()
    {
        var name = NewName();
        var (first, second) = ($"name: {name}\ntasks:\n  a: {{run: echo 1}}\n", $"name: {name}\ntasks:\n  new: {{type: NOOP}}\n  a: {{run: echo 2, after: new}}\n");
        Assert.Equal((Created, 1), Short(await ApplyAsync(first)));
        Assert.Equal((Unchanged, 1), Short(await ApplyAsync(first)));
        var before = await GetByNameAsync(name);
        Assert.Equal((Changed, 2), Short(await ApplyAsync(second)));
        var after = await GetByNameAsync(name);
        Assert.Equal(NodeCode(before, 0), NodeCode(after, 1));
        Assert.NotEqual(NodeCode(after, 0), NodeCode(after, 1));
        Assert.Equal((Unchanged, 2), Short(await ApplyAsync(second)));
    }

    [Fact]
    public async Task The_schedule_is_what_the_file_says_and_publishing_is_asked_for()
    {
        var name = NewName();
        var body = $"name: {name}\ntasks: {{a: {{run: x}}}}\n";
        var scheduled = body + "schedule: {cron: 0 0 1 * * ?, timezone: Asia/Shanghai}\n";
        await ApplyAsync(scheduled);
        Assert.Equal("Asia/Shanghai", Text((await GetByNameAsync(name)).GetProperty("processDefinition").GetProperty("schedule"), "timezoneId"));
        Assert.Equal((Unchanged, 1), Short(await ApplyAsync(scheduled)));
        Assert.Equal((Changed, 1), Short(await ApplyAsync(body)));
        var head = (await GetByNameAsync(name)).GetProperty("processDefinition");
        Assert.Equal((JsonValueKind.Null, "OFFLINE"), (head.GetProperty("schedule").ValueKind, Text(head, "releaseState")));
        Assert.Equal((Changed, 1), Short(await ApplyAsync(body, ("publish", true))));
        Assert.Equal((Unchanged, 1), Short(await ApplyAsync(body, ("publish", true))));
        Assert.Equal("ONLINE", Text((await GetByNameAsync(name)).GetProperty("processDefinition"), "releaseState"));
        Assert.Equal((Changed, 2), Short(await ApplyAsync(body.Replace("run: x", "run: y", StringComparison.Ordinal)))); // also what is published: production stays with version 1
        Assert.Equal(1, (await GetByNameAsync(name)).GetProperty("processDefinition").GetProperty("publishedVersion").GetInt32());
    }

    [Fact]
    public async Task A_dry_run_says_what_would_change_and_changes_nothing()
    {
        var name = NewName();
        var file = $"name: {name}\ntasks: {{a: {{run: x}}}}\n";
        Assert.Equal((Created, 1), Short(await ApplyAsync(file, ("dryRun", true))));
        (await Dolphin.GetAsync(All + "/query-by-name", ("name", name))).Refused(WorkflowNotFound);
        await ApplyAsync(file);
        Assert.Equal((Changed, 2), Short(await ApplyAsync(file + "description: d\n", ("dryRun", true))));
        Assert.Equal((Unchanged, 1), Short(await ApplyAsync(file, ("dryRun", true))));
    }

    [Fact]
    public async Task Faults_come_with_line_and_column_and_nothing_is_stored()
    {
        var name = NewName();
        var file = $"name: {name}\ntasks: {{a: {{run: x}}}}\n---\nname: {name}-2\ntasks:\n  a:\n    run: x\n    queue: none\n    retries: many\n  b: {{after: c}}\n";
        foreach (var caller in (ApiCaller[])[Dolphin, Cloud])
        {
            var lines = (await caller.PostAsync(Address("apply"), ("file", file))).Refused(QueueNotFound).Split('\n');
            string[] begins = ["8:12: tasks.a.queue: The workspace has no queue 'none'", "9:14: tasks.a.retries: It takes a whole number", "10:3: tasks.b.run: A node of type SHELL", "10:14: tasks.b.after: There is no task 'c'"];
            Assert.Equal(begins.Length, lines.Length);
            Assert.All(begins, (begin, i) => Assert.StartsWith(begin, lines[i], StringComparison.Ordinal));
        }

        (await Dolphin.GetAsync(All + "/query-by-name", ("name", name))).Refused(WorkflowNotFound);
    }

    [Fact]
    public async Task An_export_of_DolphinScheduler_is_applied_and_again_changes_nothing()
    {
        var form = DefinitionForm.Sound().Shell("b", 1);
        var code = await CreateAsync(form);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Server.Url, $"{All}/batch-export?codes={code}"));
        request.Headers.Add("token", Server.Token);
        using var http = new HttpClient();
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var json = (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Replace(form.Name, form.Name + "-moved", StringComparison.Ordinal);
        Assert.Equal((Created, 1), Short(await ApplyAsync(json)));
        Assert.Equal((Unchanged, 1), Short(await ApplyAsync(json)));
        Assert.Equal((Unchanged, 1), Short(await ApplyAsync(await ExportAsync(form.Name + "-moved"))));
        Assert.Contains("processDefinition", (await Dolphin.PostAsync(Address("apply"), ("file", "[{}]"))).Refused(BadImport), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_at_once_make_one_workflow()
    {
        var name = NewName();
        var file = $"name: {name}\ntasks: {{a: {{run: x}}}}\n";
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ApplyAsync(file)));
        Assert.Equal(1, all.Count(a => a.Change == Created));
        Assert.Equal(7, all.Count(a => a.Change == Unchanged));
    }

    [Fact]
    public async Task Who_may_only_create_does_not_change_what_is_there()
    {
        var name = NewName();
        var file = $"name: {name}\ntasks: {{a: {{run: x}}}}\n";
        var policy = "create-" + Guid.NewGuid().ToString("N");
        (await Dolphin.PostAsync("/porpoise/v1/policies", ("policyName", policy), ("document", """{"Version":"1","Statement":[{"Effect":"Allow","Action":["emr-serverless-spark:Create*"],"Resource":"*"}]}"""))).Data();
        using var creator = await Server.CreateUserAsync("creator-only", [], WorkspaceRole.DataEngineering);
        (await Dolphin.PostAsync($"/porpoise/v1/users/creator-only/policies/{policy}")).Data();
        (await creator.PostAsync(Address("apply"), ("file", file))).Data();
        (await creator.PostAsync(Address("apply"), ("file", file))).Refused(1500005);
    }

    private static string NewName() => "f-" + Guid.NewGuid().ToString("N");

    private string Address(string what) => $"/porpoise/v1/workspaces/{Server.Workspace.Id.Value}/workflows/{what}";

    private async Task<(string Change, int Version, string? Hash)> ApplyAsync(string file, params (string Name, object? Value)[] more)
    {
        var one = Assert.Single((await Dolphin.PostAsync(Address("apply"), [("file", file), .. more])).Data().EnumerateArray());
        return (Text(one, "change"), Int(one, "version"), one.GetProperty("versionHashCode").GetString());
    }

    private static (string, int) Short((string Change, int Version, string? Hash) applied) => (applied.Change, applied.Version);

    private async Task<string> ExportAsync(string name) => Text(Assert.Single((await Cloud.GetAsync(Address("export"), ("name", name))).Data().EnumerateArray()), "yaml");

    private async Task<JsonElement> GetByNameAsync(string name) => (await Dolphin.GetAsync(All + "/query-by-name", ("name", name))).Data();

    private static long NodeCode(JsonElement dag, int index) => dag.GetProperty("taskDefinitionList")[index].GetProperty("code").GetInt64();
}
