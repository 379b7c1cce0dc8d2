using System.Text.Json;
using Porpoise.Api.Operations;
using Porpoise.Api.Tests.Serving;
using Porpoise.Core.Policies;

namespace Porpoise.Api.Tests.Security;

/// <summary>
/// Every address, called by everybody who must not get through. A new operation is in here by being in the table; one that is not for everybody who is
/// known has to be in the lists below, which say it independently of the code.
/// </summary>
public sealed class RouteWalkTests(ApiServer server) : ApiTest(server)
{
    private const int NotAuthorised = 1500005;
    private const int NoPermissionInWorkspace = 1400009;
    private const string Full = "AliyunEMRServerlessSparkFullAccess";
    private const string ReadOnly = "AliyunEmrServerlessSparkReadOnlyAccess";
    private const string Developer = "AliyunEMRServerlessSparkDeveloperAccess";
    private const string Administrator = "PorpoiseAdministratorAccess";

    /// <summary>Below a workspace, what only its owners may do.</summary>
    private static readonly HashSet<string> Owners =
    [
        "PUT /dolphinscheduler/projects/{projectCode}", "DELETE /dolphinscheduler/projects/{projectCode}",
        "POST /porpoise/v1/workspaces/{projectCode}/queues", "PUT /porpoise/v1/workspaces/{projectCode}/queues/{id}",
        "POST /porpoise/v1/workspaces/{projectCode}/data-sources", "PUT /porpoise/v1/workspaces/{projectCode}/data-sources/{id}", "DELETE /porpoise/v1/workspaces/{projectCode}/data-sources/{id}",
        "POST /porpoise/v1/workspaces/{projectCode}/data-sources/connect", "POST /porpoise/v1/workspaces/{projectCode}/data-sources/{id}/connect",
    ];

    /// <summary>Below a workspace, what reads though it is no GET, and what changes though it is one.</summary>
    private static readonly HashSet<string> ReadsByPost =
    [
        "POST /dolphinscheduler/projects/{projectCode}/process-definition/batch-export", "POST /dolphinscheduler/projects/{projectCode}/executors/start-check",
    ];

    private static readonly HashSet<string> ChangesByGet =
    [
        "GET /dolphinscheduler/projects/{projectCode}/process-definition/{code}/versions/{version}", "GET /dolphinscheduler/datasources/{id}/connect-test",
    ];

    /// <summary>Needs GenerateTaskCodes, which no ReadOnly policy has, and which only those need who make workflows.</summary>
    private const string GenerateCodes = "GET /dolphinscheduler/projects/{projectCode}/task-definition/gen-task-codes";

    private static IEnumerable<string> Open => ["POST /dolphinscheduler/login"];

    private static IEnumerable<string> ForEveryone => ["POST /dolphinscheduler/signOut", "POST / AssumeRole", "POST / GetCallerIdentity"];

    private IEnumerable<Operation> Guarded => Server.Table.All.Where(o => !Open.Contains(NameOf(o)) && !ForEveryone.Contains(NameOf(o)));

    private IEnumerable<Operation> InWorkspace => Guarded.Where(o => o.InWorkspace);

    [Fact]
    public void Only_those_that_are_listed_ask_no_policy()
    {
        Assert.Equal(Open.Order(), Server.Table.All.Where(o => o.IsOpen).Select(NameOf).Order());
        Assert.Equal(ForEveryone.Order(), Server.Table.All.Where(o => o.IsForEveryone).Select(NameOf).Order());
    }

    [Fact]
    public async Task Somebody_without_policies_is_denied_everything_and_told_by_which_action()
    {
        using var stranger = await Server.CreateUserAsync("stranger", [], WorkspaceRole.Owner);
        foreach (var operation in Guarded)
        {
            var reply = await CallAsync(stranger, operation);
            Assert.True(reply.Status == 403, $"{NameOf(operation)}: HTTP {reply.Status} {reply.Text}");
            reply.Refused(NotAuthorised);
            var detail = reply.Json.GetProperty("AccessDeniedDetail");
            Assert.Equal((operation.Action, "ImplicitDeny", "SubUser"), (detail.GetProperty("AuthAction").GetString(), detail.GetProperty("NoPermissionType").GetString(), detail.GetProperty("AuthPrincipalType").GetString()));
            Assert.StartsWith("AQE", detail.GetProperty("EncodedDiagnosticMessage").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Somebody_with_all_policies_who_is_no_member_gets_into_no_workspace_and_is_not_told_whether_there_is_one()
    {
        var other = await Server.CreateWorkspaceAsync();
        using var outsider = await Server.CreateUserAsync("outsider", [Administrator], WorkspaceRole.Owner, other);
        foreach (var operation in InWorkspace)
        {
            AssertKeptOut(await CallAsync(outsider, operation), operation);
            AssertKeptOut(await CallAsync(outsider, operation, workspace: "w-0000000000000000"), operation);
        }
    }

    [Fact]
    public async Task Lists_across_workspaces_have_only_those_of_the_caller()
    {
        var other = await Server.CreateWorkspaceAsync();
        using var member = await Server.CreateUserAsync("one-of-two", [Full], WorkspaceRole.Guest, other);
        foreach (var path in (string[])["projects/list", "projects/created-and-authed", "projects/authed-project", "projects/list-dependent"])
        {
            var only = Assert.Single((await member.GetAsync("/dolphinscheduler/" + path)).Data().EnumerateArray());
            Assert.Equal(other.ProjectCode, only.GetProperty("code").GetInt64());
        }

        Assert.Equal(1, (await member.GetAsync("/dolphinscheduler/projects")).Data().GetProperty("total").GetInt64());
        Assert.Equal(0, (await member.GetAsync("/dolphinscheduler/projects/analysis/define-user-count")).Data().GetProperty("count").GetInt64());
        (await member.GetAsync("/dolphinscheduler/projects/analysis/process-state-count", ("projectCode", Server.Workspace.ProjectCode))).Refused(NoPermissionInWorkspace);
        (await member.GetAsync("/dolphinscheduler/queues", ("projectCode", Server.Workspace.ProjectCode))).Refused(NoPermissionInWorkspace);
        (await member.PostAsync("/dolphinscheduler/queues", ("projectCode", other.ProjectCode), ("queueName", "q"))).Refused(NoPermissionInWorkspace); // a guest
    }

    [Fact]
    public async Task A_task_of_another_workspace_has_no_log_for_the_caller()
    {
        var run = await RunAsync(Serving.Definitions.Of(Serving.Definitions.Exits(1)));
        var task = (await Dolphin.GetAsync($"{Project}/process-instances/{run}/tasks")).Data().GetProperty("taskList")[0].GetProperty("id").GetInt32();
        using var member = await Server.CreateUserAsync("log-reader", [Full], WorkspaceRole.Owner, await Server.CreateWorkspaceAsync());
        (await member.GetAsync("/dolphinscheduler/log/detail", ("taskInstanceId", (object)task))).Refused(10008);
    }

    [Fact]
    public async Task A_reader_reads_and_changes_nothing()
    {
        using var reader = await Server.CreateUserAsync("reader", [ReadOnly], WorkspaceRole.Guest);
        foreach (var operation in Guarded)
        {
            var reply = await CallAsync(reader, operation);
            var mayPass = Reads(operation) && operation.Action.StartsWith("emr-serverless-spark:", StringComparison.Ordinal);
            Assert.True(mayPass == (reply.Status != 403), $"{NameOf(operation)}: HTTP {reply.Status} {reply.Text}");
            Assert.True(!mayPass || !IsKeptOut(reply), $"{NameOf(operation)}: {reply.Text}");
        }
    }

    [Fact]
    public async Task A_developer_changes_workflows_but_neither_the_workspace_nor_who_may_do_what()
    {
        using var developer = await Server.CreateUserAsync("developer", [Developer], WorkspaceRole.DataEngineering);
        foreach (var operation in Guarded.Where(o => !o.Action.StartsWith("emr-serverless-spark:", StringComparison.Ordinal) || o.Action.EndsWith("eWorkspace", StringComparison.Ordinal)))
        {
            Assert.Equal(403, (await CallAsync(developer, operation)).Status);
        }
    }

    [Theory]
    [InlineData(WorkspaceRole.Guest)]
    [InlineData(WorkspaceRole.DataScience)]
    [InlineData(WorkspaceRole.DataEngineering)]
    [InlineData(WorkspaceRole.Owner)]
    public async Task The_role_in_the_workspace_limits_what_policies_allow(WorkspaceRole role)
    {
        var workspace = await Server.CreateWorkspaceAsync();
        using var member = await Server.CreateUserAsync($"member-{role}", [Administrator], role, workspace);
        foreach (var operation in InWorkspace.OrderBy(o => NameOf(o) == "DELETE /dolphinscheduler/projects/{projectCode}"))
        {
            var least = Owners.Contains(NameOf(operation)) || operation.Path.Contains("/members", StringComparison.Ordinal) && operation.Method != "GET" ? WorkspaceRole.Owner
                : Reads(operation) && NameOf(operation) != GenerateCodes ? WorkspaceRole.Guest : WorkspaceRole.DataEngineering;
            var reply = await CallAsync(member, operation, workspace.Id.Value);
            Assert.True(IsKeptOut(reply) == role < least, $"{NameOf(operation)} by {role}: {reply.Text}");
        }
    }

    [Fact]
    public async Task Whoever_creates_a_workspace_owns_it()
    {
        using var creator = await Server.CreateUserAsync("creator", [Full]);
        var code = (await creator.PostAsync("/dolphinscheduler/projects", ("projectName", "of-creator"))).Data().GetProperty("code").GetInt64();
        (await creator.PutAsync($"/dolphinscheduler/projects/{code}", ("projectName", "renamed-by-creator"))).Data();
        (await creator.DeleteAsync($"/dolphinscheduler/projects/{code}")).Data();
    }

    private static bool Reads(Operation operation) =>
        NameOf(operation) != GenerateCodes
        && (operation.Method == "GET" ? !ChangesByGet.Contains(NameOf(operation)) : ReadsByPost.Contains(NameOf(operation)) || operation.Action.Contains(":Check", StringComparison.Ordinal));

    private static string NameOf(Operation operation) => operation.RpcName is { } rpc ? $"{operation.Method} {operation.Path} {rpc}" : $"{operation.Method} {operation.Path}";

    private static bool IsKeptOut(Reply reply) => reply.Json.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number && code.GetInt32() == NoPermissionInWorkspace;

    private static void AssertKeptOut(Reply reply, Operation operation)
    {
        Assert.True(reply.Status == 200 && IsKeptOut(reply), $"{NameOf(operation)}: HTTP {reply.Status} {reply.Text}");
        Assert.Equal("No permission for resource action", reply.Message);
    }

    /// <summary>Whatever else the path names does not exist.</summary>
    private Task<Reply> CallAsync(ApiCaller caller, Operation operation, string? workspace = null)
    {
        var path = operation.Path.Replace("{projectCode}", workspace ?? Server.Workspace.Id.Value, StringComparison.Ordinal);
        while (path.IndexOf('{', StringComparison.Ordinal) is >= 0 and var open)
        {
            path = path[..open] + "2147483647" + path[(path.IndexOf('}', StringComparison.Ordinal) + 1)..];
        }

        return caller.SendAsync(new HttpMethod(operation.Method), path);
    }
}
