using System.Text.Json.Nodes;
using Porpoise.Api.Tests.Serving;

namespace Porpoise.Api.Tests.Definitions;

public sealed class BatchTests(ApiServer server) : DefinitionTest(server)
{
    [Fact]
    public async Task Copies_have_names_and_codes_of_their_own_and_are_offline()
    {
        var form = DefinitionForm.Sound().Shell("b", 1).With("publish", "true").With("schedule", """{"crontab":"0 0 1 * * ?"}""");
        var code = await CreateAsync(form);
        var copies = (await Dolphin.PostAsync(All + "/batch-copy", ("codes", code), ("targetProjectCode", Server.Workspace.ProjectCode))).Data();
        var copy = await GetAsync(copies[0].GetInt64());
        var head = copy.GetProperty("processDefinition");
        Assert.Matches($"^{form.Name}_copy_[0-9]{{17}}$", Text(head, "name"));
        Assert.Equal(("OFFLINE", 1, "0 0 1 * * ?"), (Text(head, "releaseState"), Int(head, "version"), Text(head.GetProperty("schedule"), "crontab")));
        Assert.Equal(2, copy.GetProperty("taskDefinitionList").GetArrayLength());
        var other = await Server.CreateWorkspaceAsync();
        (await Cloud.PostAsync(All + "/batch-copy", ("codes", code), ("targetProjectCode", other.Id.Value))).Data();
        Assert.Equal(1, Int((await Dolphin.GetAsync(PathOf(other) + "/process-definition", ("pageNo", 1), ("pageSize", 10))).Data(), "total"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("n")]
    public async Task A_long_name_is_cut_between_characters(string start)
    {
        var name = start + Guid.NewGuid().ToString("N") + string.Concat(Enumerable.Repeat("🐬", 80));
        var copies = (await Dolphin.PostAsync(All + "/batch-copy", ("codes", await CreateAsync(DefinitionForm.Sound(name))), ("targetProjectCode", Server.Workspace.ProjectCode))).Data();
        var kept = Text(await GetHeadAsync(copies[0].GetInt64()), "name").Split("_copy_")[0];
        Assert.StartsWith(kept, name, StringComparison.Ordinal);
        Assert.InRange(kept.Length, 176, 177);
    }

    [Fact]
    public async Task Copies_that_are_made_in_the_same_millisecond_have_different_names()
    {
        var code = await CreateAsync(DefinitionForm.Sound());
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Dolphin.PostAsync(All + "/batch-copy", ("codes", code), ("targetProjectCode", Server.Workspace.ProjectCode))));
        Assert.Equal(40, answers.Select(a => a.Data()[0].GetInt64()).Distinct().Count());
    }

    [Fact]
    public async Task What_moves_is_gone_here_and_there_with_its_code()
    {
        var other = await Server.CreateWorkspaceAsync();
        var (one, two) = (await CreateAsync(DefinitionForm.Sound()), await CreateAsync(DefinitionForm.Sound()));
        (await Dolphin.PostAsync(All + "/batch-move", ("codes", $"{one},{two}"), ("targetProjectCode", other.ProjectCode))).Data();
        (await Dolphin.GetAsync(PathOf(one))).Refused(WorkflowNotFound);
        (await Dolphin.GetAsync($"{PathOf(other)}/process-definition/{two}")).Data();
        Assert.Contains("another workspace", (await Dolphin.PostAsync(All + "/batch-move", ("codes", one), ("targetProjectCode", Server.Workspace.ProjectCode))).Refused(BadParameter), StringComparison.Ordinal);
        (await Dolphin.PostAsync(All + "/batch-move", ("codes", one), ("targetProjectCode", 77))).Refused(10018);
        (await Dolphin.PostAsync(All + "/batch-move", ("codes", one))).Refused(BadParameter);
    }

    [Fact]
    public async Task A_definition_fits_only_where_its_queues_are()
    {
        (await Dolphin.PostAsync("/dolphinscheduler/queues", ("queue", "etl"), ("queueName", "etl"))).Data();
        var code = await CreateAsync(DefinitionForm.Sound().With("resourceQueue", "etl"));
        var other = await Server.CreateWorkspaceAsync();
        foreach (var path in (string[])["/batch-copy", "/batch-move"])
        {
            Assert.Contains($"{code}: resourceQueue: The workspace has no queue 'etl'", (await Dolphin.PostAsync(All + path, ("codes", code), ("targetProjectCode", other.ProjectCode))).Refused(QueueNotFound), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_definition_fits_only_where_its_data_sources_are()
    {
        var source = (await Dolphin.PostAsync($"/porpoise/v1/workspaces/{Server.Workspace.Id}/data-sources", ("name", Guid.NewGuid().ToString("N")), ("type", "SQLITE"), ("database", "/no/such/file.db"))).Data().GetProperty("id").GetInt32();
        var form = new DefinitionForm().Node("a", "SQL", new JsonObject { ["type"] = "SQLITE", ["datasource"] = source, ["sql"] = "select 1" });
        var code = await CreateAsync(form);
        var other = await Server.CreateWorkspaceAsync();
        foreach (var path in (string[])["/batch-copy", "/batch-move"])
        {
            Assert.Contains($"There is no data source {source} in the workspace; it has none.", (await Dolphin.PostAsync(All + path, ("codes", code), ("targetProjectCode", other.ProjectCode))).Refused(DataSourceNotFound), StringComparison.Ordinal);
        }

        (await Dolphin.DeleteAsync($"/dolphinscheduler/datasources/{source}")).Data();
        (await TryUpdateAsync(code, form.With("description", "changed"))).Refused(DataSourceNotFound);
    }

    [Fact]
    public async Task What_can_be_deleted_is_and_the_rest_is_named()
    {
        var (free, online) = (await CreateAsync(DefinitionForm.Sound()), await CreateAsync(DefinitionForm.Sound().With("publish", "true")));
        var refusal = (await Dolphin.PostAsync(All + "/batch-delete", ("codes", $"{online},{free},77"))).Refused(DefinitionOnline);
        Assert.StartsWith("1 of 3 are done; refused:\n" + online, refusal, StringComparison.Ordinal);
        Assert.Contains("77: There is no workflow definition 77", refusal, StringComparison.Ordinal);
        (await Dolphin.GetAsync(PathOf(free))).Refused(WorkflowNotFound);
        await GetHeadAsync(online);
        (await Dolphin.DeleteAsync(PathOf(online))).Refused(DefinitionOnline);
        await Dolphin.PostAsync(PathOf(online) + "/release", ("releaseState", "OFFLINE"));
        (await Cloud.DeleteAsync(PathOf(online))).Data();
        (await Cloud.DeleteAsync(PathOf(online))).Refused(WorkflowNotFound);
    }

    [Fact]
    public async Task A_definition_with_a_run_under_way_stays()
    {
        var code = await Server.SaveAsync(Serving.Definitions.Of(Serving.Definitions.Holds(1)));
        var run = await StartAsync(code);
        await Dolphin.PostAsync(PathOf(code.Value) + "/release", ("releaseState", "OFFLINE"));
        (await Dolphin.DeleteAsync(PathOf(code.Value))).Refused(10163);
        (await Dolphin.PostAsync(Project + "/executors/execute", ("processInstanceId", run), ("executeType", "STOP"))).Data();
        await WaitAsync(run);
        (await Dolphin.DeleteAsync(PathOf(code.Value))).Data();
    }
}
