using System.Text.Json;
using Porpoise.Api.Tests.Serving;
using static Porpoise.Api.Tests.Serving.Definitions;

namespace Porpoise.Api.Tests.Workspaces;

/// <summary>Workspaces at DolphinScheduler's addresses for projects.</summary>
public sealed class WorkspaceTests(ApiServer server) : ApiTest(server)
{
    private const string Projects = "/dolphinscheduler/projects";

    [Fact]
    public async Task A_new_workspace_can_be_used_at_once_under_either_name()
    {
        var name = "项目 " + Guid.NewGuid().ToString("N");
        var reply = await Dolphin.PostAsync(Projects, ("projectName", $"  {name} "), ("description", "of a test"));
        Assert.Equal(201, reply.Status);
        var created = reply.Data();
        var (code, id) = (created.GetProperty("code").GetInt64(), created.GetProperty("workspaceId").GetString()!);
        Assert.Matches("^w-[0-9a-f]{16}$", id);
        Assert.InRange(code, 1, (1L << 53) - 1);
        Runs.RunListTests.Expect(created, $$"""{"name":"{{name}}","description":"of a test","userId":1,"userName":"root","perm":7,"defCount":0,"instRunningCount":0}""");
        Assert.True(created.GetProperty("id").GetInt32() > 0);

        foreach (var project in (string[])[$"{code}", id])
        {
            Assert.Equal(name, (await Dolphin.GetAsync($"{Projects}/{project}")).Data().GetProperty("name").GetString());
            Assert.Equal(["root_queue", "dev_queue"], (await Cloud.GetAsync($"/porpoise/v1/workspaces/{project}/queues")).Data().EnumerateArray().Select(q => q.GetProperty("name").GetString()));
            Assert.Equal(1, (await Dolphin.GetAsync($"{Projects}/{project}/task-definition/gen-task-codes", ("genNum", 1))).Data().GetArrayLength());
        }
    }

    [Fact]
    public async Task Workspaces_are_listed_searched_and_counted()
    {
        var workspace = await Server.CreateWorkspaceAsync();
        await Server.SaveAsync(Of(Noop(1)), workspace: workspace);
        var code = await Server.SaveAsync(Of(Holds(1)), workspace: workspace);
        var run = (await Dolphin.PostAsync(PathOf(workspace) + "/executors/start-process-instance", ("processDefinitionCode", code.Value))).Data()[0].GetInt32();
        var found = (await Dolphin.GetAsync(Projects, ("searchVal", workspace.Name[5..].ToUpperInvariant()), ("pageNo", 1), ("pageSize", 10))).Data();
        var row = Assert.Single(found.GetProperty("totalList").EnumerateArray());
        Runs.RunListTests.Expect(row, $$"""{"code":{{workspace.ProjectCode}},"defCount":2,"instRunningCount":1}""");
        Assert.Equal(0, (await Dolphin.GetAsync(Projects, ("searchVal", "no such"))).Data().GetProperty("total").GetInt32());
        foreach (var list in (string[])["list", "list-dependent", "created-and-authed", "authed-project?userId=1"])
        {
            var all = (await Dolphin.GetAsync($"{Projects}/{list}")).Data().EnumerateArray().Select(p => p.GetProperty("code").GetInt64()).ToList();
            Assert.Contains(workspace.ProjectCode, all);
            Assert.Contains(Server.Workspace.ProjectCode, all);
        }

        Assert.Equal(0, (await Dolphin.GetAsync(Projects + "/unauth-project", ("userId", 1))).Data().GetArrayLength());
        (await Dolphin.GetAsync(Projects + "/unauth-project", ("userId", 2))).Refused(10001);
        Assert.Equal("root", (await Dolphin.GetAsync(Projects + "/authed-user", ("projectCode", workspace.ProjectCode))).Data()[0].GetProperty("userName").GetString());
        (await Dolphin.GetAsync(Projects + "/authed-user", ("projectCode", 4711))).Refused(10018);
        (await Dolphin.PostAsync(PathOf(workspace) + "/executors/execute", ("processInstanceId", run), ("executeType", "STOP"))).Data();
    }

    [Fact]
    public async Task A_workspace_is_renamed_and_described()
    {
        var workspace = await Server.CreateWorkspaceAsync();
        var name = "renamed-" + Guid.NewGuid().ToString("N");
        (await Dolphin.PutAsync(PathOf(workspace), ("projectName", name), ("description", "new"), ("userName", "root"))).Data();
        var now = (await Dolphin.GetAsync(PathOf(workspace))).Data();
        Runs.RunListTests.Expect(now, $$"""{"name":"{{name}}","description":"new","code":{{workspace.ProjectCode}}}""");
        foreach (var (description, expected) in ((string?, string)[])[(null, "new"), ("", "new"), (" ", ""), ("newer", "newer")])
        {
            (await Dolphin.PutAsync(PathOf(workspace), ("projectName", name), ("description", description))).Data(); // its own name is free
            Assert.Equal(expected, (await Dolphin.GetAsync(PathOf(workspace))).Data().GetProperty("description").GetString());
        }

        (await Dolphin.PutAsync(PathOf(workspace), ("projectName", Server.Workspace.Name))).Refused(10019);
        (await Dolphin.PutAsync(PathOf(workspace), ("projectName", name), ("userName", "somebody"))).Refused(1500001);
        (await Dolphin.PutAsync(Projects + "/4711", ("projectName", name))).Refused(10018);
    }

    [Fact]
    public async Task A_name_is_taken_once()
    {
        var workspace = await Server.CreateWorkspaceAsync();
        Assert.Contains(workspace.Name, (await Dolphin.PostAsync(Projects, ("projectName", workspace.Name))).Refused(10019), StringComparison.Ordinal);
        var name = "raced-" + Guid.NewGuid().ToString("N");
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Dolphin.PostAsync(Projects, ("projectName", name))));
        Assert.Equal(1, replies.Count(r => r.Status == 201));
        Assert.Equal(7, replies.Count(r => r.Code == 10019));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a\nb")]
    [InlineData("a\tb")]
    public async Task A_name_that_is_none_is_refused(string name) => Assert.Contains("projectName", (await Dolphin.PostAsync(Projects, ("projectName", name))).Refused(10001), StringComparison.Ordinal);

    [Fact]
    public async Task Names_and_descriptions_are_bounded()
    {
        Assert.Contains("projectName", (await Dolphin.PostAsync(Projects, ("projectName", new string('x', 201)))).Refused(10001), StringComparison.Ordinal);
        Assert.Contains("description", (await Dolphin.PostAsync(Projects, ("projectName", "x"), ("description", new string('x', 4_001)))).Refused(10001), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_an_empty_workspace_is_deleted_and_then_it_is_gone()
    {
        var workspace = await Server.CreateWorkspaceAsync();
        var code = await Server.SaveAsync(Of(Noop(1)), publish: false, workspace);
        (await Dolphin.DeleteAsync(PathOf(workspace))).Refused(10137);
        Assert.Equal(Storage.Workflows.ChangeWorkflowResult.Changed, await Server.Store.DeleteWorkflowAsync(workspace.Id, code, null));
        (await Dolphin.DeleteAsync(PathOf(workspace))).Data();
        (await Dolphin.DeleteAsync(PathOf(workspace))).Refused(10018);
        (await Dolphin.GetAsync(PathOf(workspace) + "/process-instances")).Refused(10018);
        (await Dolphin.GetAsync($"/porpoise/v1/workspaces/{workspace.Id}/queues")).Refused(10018);
        Assert.Equal(201, (await Dolphin.PostAsync(Projects, ("projectName", workspace.Name))).Status);
    }

    [Fact]
    public async Task Calls_find_their_workspace_while_others_are_created_and_deleted()
    {
        var churn = Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var i = 0; i < 10; i++)
            {
                (await Dolphin.DeleteAsync(PathOf(await Server.CreateWorkspaceAsync()))).Data();
            }
        }));
        while (!churn.IsCompleted)
        {
            (await Dolphin.GetAsync(Project)).Data();
        }

        await churn;
    }

    [Fact]
    public async Task A_signed_call_creates_one_too_and_a_repeated_name_of_it_is_refused_in_its_envelope()
    {
        var name = "cloud-" + Guid.NewGuid().ToString("N");
        var reply = await Cloud.PostAsync(Projects, ("projectName", name));
        Assert.Equal((200, 1_000_000), (reply.Status, reply.Code));
        Assert.Equal(JsonValueKind.String, reply.Json.GetProperty("requestId").ValueKind);
        (await Cloud.PostAsync(Projects, ("projectName", name))).Refused(10019);
    }
}
