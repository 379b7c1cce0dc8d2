using System.Globalization;
using Porpoise.Api.Tests.Runs;
using Porpoise.Api.Tests.Serving;

namespace Porpoise.Api.Tests.Queues;

/// <summary>Worker groups as they are at first, tenants and what else their dialogs ask for, in the simplest honest form.</summary>
public sealed class WorkerGroupTests(ApiServer server) : ApiTest(server)
{
    private string Address => string.Create(CultureInfo.InvariantCulture, $"here:{Server.Url.Port}");

    [Fact]
    public async Task There_is_one_worker_group_with_this_machine()
    {
        Assert.Equal("""["default"]""", (await Dolphin.GetAsync("/dolphinscheduler/worker-groups/all")).Data().GetRawText());
        Assert.Equal($"""["{Address}"]""", (await Dolphin.GetAsync("/dolphinscheduler/worker-groups/worker-address-list")).Data().GetRawText());
        var page = (await Dolphin.GetAsync("/dolphinscheduler/worker-groups", ("pageNo", 1), ("pageSize", 10), ("searchVal", "DEF"))).Data();
        RunListTests.Expect(Assert.Single(page.GetProperty("totalList").EnumerateArray()), $$"""{"id":1,"name":"default","addrList":"{{Address}}","systemDefault":true}""");
        Assert.Equal(0, (await Dolphin.GetAsync("/dolphinscheduler/worker-groups", ("searchVal", "gpu"))).Data().GetProperty("total").GetInt32());
        (await Dolphin.PostAsync("/dolphinscheduler/worker-groups", ("name", "gpu"), ("addrList", "a:1"))).Refused(1500001);
    }

    [Fact]
    public async Task There_is_one_tenant()
    {
        foreach (var tenants in new[]
        {
            (await Dolphin.GetAsync("/dolphinscheduler/tenants/list")).Data(), (await Dolphin.GetAsync("/dolphinscheduler/tenants", ("pageNo", 1), ("pageSize", 10))).Data().GetProperty("totalList"),
        })
        {
            RunListTests.Expect(Assert.Single(tenants.EnumerateArray()), """{"id":1,"tenantCode":"default","queueName":"root_queue","queue":"root_queue"}""");
        }

        (await Dolphin.GetAsync("/dolphinscheduler/tenants/verify-code", ("tenantCode", "etl"))).Data();
        (await Dolphin.GetAsync("/dolphinscheduler/tenants/verify-code", ("tenantCode", "default"))).Refused(10009);
        Assert.DoesNotContain("Leave it out", (await Dolphin.PostAsync("/dolphinscheduler/tenants", ("tenantCode", "etl"), ("queueId", 1))).Refused(1500001), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alert-groups/list")]
    [InlineData("alert-groups/normal-list")]
    [InlineData("resources/list?type=FILE")]
    [InlineData("resources/query-by-type?type=FILE")]
    public async Task Lists_of_what_cannot_exist_are_empty(string path) => Assert.Equal("[]", (await Dolphin.GetAsync("/dolphinscheduler/" + path)).Data().GetRawText());

    [Theory]
    [InlineData("alert-groups")]
    [InlineData("task-group/list-paging")]
    [InlineData("task-group/query-list-by-projectCode")]
    [InlineData("task-group/query-list-by-status")]
    [InlineData("task-group/query-list-by-group-id")]
    public async Task Pages_of_what_cannot_exist_are_empty(string path)
    {
        var page = (await Dolphin.GetAsync("/dolphinscheduler/" + path, ("pageNo", 1), ("pageSize", 2147483647))).Data();
        Assert.Equal("""{"totalList":[],"total":0,"totalPage":1,"pageSize":1000,"currentPage":1,"pageNo":1,"start":0}""", page.GetRawText());
    }

    [Fact]
    public async Task The_owner_is_the_only_user()
    {
        var me = (await Dolphin.GetAsync("/dolphinscheduler/users/get-user-info")).Data();
        RunListTests.Expect(me, """{"id":1,"userName":"root","userType":"ADMIN_USER","state":1,"tenantId":1,"tenantCode":"default","email":"","phone":"","queue":"","alertGroup":null,"timeZone":"UTC","userPassword":""}""");
        foreach (var list in (string[])["list", "list-all"])
        {
            Assert.Equal(me.GetRawText(), Assert.Single((await Dolphin.GetAsync("/dolphinscheduler/users/" + list)).Data().EnumerateArray()).GetRawText());
        }

        Assert.Equal(0, (await Dolphin.GetAsync("/dolphinscheduler/users/list-paging", ("searchVal", "x"))).Data().GetProperty("total").GetInt32());
    }
}
