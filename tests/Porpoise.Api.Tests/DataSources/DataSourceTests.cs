using System.Globalization;
using System.Text;
using Porpoise.Api.Tests.Serving;
using Porpoise.Core.Policies;

namespace Porpoise.Api.Tests.DataSources;

/// <summary>Data sources, at DolphinScheduler's addresses and at our own.</summary>
public sealed class DataSourceTests(ApiServer server) : ApiTest(server)
{
    private const string Secret = "never-to-be-told-17";
    private const string Full = "AliyunEMRServerlessSparkFullAccess";

    private static readonly (string, object?)[] Sales =
    [
        ("type", "POSTGRESQL"), ("name", "sales"), ("note", "每天"), ("host", "db.example"), ("port", 5433), ("database", "sales"), ("userName", "reader"), ("password", Secret), ("principal", ""), ("other", """{"sslMode":"require"}"""),
    ];

    private string Own(string workspace) => $"/porpoise/v1/workspaces/{workspace}/data-sources";

    [Fact]
    public async Task A_data_source_is_created_read_changed_and_deleted_at_dolphinschedulers_addresses()
    {
        var workspace = await Server.CreateWorkspaceAsync();
        var project = ("projectCode", (object?)workspace.ProjectCode);
        var created = (await Dolphin.PostAsync("/dolphinscheduler/datasources", [.. Sales, project])).Data();
        var id = created.GetProperty("id").GetInt32();
        var path = string.Create(CultureInfo.InvariantCulture, $"/dolphinscheduler/datasources/{id}");
        var read = (await Dolphin.GetAsync(path)).Data();
        Assert.Equal(("sales", "POSTGRESQL", "每天", "db.example", 5433, "sales", "reader"), (
            read.GetProperty("name").GetString(), read.GetProperty("type").GetString(), read.GetProperty("note").GetString(), read.GetProperty("host").GetString(), read.GetProperty("port").GetInt32(),
            read.GetProperty("database").GetString(), read.GetProperty("userName").GetString()));
        Assert.Equal("require", read.GetProperty("other").GetProperty("sslMode").GetString());
        Assert.Equal(1, (await Dolphin.GetAsync("/dolphinscheduler/datasources", project, ("pageNo", 1), ("pageSize", 10), ("searchVal", "SAL"))).Data().GetProperty("total").GetInt32());
        Assert.Single((await Dolphin.GetAsync("/dolphinscheduler/datasources/list", project, ("type", "POSTGRESQL"))).Data().EnumerateArray());
        Assert.Empty((await Dolphin.GetAsync("/dolphinscheduler/datasources/list", project, ("type", "MYSQL"))).Data().EnumerateArray());
        (await Dolphin.GetAsync("/dolphinscheduler/datasources/verify-name", project, ("name", "sales"))).Refused(10015);
        (await Dolphin.GetAsync("/dolphinscheduler/datasources/verify-name", project, ("name", "free"))).Data();
        (await Dolphin.PostAsync("/dolphinscheduler/datasources", [.. Sales, project])).Refused(10015);
        Assert.Equal("new note", (await Dolphin.PutAsync(path, ("note", "new note"), ("password", ""))).Data().GetProperty("note").GetString());
        Assert.False((await Dolphin.GetAsync("/dolphinscheduler/datasources/kerberos-startup-state")).Data().GetBoolean());
        (await Dolphin.DeleteAsync(path)).Data();
        (await Dolphin.GetAsync(path)).Refused(20004);
    }

    [Fact]
    public async Task Changes_at_the_same_time_take_nothing_back_from_each_other()
    {
        var own = Own((await Server.CreateWorkspaceAsync()).Id.Value);
        var id = (await Dolphin.PostAsync(own, Sales)).Data().GetProperty("id").GetInt32();
        var path = string.Create(CultureInfo.InvariantCulture, $"{own}/{id}");
        for (var round = 1; round <= 20; round++)
        {
            var said = round.ToString(CultureInfo.InvariantCulture);
            await Task.WhenAll(Dolphin.PutAsync(path, ("note", said)), Dolphin.PutAsync(path, ("database", said)));
            var now = (await Dolphin.GetAsync(path)).Data();
            Assert.Equal((said, said), (now.GetProperty("note").GetString(), now.GetProperty("database").GetString()));
        }
    }

    [Fact]
    public async Task No_answer_has_a_password_and_the_store_has_it_only_encrypted()
    {
        var workspace = await Server.CreateWorkspaceAsync();
        var own = Own(workspace.Id.Value);
        var created = await Dolphin.PostAsync(own, Sales);
        var id = created.Data().GetProperty("id").GetInt32();
        Assert.True(created.Data().GetProperty("hasPassword").GetBoolean());
        foreach (var reply in new[]
        {
            created, await Dolphin.GetAsync(own), await Dolphin.GetAsync($"{own}/{id}"), await Dolphin.GetAsync($"/dolphinscheduler/datasources/{id}"), await Dolphin.GetAsync("/dolphinscheduler/datasources", ("pageSize", 100)),
            await Dolphin.GetAsync("/dolphinscheduler/datasources/list"), await Dolphin.PutAsync($"{own}/{id}", ("password", Secret)), await Dolphin.PostAsync($"{own}/{id}/connect"), await Dolphin.GetAsync("/porpoise/v1/audit"),
        })
        {
            Assert.DoesNotContain(Secret, reply.Text, StringComparison.Ordinal);
        }

        var row = (await Server.Store.FindDataSourceAsync(workspace.Id, id))!;
        Assert.DoesNotContain(Secret, Encoding.UTF8.GetString(row.EncryptedPassword!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workspace_neither_sees_nor_uses_data_sources_of_another()
    {
        var (mine, theirs) = (await Server.CreateWorkspaceAsync(), await Server.CreateWorkspaceAsync());
        using var owner = await Server.CreateUserAsync("owner-of-sources", [Full], WorkspaceRole.Owner, mine);
        using var guest = await Server.CreateUserAsync("guest-of-sources", [Full], WorkspaceRole.Guest, mine);
        var id = (await Dolphin.PostAsync(Own(theirs.Id.Value), Sales)).Data().GetProperty("id").GetInt32();
        (await owner.GetAsync($"/dolphinscheduler/datasources/{id}")).Refused(20004);
        (await owner.PutAsync($"/dolphinscheduler/datasources/{id}", ("note", "x"))).Refused(20004);
        (await owner.DeleteAsync($"/dolphinscheduler/datasources/{id}")).Refused(20004);
        (await owner.GetAsync($"/dolphinscheduler/datasources/{id}/connect-test")).Refused(20004);
        (await owner.GetAsync($"{Own(mine.Id.Value)}/{id}")).Refused(20004);
        (await owner.GetAsync(Own(theirs.Id.Value))).Refused(1400009);
        Assert.Equal(0, (await owner.GetAsync("/dolphinscheduler/datasources")).Data().GetProperty("total").GetInt32());
        (await owner.PostAsync(Own(mine.Id.Value), Sales)).Data();
        Assert.Single((await guest.GetAsync(Own(mine.Id.Value))).Data().EnumerateArray());
        (await guest.PostAsync(Own(mine.Id.Value), [.. Sales[..1], ("name", "other"), .. Sales[2..]])).Refused(1400009);
        (await guest.PostAsync("/dolphinscheduler/datasources/connect", Sales)).Refused(1400009);
    }

    [Fact]
    public async Task A_stored_password_is_not_sent_to_another_machine()
    {
        var own = Own((await Server.CreateWorkspaceAsync()).Id.Value);
        var id = (await Dolphin.PostAsync(own, Sales)).Data().GetProperty("id").GetInt32();
        Assert.Contains("once more", (await Dolphin.PutAsync($"{own}/{id}", ("host", "elsewhere.example"))).Refused(10001), StringComparison.Ordinal);
        Assert.Contains("once more", (await Dolphin.PutAsync($"{own}/{id}", ("port", 1), ("password", "******"))).Refused(10001), StringComparison.Ordinal);
        Assert.Equal("elsewhere.example", (await Dolphin.PutAsync($"{own}/{id}", ("host", "elsewhere.example"), ("password", "n"))).Data().GetProperty("host").GetString());
    }

    [Theory]
    [InlineData("type", "ORACLE", "POSTGRESQL, MYSQL, SQLSERVER, SQLITE")]
    [InlineData("type", "", "type is missing")]
    [InlineData("name", "", "name is missing")]
    [InlineData("host", "a b", "name or address of one machine")]
    [InlineData("port", "70000", "from 0 to 65535")]
    [InlineData("other", "[]", "a JSON object")]
    [InlineData("other", """{"sslrootcert":"/etc/passwd"}""", "only sslMode, connectTimeout, searchPath")]
    [InlineData("principal", "me@REALM", "cannot honour")]
    public async Task What_is_wrong_is_said_with_what_would_be_right(string name, string value, string message)
    {
        var reply = await Dolphin.PostAsync(Own(Server.Workspace.Id.Value), [.. Sales.Where(p => p.Item1 != name), (name, value)]);
        Assert.NotEqual(0, reply.Json.GetProperty("code").GetInt32());
        Assert.Contains(message, reply.Message, StringComparison.Ordinal);
    }
}
