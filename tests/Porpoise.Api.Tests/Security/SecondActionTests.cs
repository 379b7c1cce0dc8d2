using System.Globalization;
using Porpoise.Api.Tests.Definitions;
using Porpoise.Api.Tests.Serving;
using Porpoise.Core.Policies;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Tests.Security;

/// <summary>Operations that can do what another one is for: a policy that forbids the other one holds for them too.</summary>
public sealed class SecondActionTests(ApiServer server) : ApiTest(server)
{
    [Fact]
    public async Task Creating_worker_groups_is_no_way_to_change_them()
    {
        using var caller = await CreateWithoutAsync("UpdateWorkerGroup");
        var made = (await caller.PostAsync("/dolphinscheduler/worker-groups", ("name", "second-action"), ("slots", 3))).Data().GetProperty("id").GetInt32();
        var reply = await caller.PostAsync("/dolphinscheduler/worker-groups", ("id", made), ("name", "second-action"), ("slots", 0));
        Assert.Equal((403, 1500005), (reply.Status, reply.Code));
        var groups = (await Dolphin.GetAsync("/porpoise/v1/worker-groups")).Data().EnumerateArray();
        Assert.Equal(3, groups.Single(g => g.GetProperty("id").GetInt32() == made).GetProperty("slots").GetInt32());
        (await Dolphin.DeleteAsync(string.Create(CultureInfo.InvariantCulture, $"/porpoise/v1/worker-groups/{made}"))).Data();
    }

    [Fact]
    public async Task Adding_members_is_no_way_to_give_a_member_another_role()
    {
        using var caller = await CreateWithoutAsync("GrantRoleToUsers");
        (await Server.CreateUserAsync("second-action-guest", [])).Dispose();
        var members = $"/porpoise/v1/workspaces/{Server.Workspace.Id.Value}/members";
        (await caller.PostAsync(members, ("userName", "second-action-guest"), ("role", "Guest"))).Data();
        var reply = await caller.PostAsync(members, ("userName", "second-action-guest"), ("role", "Owner"));
        Assert.Equal((403, 1500005), (reply.Status, reply.Code));
        (await Dolphin.PostAsync(members, ("userName", "second-action-guest"), ("role", "DataScience"))).Data();
    }

    [Fact]
    public async Task Saving_development_tasks_is_no_way_to_publish_them()
    {
        using var caller = await CreateWithoutAsync("CommitTask");
        var tasks = $"/porpoise/v1/workspaces/{Server.Workspace.Id.Value}/tasks";
        var sql = (("name", (object?)"second-action"), ("type", (object?)"SQL"), ("code", (object?)"SELECT 1"));
        Assert.Equal(403, (await caller.PostAsync(tasks, sql.Item1, sql.Item2, sql.Item3, ("publish", true))).Status);
        var id = (await caller.PostAsync(tasks, sql.Item1, sql.Item2, sql.Item3)).Data().GetProperty("taskBizId").GetString();
        Assert.Equal(403, (await caller.PutAsync($"{tasks}/{id}", ("code", "SELECT 2"), ("publish", true))).Status);
        (await caller.PutAsync($"{tasks}/{id}", ("code", "SELECT 2"))).Data();
    }

    [Fact]
    public async Task Deleting_several_runs_is_no_way_to_delete_one()
    {
        using var caller = await CreateWithoutAsync("DeleteProcessInstance");
        Assert.Equal(403, (await caller.PostAsync(Project + "/process-instances/batch-delete", ("processInstanceIds", 4711))).Status);
        (await Dolphin.PostAsync(Project + "/process-instances/batch-delete", ("processInstanceIds", 4711))).Refused(50001);
    }

    [Fact]
    public async Task Saving_a_workflow_is_no_way_to_publish_it_for_whom_that_is_forbidden()
    {
        using var caller = await CreateWithoutAsync("PublishWorkflowDefinition");
        Assert.Equal(403, (await caller.PostAsync(Project + "/process-definition", Form("second-action").With("releaseState", "ONLINE").Parameters)).Status);
        var code = (await caller.PostAsync(Project + "/process-definition", Form("second-action").Parameters)).Data().GetProperty("code").GetInt64();
        Assert.Equal(403, (await caller.PutAsync($"{Project}/process-definition/{code}", Form("second-action").With("publish", "true").Parameters)).Status);

        // DolphinScheduler's UI says OFFLINE with every save; that takes nothing back unless something is published.
        var offline = Form("second-action").With("releaseState", "OFFLINE");
        (await caller.PutAsync($"{Project}/process-definition/{code}", offline.Parameters)).Data();
        (await caller.PostAsync(Project + "/process-definition", Form("second-action-offline").With("releaseState", "OFFLINE").Parameters)).Data();
        (await Dolphin.PostAsync($"{Project}/process-definition/{code}/release", ("releaseState", "ONLINE"))).Data();
        using var signing = ApiCaller.Signing(Server.Url, await Server.CreateAccessKeyAsync("without-PublishWorkflowDefinition"));
        Assert.Equal(403, (await signing.PutAsync($"{Project}/process-definition/{code}/basic-info", offline.Parameters)).Status);
        (await Dolphin.PostAsync($"{Project}/process-definition/{code}/release", ("releaseState", "OFFLINE"))).Data();
        var apply = $"/porpoise/v1/workspaces/{Server.Workspace.Id.Value}/workflows/apply";
        const string File = "name: second-action-file\ntasks:\n  a:\n    type: NOOP\n";
        Assert.Equal(403, (await caller.PostAsync(apply, ("file", File), ("publish", true))).Status);
        (await caller.PostAsync(apply, ("file", File))).Data();

        // Whom it is merely not allowed may do what the operation can, as in the cloud.
        using var saver = await Server.CreateUserAsync("second-action-saver", [], WorkspaceRole.Owner);
        await Server.AttachAsync(IdentityKind.User, "second-action-saver", """{"Version":"1","Statement":[{"Effect":"Allow","Action":"emr-serverless-spark:CreateProcessDefinitionWithSchedule","Resource":"*"}]}""");
        (await saver.PostAsync(Project + "/process-definition", Form("second-action-saved").With("publish", "true").Parameters)).Data();
    }

    [Fact]
    public async Task Asking_several_runs_is_no_way_to_ask_one_for_whom_that_is_forbidden()
    {
        using var caller = await CreateWithoutAsync("Execute");
        Assert.Equal(403, (await caller.PostAsync(Project + "/executors/batch-execute", ("processInstanceIds", 4711), ("executeType", "STOP"))).Status);
        (await Dolphin.PostAsync(Project + "/executors/batch-execute", ("processInstanceIds", 4711), ("executeType", "STOP"))).Refused(50001);
    }

    private static DefinitionForm Form(string name) => DefinitionForm.Sound(name);

    private async Task<ApiCaller> CreateWithoutAsync(string action)
    {
        var name = "without-" + action;
        var caller = await Server.CreateUserAsync(name, ["AliyunEMRServerlessSparkFullAccess"], WorkspaceRole.Owner);
        await Server.AttachAsync(IdentityKind.User, name, $$"""{"Version":"1","Statement":[{"Effect":"Deny","Action":"emr-serverless-spark:{{action}}","Resource":"*"}]}""");
        return caller;
    }
}
