using Porpoise.Client;
using Porpoise.Client.Audit;
using Porpoise.Client.Identities;
using Porpoise.LiveServer.Servers;

namespace Porpoise.Cli.Tests.Access;

/// <summary>Who may do what, administered with the client library on a real server: what is taken, what is refused, and that nobody gets further than its policies.</summary>
public sealed class AdministrationTests : SharedServerTest
{
    private const string NotFound = "1500015";
    private const string Taken = "1500016";
    private const string Limit = "1500017";
    private const string InUse = "1500018";
    private const string BadPolicy = "1500019";
    private const string DeniedByPolicy = "NoPermission";

    private readonly string _suffix = Guid.NewGuid().ToString("N")[..8];
    private readonly PorpoiseClient _owner;

    public AdministrationTests(SharedServer shared)
        : base(shared) => _owner = As(new PorpoiseCredentials.AccessKey(Installation.Key.Credentials));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static PageChoice All => new(Size: PageChoice.SizeMax);

    [Fact]
    public async Task A_user_lives_from_its_creation_to_its_deletion()
    {
        var name = Name("ann");
        var made = await _owner.Users.CreateAsync(name, "first", Ct);
        Assert.Equal((name, "first", false), (made.UserName, made.Description, made.HasPassword));
        Assert.Contains((await _owner.Users.ListAsync(name, All, Ct)).TotalList, u => u.UserId == made.UserId);
        var renamed = Name("anna");
        Assert.Equal((made.UserId, "second"), (await _owner.Users.UpdateAsync(name, renamed, "second", Ct)) is var u ? (u.UserId, u.Description) : default);
        await RefusedAsync(NotFound, () => _owner.Users.GetAsync(name, Ct));
        await RefusedAsync(NotFound, () => _owner.Users.GetAsync(renamed.ToUpperInvariant(), Ct)); // a second spelling would go around a Deny
        await _owner.Users.DeleteAsync(renamed, Ct);
        await RefusedAsync(NotFound, () => _owner.Users.GetAsync(renamed, Ct));
    }

    [Fact]
    public async Task Names_are_unique_without_case_and_the_owners_is_nobody_elses()
    {
        var name = await UserAsync("bea");
        await RefusedAsync(Taken, () => _owner.Users.CreateAsync(name.ToUpperInvariant(), null, Ct));
        await RefusedAsync(Taken, () => _owner.Users.CreateAsync(Installation.Key.UserName, null, Ct));
        await RefusedAsync(Taken, () => _owner.Policies.CreateAsync("PorpoiseAdministratorAccess", Allow("ram:*"), null, Ct));
    }

    [Fact]
    public async Task A_key_signs_until_it_is_disabled_and_there_are_two_at_most()
    {
        var name = await UserAsync("cleo");
        await _owner.Policies.AttachAsync("PorpoiseAdministratorAccess", IdentityName.User(name), Ct);
        var first = await _owner.Credentials.CreateKeyAsync(name, Ct);
        await _owner.Credentials.CreateKeyAsync(name, Ct);
        await RefusedAsync(Limit, () => _owner.Credentials.CreateKeyAsync(name, Ct));
        using var cleo = As(new PorpoiseCredentials.AccessKey(new AcsCredentials(first.AccessKeyId, first.AccessKeySecret!)));
        await cleo.Users.GetAsync(name, Ct);
        await _owner.Credentials.SetKeyStatusAsync(first.AccessKeyId, isActive: false, Ct);
        await RefusedAsync("InvalidAccessKeyId.Inactive", () => cleo.Users.GetAsync(name, Ct));
        await _owner.Credentials.SetKeyStatusAsync(first.AccessKeyId, isActive: true, Ct);
        await cleo.Users.GetAsync(name, Ct);
        Assert.All((await _owner.Credentials.ListKeysAsync(name, Ct)).TotalList, k => Assert.Null(k.AccessKeySecret));
        await _owner.Credentials.DeleteKeyAsync(first.AccessKeyId, Ct);
        await RefusedAsync("InvalidAccessKeyId.NotFound", () => cleo.Users.GetAsync(name, Ct));
    }

    [Fact]
    public async Task A_token_works_until_it_is_deleted_or_its_user_is()
    {
        var name = await UserAsync("dan");
        await _owner.Policies.AttachAsync("PorpoiseAdministratorAccess", IdentityName.User(name), Ct);
        var (one, two) = (await _owner.Credentials.CreateTokenAsync(name, "one", null, Ct), await _owner.Credentials.CreateTokenAsync(name, "two", TimeSpan.FromDays(1), Ct));
        Assert.True(two.ExpiresAt > two.CreatedAt && one.ExpiresAt is null);
        using var first = As(new PorpoiseCredentials.Token(one.Token!));
        using var second = As(new PorpoiseCredentials.Token(two.Token!));
        await first.Users.GetAsync(name, Ct);
        await second.Users.GetAsync(name, Ct);
        Assert.All((await _owner.Credentials.ListTokensAsync(name, Ct)).TotalList, t => Assert.Null(t.Token));
        await _owner.Credentials.DeleteTokenAsync(one.TokenId, Ct);
        await RefusedAsync("1500004", () => first.Users.GetAsync(name, Ct));
        await _owner.Users.DeleteAsync(name, Ct);
        await RefusedAsync("1500004", () => second.Users.GetAsync(name, Ct));
    }

    [Fact]
    public async Task Whoever_administers_users_does_not_become_the_owner_nor_gets_more_than_it_has()
    {
        var (name, policy) = (await UserAsync("eve"), Name("users-only"));
        await _owner.Policies.CreateAsync(policy, Allow("ram:*User*", "ram:*AccessKey*", "ram:*LoginProfile*", "porpoise:*Token*"), null, Ct);
        await _owner.Policies.AttachAsync(policy, IdentityName.User(name), Ct);
        using var eve = await WithKeyAsync(name);
        await RefusedAsync("1500005", () => eve.Credentials.CreateTokenAsync(Installation.Key.UserName, "mine", null, Ct), DeniedByPolicy);
        await RefusedAsync("1500005", () => eve.Credentials.CreateKeyAsync(Installation.Key.UserName, Ct), DeniedByPolicy);
        await RefusedAsync("1500005", () => eve.Credentials.DeleteKeyAsync(Installation.Key.AccessKeyId, Ct), DeniedByPolicy);
        await RefusedAsync(DeniedByPolicy, () => eve.Policies.CreateAsync(Name("all"), Allow("*"), null, Ct));
    }

    [Fact]
    public async Task Attaching_is_asked_about_on_whom_and_about_which_policy()
    {
        var (name, policy) = (await UserAsync("fay"), Name("attach-readers"));
        var account = Installation.Key.AccountId;
        await _owner.Policies.CreateAsync(
            policy, $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"ram:AttachPolicyToUser","Resource":["acs:ram::{{account}}:user/*","acs:ram::{{account}}:policy/AliyunEmrServerlessSparkReadOnlyAccess"]}]}""", null, Ct);
        await _owner.Policies.AttachAsync(policy, IdentityName.User(name), Ct);
        using var fay = await WithKeyAsync(name);
        await fay.Policies.AttachAsync("AliyunEmrServerlessSparkReadOnlyAccess", IdentityName.User(name), Ct);
        await RefusedAsync(DeniedByPolicy, () => fay.Policies.AttachAsync("PorpoiseAdministratorAccess", IdentityName.User(name), Ct));
    }

    [Fact]
    public async Task A_policy_has_five_versions_and_the_one_in_force_decides_at_once()
    {
        var (name, policy) = (await UserAsync("gil"), Name("versions"));
        await _owner.Policies.CreateAsync(policy, Allow("ram:ListUsers"), "of a test", Ct);
        await _owner.Policies.AttachAsync(policy, IdentityName.User(name), Ct);
        using var gil = await WithKeyAsync(name);
        await gil.Users.ListAsync(null, All, Ct);
        Assert.Equal(2, (await _owner.Policies.AddVersionAsync(policy, Allow("ram:ListGroups"), setAsDefault: true, Ct)).Version);
        await RefusedAsync(DeniedByPolicy, () => gil.Users.ListAsync(null, All, Ct));
        await _owner.Policies.SetDefaultVersionAsync(policy, 1, Ct);
        await gil.Users.ListAsync(null, All, Ct);
        for (var version = 3; version <= 5; version++)
        {
            await _owner.Policies.AddVersionAsync(policy, Allow("ram:ListRoles"), setAsDefault: false, Ct);
        }

        await RefusedAsync(Limit, () => _owner.Policies.AddVersionAsync(policy, Allow("ram:ListRoles"), setAsDefault: false, Ct));
        await RefusedAsync(InUse, () => _owner.Policies.DeleteVersionAsync(policy, 1, Ct));
        await _owner.Policies.DeleteVersionAsync(policy, 5, Ct);
        Assert.Equal([4, 3, 2, 1], (await _owner.Policies.ListVersionsAsync(policy, All, Ct)).TotalList.Select(v => v.Version));
        await RefusedAsync(InUse, () => _owner.Policies.DeleteAsync(policy, Ct));
        Assert.Equal([name], (await _owner.Policies.ListAttachedAsync(policy, All, Ct)).TotalList.Select(h => h.Name));
        await _owner.Policies.DetachAsync(policy, IdentityName.User(name), Ct);
        await _owner.Policies.DeleteAsync(policy, Ct);
        await RefusedAsync(NotFound, () => _owner.Policies.GetAsync(policy, Ct));
    }

    [Fact]
    public async Task A_policy_that_is_not_understood_in_full_is_refused_with_the_places()
    {
        var refused = await RefusedAsync(BadPolicy, () => _owner.Policies.CreateAsync(Name("bad"), """{"Version":"1","Statement":[{"Effect":"Perhaps","Action":"a:b","Resource":"*"},{"Effect":"Allow","Action":"ab","Resource":"*"}]}""", null, Ct));
        Assert.Contains("Statement[0].Effect", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Statement[1].Action", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_gives_its_users_what_is_attached_to_it_while_they_are_in_it()
    {
        var (name, group) = (await UserAsync("hal"), Name("group"));
        await _owner.Groups.CreateAsync(group, null, Ct);
        await _owner.Policies.AttachAsync("PorpoiseAdministratorAccess", IdentityName.Group(group), Ct);
        using var hal = await WithKeyAsync(name);
        await RefusedAsync(DeniedByPolicy, () => hal.Groups.GetAsync(group, Ct));
        await _owner.Groups.AddUserAsync(group, name, Ct);
        Assert.Equal([name], (await hal.Groups.ListUsersAsync(group, All, Ct)).TotalList.Select(u => u.UserName));
        Assert.Equal([group], (await hal.Users.ListGroupsAsync(name, All, Ct)).TotalList.Select(g => g.GroupName));
        await _owner.Groups.RemoveUserAsync(group, name, Ct);
        await RefusedAsync(DeniedByPolicy, () => hal.Groups.GetAsync(group, Ct));
        await _owner.Groups.DeleteAsync(group, Ct);
    }

    [Fact]
    public async Task A_check_says_what_the_call_itself_then_says_and_why()
    {
        var name = await UserAsync("ida");
        using var ida = await WithKeyAsync(name);
        var who = IdentityName.User(name);
        var workspace = Installation.Key.WorkspaceId;
        var question = new AccessQuestion("ListMembers", Workspace: workspace);
        Assert.Equal((false, "ImplicitDeny"), Shown(await _owner.Policies.CheckAsync(who, question, Ct)));
        await RefusedAsync(DeniedByPolicy, () => ida.Workspaces.ListMembersAsync(workspace, All, Ct));

        await _owner.Policies.AttachAsync("AliyunEMRServerlessSparkFullAccess", who, Ct);
        var outside = await _owner.Policies.CheckAsync(who, question, Ct);
        Assert.Equal((false, "Allow"), Shown(outside));
        Assert.Contains(outside.Explanation, s => s.Contains("no member", StringComparison.Ordinal));
        await RefusedAsync("1400009", () => ida.Workspaces.ListMembersAsync(workspace, All, Ct));

        await _owner.Workspaces.SetMemberAsync(workspace, who, "Owner", Ct);
        Assert.Equal((true, "Allow"), Shown(await _owner.Policies.CheckAsync(who, question, Ct)));
        Assert.Contains((await ida.Workspaces.ListMembersAsync(workspace, All, Ct)).TotalList, m => m.Name == name && m.Role == "Owner");
        await _owner.Workspaces.RemoveMemberAsync(workspace, who, Ct);
        await RefusedAsync("1400009", () => ida.Workspaces.ListMembersAsync(workspace, All, Ct));
    }

    [Fact]
    public async Task A_denied_caller_knows_the_action_and_who_administers_the_reasons()
    {
        var name = await UserAsync("joe");
        using var joe = await WithKeyAsync(name);
        var denied = await RefusedAsync(DeniedByPolicy, () => joe.Roles.ListAsync(null, All, Ct));
        Assert.Equal("ram:ListRoles", denied.DeniedAction);
        var reasons = await _owner.Policies.DecodeDenialAsync(denied.DiagnosticMessage!, Ct);
        Assert.Contains("no policy", reasons.GetProperty("explanation").ToString(), StringComparison.Ordinal);
        await RefusedAsync(DeniedByPolicy, () => joe.Policies.DecodeDenialAsync(denied.DiagnosticMessage!, Ct));
        var row = Assert.Single((await _owner.Audit.ListAsync(new AuditFilter(Who: name, Outcome: "Denied", Action: "ram:ListRoles"), 10, null, Ct)).Rows);
        Assert.Equal(denied.RequestId, row.RequestId);
    }

    [Fact]
    public async Task A_role_is_described_and_changed()
    {
        var name = Name("role");
        var trust = $$$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::{{{Installation.Key.AccountId}}}:root"]}}]}""";
        Assert.Equal(3_600, (await _owner.Roles.CreateAsync(name, trust, null, null, Ct)).MaxSessionSeconds);
        Assert.Equal((7_200, "x"), await _owner.Roles.UpdateAsync(name, null, 7_200, "x", Ct) is var r ? (r.MaxSessionSeconds, r.Description) : default);
        await RefusedAsync("InvalidMaxSessionSeconds", () => _owner.Roles.UpdateAsync(name, null, 60, null, Ct), "10001");
        await RefusedAsync(BadPolicy, () => _owner.Roles.UpdateAsync(name, Allow("a:b"), null, null, Ct));
        Assert.Equal(trust, (await _owner.Roles.GetAsync(name, Ct)).Role.TrustPolicy);
        await _owner.Roles.DeleteAsync(name, Ct);
    }

    [Fact]
    public async Task A_role_is_assumed_by_whom_it_trusts_within_the_bounds_that_were_said()
    {
        var (name, role, policy) = (await UserAsync("kim"), Name("nightly"), Name("assume"));
        await _owner.Roles.CreateAsync(role, $$$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::{{{Installation.Key.AccountId}}}:user/{{{name}}}"]}}]}""", null, null, Ct);
        await _owner.Policies.CreateAsync(policy, Allow("sts:AssumeRole"), null, Ct);
        await _owner.Policies.AttachAsync("PorpoiseAdministratorAccess", IdentityName.Role(role), Ct);
        using var kim = await WithKeyAsync(name);
        await RefusedAsync("NoPermission", () => kim.Roles.AssumeAsync(role, new AssumeRequest("night"), Ct));
        await _owner.Policies.AttachAsync(policy, IdentityName.User(name), Ct);

        var key = await kim.Roles.AssumeAsync(role, new AssumeRequest("night") { Duration = TimeSpan.FromMinutes(20), Policy = Allow("ram:ListUsers") }, Ct);
        Assert.InRange(key.Expiration - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(20));
        Assert.Equal(key.AccessKeyId, key.ToString());
        using var nightly = As(new PorpoiseCredentials.AccessKey(key.Credentials));
        Assert.Equal(("AssumedRoleUser", $"acs:ram::{Installation.Key.AccountId}:role/{role}/night"), await nightly.Roles.WhoAmIAsync(Ct) is var who ? (who.IdentityType, who.Arn) : default);
        await nightly.Users.ListAsync(null, All, Ct);
        await RefusedAsync(DeniedByPolicy, () => nightly.Groups.ListAsync(null, All, Ct));

        await RefusedAsync("InvalidParameter.DurationSeconds", () => kim.Roles.AssumeAsync(role, new AssumeRequest("night") { Duration = TimeSpan.FromHours(2) }, Ct));
        await RefusedAsync("NoPermission", () => _owner.Roles.AssumeAsync(role, new AssumeRequest("night"), Ct));
        await _owner.Roles.DeleteAsync(role, Ct);
        await RefusedAsync("EntityNotExist.Role", () => kim.Roles.AssumeAsync(role, new AssumeRequest("night"), Ct));
    }

    [Fact]
    public async Task A_temporary_key_is_printed_or_kept_as_a_profile_of_its_owner()
    {
        var (name, role, policy) = (await UserAsync("lou"), Name("reader"), Name("assume-reader"));
        await _owner.Roles.CreateAsync(role, $$$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::{{{Installation.Key.AccountId}}}:root"]}}]}""", null, null, Ct);
        await _owner.Policies.CreateAsync(policy, Allow("sts:AssumeRole"), null, Ct);
        await _owner.Policies.AttachAsync(policy, IdentityName.User(name), Ct);
        await _owner.Policies.AttachAsync("PorpoiseAdministratorAccess", IdentityName.Role(role), Ct);
        using var terminal = new CommandProcess();
        terminal.Variables["PORPOISE_ENDPOINT"] = Installation.Url.ToString();
        terminal.Variables["PORPOISE_TOKEN"] = (await _owner.Credentials.CreateTokenAsync(name, "cli", null, Ct)).Token!;

        var key = (await terminal.RunAsync("role", "assume", role, "--json")).Done().Json;
        using var reader = As(new PorpoiseCredentials.AccessKey(new AcsCredentials(Text("accessKeyId"), Text("accessKeySecret"), Text("securityToken"))));
        Assert.EndsWith("/porpoise", (await reader.Roles.WhoAmIAsync(Ct)).Arn, StringComparison.Ordinal);

        var kept = (await terminal.RunAsync("role", "assume", $"acs:ram::{Installation.Key.AccountId}:role/{role}", "--duration", "15m", "--save-as", "reader")).Done();
        Assert.Equal("", kept.Output);
        Assert.Contains("'reader'", kept.Error, StringComparison.Ordinal);
        (await terminal.RunAsync("user", "list", "--profile", "reader")).Done();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(terminal.Home, ".porpoise", "config.json")));
        Assert.Equal(3, (await terminal.RunAsync("role", "assume", "none")).Code);

        string Text(string member) => key.GetProperty(member).GetString()!;
    }

    private async Task<string> UserAsync(string name)
    {
        await _owner.Users.CreateAsync(Name(name), null, Ct);
        return Name(name);
    }

    private async Task<PorpoiseClient> WithKeyAsync(string user)
    {
        var key = await _owner.Credentials.CreateKeyAsync(user, Ct);
        return As(new PorpoiseCredentials.AccessKey(new AcsCredentials(key.AccessKeyId, key.AccessKeySecret!)));
    }

    private PorpoiseClient As(PorpoiseCredentials who) => new(new PorpoiseClientOptions { Endpoint = Installation.Url, Credentials = who });

    private string Name(string name) => $"{name}-{_suffix}";

    private static (bool Allowed, string ByPolicies) Shown(AccessCheck check) => (check.Allowed, check.ByPolicies);

    private static string Allow(params string[] actions) => $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":[{{string.Join(',', actions.Select(a => $"\"{a}\""))}}],"Resource":"*"}]}""";

    private static async Task<PorpoiseException> RefusedAsync(string code, Func<Task> call, string? orCode = null)
    {
        var refused = await Assert.ThrowsAsync<PorpoiseException>(call);
        Assert.True(refused.Code == code || refused.Code == orCode, $"Expected {code}, got {refused.Code}: {refused.Message}");
        return refused;
    }
}
