using Porpoise.Access.Audit;
using Porpoise.Access.Identities;
using Porpoise.Api.Errors;
using Porpoise.Api.Security;
using Porpoise.Api.Tests.Serving;
using Porpoise.Client;
using Porpoise.Core.Policies;
using Porpoise.Storage.Audit;

namespace Porpoise.Api.Tests.Security;

/// <summary>What the audit log has, and what not.</summary>
public sealed class AuditTests(ApiServer server) : ApiTest(server)
{
    [Fact]
    public async Task A_change_is_written_down_with_who_what_where_and_from_where()
    {
        var name = "audited-" + Guid.NewGuid().ToString("N");
        var created = (await Cloud.PostAsync("/dolphinscheduler/projects", ("projectName", name))).Data().GetProperty("code").GetInt64();
        (await Cloud.PutAsync($"/dolphinscheduler/projects/{created}", ("projectName", name + "2"))).Data();
        var row = (await Server.ReadAuditAsync(new AuditFilter(Action: "emr-serverless-spark:UpdateWorkspace"), 1)).First(r => r.On.Contains($"/{created}", StringComparison.Ordinal));
        Assert.Equal(
            ($"acs:ram::{Server.Root.AccountId}:root", Server.Root.AccessKeyId, "127.0.0.1", $"PUT /dolphinscheduler/projects/{created} projectName={name}2", AuditOutcome.Done, ""),
            (row.Who, row.Credential, row.From, row.On, row.Outcome, row.Code));
        Assert.StartsWith("w-", row.Workspace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_names_what_was_made_or_started_and_no_secret()
    {
        (await Cloud.PostAsync("/porpoise/v1/users", ("userName", "audited-eve"))).Data();
        (await Cloud.PutAsync("/porpoise/v1/users/audited-eve/password", ("password", "Not-For-Logs-1"))).Data();
        (await Dolphin.PostAsync(Project + "/executors/start-process-instance", ("processDefinitionCode", 4711), ("comments", "private"))).Refused(50003);
        foreach (var (action, on) in ((string, string)[])
        [
            ("ram:CreateUser", "POST /porpoise/v1/users userName=audited-eve"),
            ("ram:UpdateLoginProfile", "PUT /porpoise/v1/users/audited-eve/password"),
            ("emr-serverless-spark:StartProcessInstance", $"POST {Project}/executors/start-process-instance processDefinitionCode=4711"),
        ])
        {
            Assert.Contains(on, (await Server.ReadAuditAsync(new AuditFilter(Action: action), 1)).Select(r => r.On));
        }
    }

    [Fact]
    public async Task Who_signs_in_is_known()
    {
        var session = (await Dolphin.PostAsync("/dolphinscheduler/login", ("userName", "ROOT"), ("userPassword", Server.Root.Password))).Data();
        var row = Assert.Single(await Server.ReadAuditAsync(new AuditFilter(Action: "sts:SignIn"), 1));
        Assert.Equal(($"acs:ram::{Server.Root.AccountId}:root", "POST /dolphinscheduler/login", AuditOutcome.Done), (row.Who, row.On, row.Outcome));
        Assert.DoesNotContain(session.GetProperty("sessionId").GetString()!, row.ToString(), StringComparison.Ordinal);
        Assert.Contains(row.Credential, (await Cloud.GetAsync("/porpoise/v1/users/root/tokens")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_change_says_why_and_reading_leaves_no_trace()
    {
        var other = await Server.CreateWorkspaceAsync();
        (await Dolphin.DeleteAsync(PathOf(other) + "/process-definition/4711")).Refused(50003);
        var rows = await Server.ReadAuditAsync(new AuditFilter(Workspace: other.Id.Value), 1);
        Assert.Equal((AuditOutcome.Refused, "WorkflowNotFound"), (Assert.Single(rows).Outcome, rows[0].Code));
        (await Dolphin.GetAsync(PathOf(other))).Data();
        (await Dolphin.GetAsync(PathOf(other) + "/process-definition/4711")).Refused(50003);
        (await Dolphin.DeleteAsync(PathOf(other))).Data();
        Assert.Equal(2, (await Server.ReadAuditAsync(new AuditFilter(Workspace: other.Id.Value), 2)).Count);
    }

    [Fact]
    public async Task A_denial_by_policy_or_by_role_is_written_down_even_of_reading()
    {
        using var stranger = await Server.CreateUserAsync("audited-stranger", []);
        Assert.Equal(403, (await stranger.GetAsync(Project)).Status);
        using var outsider = await Server.CreateUserAsync("audited-outsider", ["AliyunEMRServerlessSparkFullAccess"]);
        (await outsider.GetAsync(Project)).Refused(1400009);
        foreach (var (name, code) in ((string, string)[])[("audited-stranger", "NotAuthorised"), ("audited-outsider", "NoPermissionInWorkspace")])
        {
            var row = Assert.Single(await Server.ReadAuditAsync(new AuditFilter(Who: name), 1));
            Assert.Equal((AuditOutcome.Denied, code, "emr-serverless-spark:GetWorkspace"), (row.Outcome, row.Code, row.Action));
        }
    }

    [Fact]
    public async Task Failed_authentications_are_written_down_a_few_a_minute_of_each_address()
    {
        using var forger = ApiCaller.Signing(Server.Url, new AcsCredentials(Server.Root.AccessKeyId, new string('x', 30)));
        for (var i = 0; i < 3 * FailureTally.RowsPerMinute; i++)
        {
            Assert.Equal("SignatureDoesNotMatch", (await forger.GetAsync(Project)).Json.GetProperty("Code").GetString());
        }

        var rows = await Server.ReadAuditAsync(new AuditFilter(Outcome: AuditOutcome.NotAuthenticated), 1);
        Assert.InRange(rows.Count, 1, 2 * FailureTally.RowsPerMinute); // twice: a minute may have begun meanwhile
        Assert.All(rows.Where(r => r.Credential == Server.Root.AccessKeyId), r => Assert.Equal(("", "SignatureDoesNotMatch"), (r.Who, r.Code)));
    }

    [Fact]
    public void Too_many_calls_are_told_when_to_come_back_and_the_owner_is_not_counted()
    {
        using var limits = new CallLimits(callsPerSecond: 5);
        var user = new Principal("1", CallerKind.User, "2", "ann");
        for (var i = 0; i < 10; i++)
        {
            limits.Check(user, "10.0.0.1");
        }

        var refusal = Assert.Throws<RefusalException>(() => limits.Check(user, "10.0.0.1")).Refusal;
        Assert.Equal(ErrorCodes.TooManyCalls, refusal.Code);
        Assert.InRange(refusal.RetryAfter!.Value, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1));
        limits.Check(new Principal("1", CallerKind.User, "3", "bob"), "10.0.0.1");
        for (var i = 0; i < 100; i++)
        {
            limits.Check(new Principal("1", CallerKind.Owner, "1", "root"), "10.0.0.1");
        }
    }

    [Fact]
    public async Task What_policies_can_ask_about_a_call_is_known()
    {
        using var caller = await Server.CreateUserAsync("conditional", [], WorkspaceRole.Guest);
        await Server.AttachAsync(Storage.Identities.IdentityKind.User, "conditional", """
            {"Version":"1","Statement":[
            {"Effect":"Allow","Action":"emr-serverless-spark:GetWorkspace","Resource":"*","Condition":{"IpAddress":{"acs:SourceIp":["127.0.0.0/8"]},"Bool":{"acs:SecureTransport":"false"},"DateGreaterThan":{"acs:CurrentTime":"2026-01-01T00:00:00Z"},"StringLike":{"acs:PrincipalARN":"acs:ram::*:user/conditional"}}},
            {"Effect":"Allow","Action":"emr-serverless-spark:ListWorkspaces","Resource":"*","Condition":{"Bool":{"acs:SecureTransport":"true"}}}]}
            """);
        (await caller.GetAsync(Project)).Data();
        Assert.Equal(403, (await caller.GetAsync("/dolphinscheduler/projects/list")).Status);
    }
}
