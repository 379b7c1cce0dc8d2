using System.Text.Json;
using Porpoise.Access.Identities;
using Porpoise.Access.Secrets;
using Porpoise.Api.Tests.Serving;
using Porpoise.Client;
using Porpoise.Core.Policies;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Tests.Identities;

/// <summary>Temporary keys: who gets one, and what it can do.</summary>
public sealed class StsTests(ApiServer server) : ApiTest(server)
{
    private const string ReadOnly = "AliyunEmrServerlessSparkReadOnlyAccess";
    private const string Full = "AliyunEMRServerlessSparkFullAccess";

    private string Account => Server.Root.AccountId;

    [Fact]
    public async Task A_temporary_key_may_what_its_role_may_and_no_more()
    {
        var (user, role) = await PrepareAsync("sts-a", Full, WorkspaceRole.Guest);
        var answer = await AssumeAsync(user, role);
        var expires = answer.GetProperty("Credentials").GetProperty("Expiration").GetDateTimeOffset();
        Assert.InRange(expires - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
        Assert.Equal($"acs:ram::{Account}:role/{role}/nightly", answer.GetProperty("AssumedRoleUser").GetProperty("Arn").GetString());
        Assert.Matches("^[0-9]{18}:nightly$", answer.GetProperty("AssumedRoleUser").GetProperty("AssumedRoleId").GetString());

        using var temporary = CallerOf(answer);
        (await temporary.GetAsync(Project)).Data();
        (await temporary.PutAsync(Project, ("projectName", "x"))).Refused(1400009); // a guest of the workspace
        var self = (await temporary.PostAsync("/", ("Action", "GetCallerIdentity"))).Json;
        Assert.Equal(("AssumedRoleUser", $"acs:ram::{Account}:role/{role}/nightly"), (self.GetProperty("IdentityType").GetString(), self.GetProperty("Arn").GetString()));
    }

    [Fact]
    public async Task A_session_policy_takes_rights_away_and_gives_none()
    {
        var (user, role) = await PrepareAsync("sts-b", ReadOnly, WorkspaceRole.Owner);
        using var narrowed = CallerOf(await AssumeAsync(user, role, ("Policy", """{"Version":"1","Statement":[{"Effect":"Allow","Action":["emr-serverless-spark:GetWorkspace","emr-serverless-spark:CreateTenant"],"Resource":"*"}]}""")));
        (await narrowed.GetAsync(Project)).Data();
        var denied = await narrowed.GetAsync(Project + "/process-definition");
        Assert.Equal("SessionPolicy", denied.Json.GetProperty("AccessDeniedDetail").GetProperty("PolicyType").GetString());
        Assert.Equal(("AssumedRoleUser", role + ":nightly"), (
            denied.Json.GetProperty("AccessDeniedDetail").GetProperty("AuthPrincipalType").GetString(), denied.Json.GetProperty("AccessDeniedDetail").GetProperty("AuthPrincipalDisplayName").GetString()));
        Assert.Equal("AccountLevelIdentityBasedPolicy", (await narrowed.PostAsync("/dolphinscheduler/tenants")).Json.GetProperty("AccessDeniedDetail").GetProperty("PolicyType").GetString());
    }

    [Fact]
    public async Task Both_sides_have_to_agree()
    {
        var (user, role) = await PrepareAsync("sts-c", ReadOnly, WorkspaceRole.Guest, trusts: "acs:ram::{0}:user/somebody-else");
        AssertDenied(await TryAssumeAsync(user, role), "AssumeRolePolicy");
        await Server.CreateUserAsync("sts-without-policy", []);
        AssertDenied(await TryAssumeAsync(await Server.CreateAccessKeyAsync("sts-without-policy"), role), "AccountLevelIdentityBasedPolicy");
    }

    [Fact]
    public async Task Of_a_role_that_does_not_exist_only_those_hear_who_might_assume_it()
    {
        var (user, _) = await PrepareAsync("sts-d", ReadOnly, WorkspaceRole.Guest);
        var reply = await TryAssumeAsync(user, "no-such-role");
        Assert.Equal((404, "EntityNotExist.Role"), (reply.Status, reply.Json.GetProperty("Code").GetString()));
    }

    [Fact]
    public async Task An_external_id_is_asked_for_by_the_trust_policy()
    {
        var (user, role) = await PrepareAsync("sts-e", ReadOnly, WorkspaceRole.Guest, condition: ""","Condition":{"StringEquals":{"sts:ExternalId":"4711"}}""");
        AssertDenied(await TryAssumeAsync(user, role), "AssumeRolePolicy");
        AssertDenied(await TryAssumeAsync(user, role, ("ExternalId", "4712")), "AssumeRolePolicy");
        await AssumeAsync(user, role, ("ExternalId", "4711"));
    }

    [Fact]
    public async Task The_owner_assumes_no_role()
    {
        var (_, role) = await PrepareAsync("sts-f", ReadOnly, WorkspaceRole.Guest);
        var reply = await TryAssumeAsync(new AcsCredentials(Server.Root.AccessKeyId, Server.Root.AccessKeySecret), role);
        Assert.Equal((403, "Roles may not be assumed by root accounts."), (reply.Status, reply.Json.GetProperty("Message").GetString()));
    }

    [Theory]
    [InlineData("RoleSessionName", "x", "InvalidParameter.RoleSessionName")]
    [InlineData("RoleSessionName", "a b", "InvalidParameter.RoleSessionName")]
    [InlineData("RoleSessionName", "", "MissingRoleSessionName")]
    [InlineData("RoleArn", "", "MissingRoleArn")]
    [InlineData("RoleArn", "acs:ram::1:role/x", "InvalidParameter.RoleArn")]
    [InlineData("DurationSeconds", "899", "InvalidParameter.DurationSeconds")]
    [InlineData("DurationSeconds", "3601", "InvalidParameter.DurationSeconds")]
    [InlineData("Policy", "{}", "InvalidParameter.PolicyGrammar")]
    [InlineData("ExternalId", "x y", "InvalidParameter.ExternalId")]
    public async Task What_is_wrong_is_named(string parameter, string value, string code)
    {
        var name = "sts-g-" + Guid.NewGuid().ToString("N")[..8];
        var (user, role) = await PrepareAsync(name, ReadOnly, WorkspaceRole.Guest);
        var reply = await TryAssumeAsync(user, role, (parameter, value));
        Assert.Equal((400, code), (reply.Status, reply.Json.GetProperty("Code").GetString()));
    }

    [Fact]
    public async Task A_key_is_worth_nothing_without_its_own_token()
    {
        var (user, role) = await PrepareAsync("sts-h", ReadOnly, WorkspaceRole.Guest);
        var (first, second) = ((await AssumeAsync(user, role)).GetProperty("Credentials"), (await AssumeAsync(user, role)).GetProperty("Credentials"));
        Assert.Equal("MissingSecurityToken", await CodeAsync(KeyOf(first), SecretOf(first), null));
        Assert.Equal("InvalidSecurityToken.MismatchWithAccessKey", await CodeAsync(KeyOf(first), SecretOf(first), TokenOf(second)));
        Assert.Equal("SignatureDoesNotMatch", await CodeAsync(KeyOf(first), SecretOf(second), TokenOf(first)));
        Assert.Equal("InvalidSecurityToken.Malformed", await CodeAsync(KeyOf(first), SecretOf(first), "CAIS" + TokenOf(first)[8..]));
        Assert.Equal("InvalidSecurityToken.MismatchWithAccessKey", await CodeAsync(user.AccessKeyId, user.AccessKeySecret, TokenOf(first)));
        using var foreign = new MasterKey([.. Enumerable.Repeat((byte)7, MasterKey.Length)]);
        var forged = TemporaryKey.Invent("1", "s2", null, TimeProvider.System.GetUtcNow().AddHours(1));
        Assert.Equal("InvalidSecurityToken.Malformed", await CodeAsync(forged.AccessKeyId, forged.Secret, forged.ToToken(foreign)));
    }

    [Fact]
    public async Task A_key_ends_with_its_time_and_with_its_role()
    {
        var (user, role) = await PrepareAsync("sts-i", ReadOnly, WorkspaceRole.Guest);
        var row = (await Server.Store.FindIdentityAsync(IdentityKind.Role, role))!;
        var expired = TemporaryKey.Invent(row.Id, "s2", null, TimeProvider.System.GetUtcNow().AddSeconds(-1));
        using var key = new MasterKey(new byte[MasterKey.Length]);
        Assert.Equal("InvalidSecurityToken.Expired", await CodeAsync(expired.AccessKeyId, expired.Secret, expired.ToToken(key)));

        using var temporary = CallerOf(await AssumeAsync(user, role));
        (await temporary.GetAsync(Project)).Data();
        Assert.Equal(ChangeAccessResult.Changed, await Server.Store.DeleteIdentityAsync(row.Id, nonce: null));
        Server.Keys.Forget();
        Assert.Equal("InvalidSecurityToken.Malformed", (await temporary.GetAsync(Project)).Json.GetProperty("Code").GetString());
    }

    private static string KeyOf(JsonElement credentials) => credentials.GetProperty("AccessKeyId").GetString()!;

    private static string SecretOf(JsonElement credentials) => credentials.GetProperty("AccessKeySecret").GetString()!;

    private static string TokenOf(JsonElement credentials) => credentials.GetProperty("SecurityToken").GetString()!;

    private static void AssertDenied(Reply reply, string policyType)
    {
        Assert.True(reply.Status == 403, reply.Text);
        var detail = reply.Json.GetProperty("AccessDeniedDetail");
        Assert.Equal((policyType, "sts:AssumeRole"), (detail.GetProperty("PolicyType").GetString(), detail.GetProperty("AuthAction").GetString()));
    }

    private ApiCaller CallerOf(JsonElement answer)
    {
        var credentials = answer.GetProperty("Credentials");
        return ApiCaller.Signing(Server.Url, new AcsCredentials(KeyOf(credentials), SecretOf(credentials), TokenOf(credentials)));
    }

    private async Task<string?> CodeAsync(string key, string secret, string? token)
    {
        using var caller = ApiCaller.Signing(Server.Url, new AcsCredentials(key, secret, token));
        return (await caller.GetAsync(Project)).Json.GetProperty("Code").GetString();
    }

    private async Task<JsonElement> AssumeAsync(AcsCredentials user, string role, params (string, object?)[] more)
    {
        var reply = await TryAssumeAsync(user, role, more);
        Assert.True(reply.Status == 200, reply.Text);
        Assert.Matches("^[0-9A-F-]{36}$", reply.Json.GetProperty("RequestId").GetString());
        return reply.Json;
    }

    private async Task<Reply> TryAssumeAsync(AcsCredentials user, string role, params (string Name, object? Value)[] more)
    {
        using var caller = ApiCaller.Signing(Server.Url, user);
        (string Name, object? Value)[] usual = [("RoleArn", $"acs:ram::{Account}:role/{role}"), ("RoleSessionName", "nightly")];
        return await caller.PostAsync("/", [("Action", "AssumeRole"), .. usual.Where(u => more.All(m => m.Name != u.Name)), .. more]);
    }

    /// <summary>A user who may assume roles, and a role of that policy and workspace role which trusts the account, or whom <paramref name="trusts"/> says.</summary>
    private async Task<(AcsCredentials User, string Role)> PrepareAsync(string name, string policy, WorkspaceRole workspaceRole, string trusts = "acs:ram::{0}:root", string condition = "")
    {
        (await Server.CreateUserAsync(name, [])).Dispose();
        await Server.AttachAsync(IdentityKind.User, name, """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}]}""");
        var now = TimeProvider.System.GetUtcNow();
        var role = new IdentityRow(IdentityKind.Role, RandomText.Digits(18), name + "-role", "", now)
        {
            TrustPolicy = $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["{{string.Format(System.Globalization.CultureInfo.InvariantCulture, trusts, Account)}}"]}{{condition}}}]}""",
            SessionSecondsMax = 3_600,
        };
        Assert.Equal(ChangeAccessResult.Changed, await Server.Store.CreateIdentityAsync(role, nonce: null));
        await Server.Store.SetAttachmentAsync(role.Id, policy, isSystem: true, isAttached: true, now, nonce: null);
        await Server.Store.SetMemberAsync(new MemberRow(Server.Workspace.Id, role.Id, workspaceRole, now), nonce: null);
        Server.Keys.Forget();
        return (await Server.CreateAccessKeyAsync(name), role.Name);
    }
}
