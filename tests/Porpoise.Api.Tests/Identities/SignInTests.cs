using Porpoise.Access.Secrets;
using Porpoise.Api.Tests.Serving;
using Porpoise.Storage.Audit;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Tests.Identities;

/// <summary>Signing in with a password.</summary>
public sealed class SignInTests(ApiServer server) : ApiTest(server)
{
    private const int WrongPassword = 10013;

    [Fact]
    public async Task The_owner_signs_in_works_and_signs_out()
    {
        var answer = (await SignInAsync("ROOT", Server.Root.Password)).Data();
        Assert.Equal("PASSWORD", answer.GetProperty("securityConfigType").GetString());
        var session = answer.GetProperty("sessionId").GetString()!;
        Assert.Equal(200, await StatusWithAsync(session, HttpMethod.Get, "/dolphinscheduler/users/get-user-info"));
        Assert.Equal(200, await StatusWithAsync(session, HttpMethod.Post, "/dolphinscheduler/signOut"));
        Assert.Equal(401, await StatusWithAsync(session, HttpMethod.Get, "/dolphinscheduler/users/get-user-info"));
    }

    [Fact]
    public async Task The_owner_and_nobody_else_changes_the_owners_password()
    {
        const string Path = "/porpoise/v1/users/root/password";
        using var administrator = await Server.CreateUserAsync("password-administrator", ["PorpoiseAdministratorAccess"]);
        (await administrator.PutAsync(Path, ("password", "Stolen-Horse-1"))).Refused(1500015);
        var before = (await SignInAsync("root", Server.Root.Password)).Data().GetProperty("sessionId").GetString()!;
        (await Dolphin.PutAsync(Path, ("password", "Correct-Horse-2"))).Data();
        Assert.Equal(401, await StatusWithAsync(before, HttpMethod.Get, "/dolphinscheduler/users/get-user-info"));
        (await SignInAsync("root", Server.Root.Password)).Refused(WrongPassword);
        (await SignInAsync("root", "Correct-Horse-2")).Data();
        (await Dolphin.PutAsync(Path, ("password", Server.Root.Password))).Data(); // for other tests
    }

    [Fact]
    public async Task A_user_signs_in_with_the_password_that_it_was_given_and_may_what_it_may()
    {
        (await Server.CreateUserAsync("ann", ["AliyunEmrServerlessSparkReadOnlyAccess"])).Dispose();
        (await SignInAsync("ann", "any")).Refused(WrongPassword); // she has none
        var ann = (await Server.Store.FindIdentityAsync(IdentityKind.User, "ann"))!;
        await Server.Store.UpdateIdentityAsync(ann with { PasswordHash = PasswordHash.Of("Correct-Horse-1") }, nonce: null);
        var session = (await SignInAsync("ann", "Correct-Horse-1")).Data().GetProperty("sessionId").GetString()!;
        Assert.Equal(200, await StatusWithAsync(session, HttpMethod.Get, "/dolphinscheduler/projects/list"));
        Assert.Equal(403, await StatusWithAsync(session, HttpMethod.Post, "/dolphinscheduler/projects"));
    }

    [Fact]
    public async Task Who_guesses_is_made_to_wait_and_stands_in_the_audit_log()
    {
        await Server.CreateUserAsync("bob", []);
        for (var i = 0; i < PasswordGate.FailuresMax; i++)
        {
            (await SignInAsync("bob", "guess")).Refused(WrongPassword);
        }

        using var http = new HttpClient();
        using var response = await http.PostAsync(new Uri(Server.Url, "/dolphinscheduler/login?userName=bob&userPassword=guess"), null, TestContext.Current.CancellationToken);
        Assert.Equal(429, (int)response.StatusCode);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));
        var rows = await Server.ReadAuditAsync(new AuditFilter(Action: "sts:SignIn", Outcome: AuditOutcome.NotAuthenticated), PasswordGate.FailuresMax);
        Assert.True(rows.Count >= PasswordGate.FailuresMax);
        Assert.DoesNotContain(rows, r => r.ToString().Contains("guess", StringComparison.Ordinal));
    }

    private async Task<Reply> SignInAsync(string name, string password)
    {
        using var nobody = ApiCaller.WithToken(Server.Url, "");
        return await nobody.PostAsync("/dolphinscheduler/login", ("userName", name), ("userPassword", password));
    }

    private async Task<int> StatusWithAsync(string session, HttpMethod method, string path)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(Server.Url, path));
        request.Headers.Add("sessionId", session);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }
}
