using Porpoise.Api.Tests.Runs;
using Porpoise.Api.Tests.Serving;
using Porpoise.Core.Policies;

namespace Porpoise.Api.Tests.Security;

/// <summary>Who is who, for DolphinScheduler's clients.</summary>
public sealed class UserOperationsTests(ApiServer server) : ApiTest(server)
{
    [Fact]
    public async Task Everybody_is_told_their_own_name_and_that_only_the_owner_administers()
    {
        using var ann = await Server.CreateUserAsync("ann-of-users", ["AliyunEMRServerlessSparkFullAccess"], WorkspaceRole.Guest);
        var me = (await ann.GetAsync("/dolphinscheduler/users/get-user-info")).Data();
        RunListTests.Expect(me, """{"userName":"ann-of-users","userType":"GENERAL_USER"}""");
        Assert.NotEqual(1, me.GetProperty("id").GetInt32());
        RunListTests.Expect((await Dolphin.GetAsync("/dolphinscheduler/users/get-user-info")).Data(), """{"id":1,"userName":"root","userType":"ADMIN_USER"}""");
    }

    [Fact]
    public async Task What_everybody_sees_belongs_to_the_owner_and_not_to_who_looks()
    {
        using var bea = await Server.CreateUserAsync("bea-of-users", ["AliyunEMRServerlessSparkFullAccess"], WorkspaceRole.Owner);
        RunListTests.Expect((await bea.GetAsync(Project)).Data(), """{"userId":1,"userName":"root"}""");
        Assert.Contains("\"userName\":\"root\"", (await bea.GetAsync("/dolphinscheduler/projects/list")).Text, StringComparison.Ordinal);
        Assert.Contains("\"userName\":\"root\"", (await bea.GetAsync("/dolphinscheduler/projects/analysis/define-user-count")).Text, StringComparison.Ordinal);
        var name = (await bea.GetAsync(Project)).Data().GetProperty("name").GetString();
        (await bea.PutAsync(Project, ("projectName", name), ("userName", "bea-of-users"))).Data();
        (await bea.PutAsync(Project, ("projectName", name), ("userName", "somebody-else"))).Refused(1500001);
    }
}
