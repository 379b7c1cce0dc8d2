using System.Text.Json;
using Porpoise.Access.Identities;
using Porpoise.Access.Secrets;
using Porpoise.Client;
using Porpoise.Core.Policies;
using Porpoise.EndToEnd.Tests.Security;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.RealClients;

/// <summary>The vendor's own clients, unchanged, with keys of users and with temporary keys.</summary>
public sealed class RealClientAccessTests(NodeSession node) : InstallationTest
{
    private const string StsVersion = "2015-04-01";
    private const string FullAccess = "AliyunEMRServerlessSparkFullAccess";

    private string Project => "/dolphinscheduler/projects/" + Installation.Key.WorkspaceId;

    private string RoleArn => Arns.Role(Installation.Key.AccountId, "runner");

    [Theory]
    [InlineData("openapi-core", false)]
    [InlineData("openapi-core", true)]
    [InlineData("openapi-client", false)]
    [InlineData("openapi-client", true)]
    public async Task A_temporary_key_is_fetched_and_starts_a_workflow(string client, bool inBody)
    {
        var (ann, _) = await PrepareAsync();
        var code = await Dolphin.CreateAsync(new Workflow().Noop("a"));
        var temporary = await AssumeAsync(client, ann, inBody);
        Assert.Equal(2, Success(await GenerateAsync(client, temporary, 2)).GetArrayLength());
        var started = Success(await node.CallAsync(
            client, Installation.Url, temporary, "StartProcessInstance", "POST", Project + "/executors/start-process-instance", ("processDefinitionCode", code), ("isProd", "true"), ("productNamespace", "SS")));
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(Assert.Single(started.EnumerateArray()).GetInt32()));
    }

    [Theory]
    [InlineData("openapi-core")]
    [InlineData("openapi-client")]
    public async Task What_is_wrong_with_a_temporary_key_arrives_as_the_clients_own_error(string client)
    {
        var (ann, runner) = await PrepareAsync();
        using var masterKey = AccountBook.ReadMasterKey(Installation);
        using var foreign = new MasterKey([.. Enumerable.Repeat((byte)7, MasterKey.Length)]);
        var now = TimeProvider.System.GetUtcNow();
        AssertError(await GenerateAsync(client, Temporary(runner, now.AddSeconds(-1), masterKey), 1), "InvalidSecurityToken.Expired", 400);
        AssertError(await GenerateAsync(client, Temporary(runner, now.AddHours(1), foreign), 1), "InvalidSecurityToken.Malformed", 400);
        var (first, second) = (await AssumeAsync(client, ann, inBody: false), await AssumeAsync(client, ann, inBody: false));
        AssertError(await GenerateAsync(client, new AcsCredentials(first.AccessKeyId, first.AccessKeySecret, second.SecurityToken), 1), "InvalidSecurityToken.MismatchWithAccessKey", 400);
        AssertError(await GenerateAsync(client, new AcsCredentials(first.AccessKeyId, first.AccessKeySecret), 1), "MissingSecurityToken", 400);
        AssertError(await node.CallRpcAsync(client, Installation.Url, ann, StsVersion, "AssumeRole", inBody: false, ("RoleArn", RoleArn)), "MissingRoleSessionName", 400);
        AssertError(await node.CallRpcAsync(client, Installation.Url, ann, StsVersion, "NoSuchAction", inBody: false), "InvalidApi.NotFound", 404);
    }

    [Theory]
    [InlineData("openapi-core")]
    [InlineData("openapi-client")]
    public async Task A_denied_call_arrives_with_its_details(string client)
    {
        var (ann, _) = await PrepareAsync();
        var denied = await GenerateAsync(client, ann, 1);
        AssertError(denied, "NoPermission", 403);
        var detail = denied.Error!.Value.GetProperty("accessDeniedDetail");
        Assert.Equal(
            ("emr-serverless-spark:GenerateTaskCodes", "SubUser", "ImplicitDeny", "AccountLevelIdentityBasedPolicy"),
            (ApiClient.Text(detail, "AuthAction"), ApiClient.Text(detail, "AuthPrincipalType"), ApiClient.Text(detail, "NoPermissionType"), ApiClient.Text(detail, "PolicyType")));
        Assert.StartsWith("AQE", ApiClient.Text(detail, "EncodedDiagnosticMessage"), StringComparison.Ordinal);
        AssertError(await node.CallRpcAsync(client, Installation.Url, Installation.Key.Credentials, StsVersion, "AssumeRole", inBody: false, ("RoleArn", RoleArn), ("RoleSessionName", "nightly")), "NoPermission", 403);
    }

    [Fact]
    public async Task Too_many_calls_are_a_throttling_error_that_says_when_to_come_back()
    {
        var (ann, _) = await PrepareAsync("--calls-per-second", "5");
        var temporary = await AssumeAsync("openapi-core", ann, inBody: false);
        foreach (var client in (string[])["openapi-core", "openapi-client"])
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => GenerateAsync(client, temporary, 1)));
            var throttled = Assert.IsType<NodeReply>(replies.FirstOrDefault(r => r.Error is not null));
            AssertError(throttled, "Throttling.User", 400);
            if (client == "openapi-core") // the other one has no error of its own for it
            {
                Assert.Equal("ThrottlingError", throttled.ErrorText("name"));
                Assert.InRange(throttled.Error!.Value.GetProperty("retryAfter").GetInt32(), 1, 1_000);
            }
        }
    }

    /// <summary>The key of ann, who may do nothing but assume the role runner, which may do everything in the workspace.</summary>
    private async Task<(AcsCredentials Ann, string RunnerId)> PrepareAsync(params string[] options)
    {
        await Installation.StartAsync();
        return await AccountBook.WriteAsync(
            Installation,
            async book =>
            {
                var ann = await book.AddUserAsync("ann");
                await book.AllowAsync(ann, "sts:AssumeRole");
                var runner = await book.AddRoleAsync("runner", ann);
                await book.AttachAsync(runner, FullAccess);
                await book.JoinAsync(runner, WorkspaceRole.Owner);
                return (await book.AddKeyAsync(ann), runner.Id);
            },
            options);
    }

    private async Task<AcsCredentials> AssumeAsync(string client, AcsCredentials key, bool inBody)
    {
        var reply = await node.CallRpcAsync(client, Installation.Url, key, StsVersion, "AssumeRole", inBody, ("RoleArn", RoleArn), ("RoleSessionName", "nightly"), ("DurationSeconds", 900));
        Assert.Equal($"{RoleArn}/nightly", ApiClient.Text(reply.Body.GetProperty("AssumedRoleUser"), "Arn"));
        var credentials = reply.Body.GetProperty("Credentials");
        return new AcsCredentials(ApiClient.Text(credentials, "AccessKeyId"), ApiClient.Text(credentials, "AccessKeySecret"), ApiClient.Text(credentials, "SecurityToken"));
    }

    private Task<NodeReply> GenerateAsync(string client, AcsCredentials key, int count) => node.CallAsync(
        client, Installation.Url, key, "GenerateTaskCodes", "GET", Project + "/task-definition/gen-task-codes", ("genNum", count), ("productNamespace", "SS"), ("regionId", "cn-hangzhou"));

    private static AcsCredentials Temporary(string roleId, DateTimeOffset expiresAt, MasterKey masterKey)
    {
        var key = TemporaryKey.Invent(roleId, "nightly", sessionPolicy: null, expiresAt);
        return new AcsCredentials(key.AccessKeyId, key.Secret, key.ToToken(masterKey));
    }

    private static JsonElement Success(NodeReply reply)
    {
        Assert.Equal(1_000_000, reply.Body.GetProperty("code").GetInt32());
        return reply.Body.GetProperty("data");
    }

    private static void AssertError(NodeReply reply, string code, int status)
    {
        Assert.Equal((code, status), (reply.ErrorText("code"), reply.Error!.Value.GetProperty("statusCode").GetInt32()));
        Assert.True(Guid.TryParse(reply.ErrorText("requestId"), out _), "No request id in " + reply.Error);
    }
}
