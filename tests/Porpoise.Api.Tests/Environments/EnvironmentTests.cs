using System.Globalization;
using Porpoise.Api.Tests.Definitions;
using Porpoise.Api.Tests.Runs;
using Porpoise.Api.Tests.Serving;
using static Porpoise.Api.Tests.Serving.Definitions;

namespace Porpoise.Api.Tests.Environments;

public sealed class EnvironmentTests(ApiServer server) : ApiTest(server)
{
    private const string Path = "/dolphinscheduler/environment/";

    [Fact]
    public async Task An_environment_is_created_found_changed_and_deleted()
    {
        var name = "e-" + Guid.NewGuid().ToString("N");
        (await Dolphin.PostAsync(Path + "verify-environment", ("environmentName", name))).Data();
        var created = await Dolphin.PostAsync(Path + "create", ("name", name), ("config", "export A=1"), ("description", "first"), ("workerGroups", """["default"]"""));
        Assert.Equal(201, created.Status);
        var code = created.Data().GetInt64();
        (await Dolphin.PostAsync(Path + "verify-environment", ("environmentName", name))).Refused(120002);
        (await Dolphin.PostAsync(Path + "create", ("name", name), ("config", "export A=1"))).Refused(120002);

        var shown = (await Dolphin.GetAsync(Path + "query-by-code", ("environmentCode", code))).Data();
        RunListTests.Expect(shown, $$"""{"code":{{code}},"name":"{{name}}","config":"export A=1","description":"first","workerGroups":["default"],"operator":"root"}""");
        Assert.Equal(1, (await Dolphin.GetAsync(Path + "list-paging", ("pageNo", 1), ("pageSize", 10), ("searchVal", name))).Data().GetProperty("total").GetInt32());
        Assert.Contains((await Dolphin.GetAsync(Path + "query-environment-list")).Data().EnumerateArray(), e => e.GetProperty("code").GetInt64() == code);

        (await Dolphin.PostAsync(Path + "update", ("code", code), ("name", name), ("config", "export B=2"))).Data();
        var own = (await Dolphin.GetAsync("/porpoise/v1/environments")).Data().EnumerateArray().Single(e => e.GetProperty("code").GetInt64() == code);
        RunListTests.Expect(own, """{"config":"export B=2","description":"first"}""");
        (await Dolphin.PostAsync(Path + "delete", ("environmentCode", code))).Data();
        (await Dolphin.GetAsync(Path + "query-by-code", ("environmentCode", code))).Refused(1200009);
        (await Dolphin.PostAsync(Path + "delete", ("environmentCode", code))).Refused(1200009);
    }

    [Fact]
    public async Task Changes_at_the_same_time_take_nothing_back_from_each_other()
    {
        var code = (await Dolphin.PostAsync(Path + "create", ("name", "e-" + Guid.NewGuid().ToString("N")), ("config", "export A=0"))).Data().GetInt64();
        var own = string.Create(CultureInfo.InvariantCulture, $"/porpoise/v1/environments/{code}");
        for (var i = 1; i <= 20; i++)
        {
            await Task.WhenAll(Dolphin.PutAsync(own, ("config", $"export A={i}")), Dolphin.PutAsync(own, ("description", $"said {i}")));
            RunListTests.Expect((await Dolphin.PutAsync(own)).Data(), $$"""{"config":"export A={{i}}","description":"said {{i}}"}""");
        }

        (await Dolphin.PostAsync(Path + "delete", ("environmentCode", code))).Data();
    }

    [Fact]
    public async Task A_worker_group_that_an_environment_names_is_not_deleted_so_that_it_can_be_saved_as_it_was_read()
    {
        var (name, group) = ("e-" + Guid.NewGuid().ToString("N"), "g-" + Guid.NewGuid().ToString("N"));
        var id = (await Dolphin.PostAsync("/porpoise/v1/worker-groups", ("name", group))).Data().GetProperty("id").GetInt32();
        var code = (await Dolphin.PostAsync(Path + "create", ("name", name), ("config", "export A=1"), ("workerGroups", $"""["default","{group}"]"""))).Data().GetInt64();
        Assert.Contains($"'{name}'", (await Dolphin.DeleteAsync($"/dolphinscheduler/worker-groups/{id}")).Refused(1400005), StringComparison.Ordinal);
        var read = (await Dolphin.GetAsync(Path + "query-by-code", ("environmentCode", code))).Data();
        (await Dolphin.PostAsync(Path + "update", ("code", code), ("name", name), ("config", "export A=1"), ("workerGroups", read.GetProperty("workerGroups").GetRawText()))).Data();
        (await Dolphin.PostAsync(Path + "update", ("code", code), ("name", name), ("config", "export A=1"), ("workerGroups", "[]"))).Data();
        (await Dolphin.DeleteAsync($"/dolphinscheduler/worker-groups/{id}")).Data();
    }

    [Theory]
    [InlineData("[\"nowhere\"]")]
    [InlineData("{}")]
    [InlineData("default")]
    public async Task Worker_groups_that_are_none_are_refused(string groups) =>
        Assert.Contains("workerGroups", (await Dolphin.PostAsync(Path + "create", ("name", "never"), ("config", "export A=1"), ("workerGroups", groups))).Refused(130015), StringComparison.Ordinal);

    [Theory]
    [InlineData("rm -rf /", "line 1")]
    [InlineData("export A=1\nexport B=$(id)", "line 2")]
    [InlineData("export PORPOISE_TAG=x", "PORPOISE_TAG")]
    public async Task A_config_that_does_more_than_set_variables_is_refused(string config, string says) =>
        Assert.Contains(says, (await Dolphin.PostAsync(Path + "create", ("name", "never"), ("config", config))).Refused(10001), StringComparison.Ordinal);

    [Fact]
    public async Task A_node_and_a_start_name_environments_that_are_there()
    {
        var code = (await Dolphin.PostAsync(Path + "create", ("name", "e-" + Guid.NewGuid().ToString("N")), ("config", "export A=1"))).Data().GetInt64();
        var form = DefinitionForm.Sound().WithNode("environmentCode", 4711);
        Assert.Contains("There is no environment 4711", (await Dolphin.PostAsync(Project + "/process-definition", form.Parameters)).Refused(1200009), StringComparison.Ordinal);

        var saved = (await Dolphin.PostAsync(Project + "/process-definition", form.WithNode("environmentCode", code).Parameters)).Data();
        var workflow = saved.GetProperty("code").GetInt64();
        var node = (await Dolphin.GetAsync(string.Create(CultureInfo.InvariantCulture, $"{Project}/process-definition/{workflow}"))).Data().GetProperty("taskDefinitionList")[0];
        Assert.Equal(code, node.GetProperty("environmentCode").GetInt64());
        (await Dolphin.PostAsync(Path + "delete", ("environmentCode", code))).Refused(120007);
        (await Dolphin.PostAsync($"{Project}/executors/start-process-instance", ("processDefinitionCode", workflow), ("isProd", "false"), ("environmentCode", 4711))).Refused(1200009);
        var run = (await Dolphin.PostAsync($"{Project}/executors/start-process-instance", ("processDefinitionCode", workflow), ("isProd", "false"), ("environmentCode", code))).Data()[0].GetInt32();
        Assert.Equal(code, (await Dolphin.GetAsync(string.Create(CultureInfo.InvariantCulture, $"{Project}/process-instances/{run}"))).Data().GetProperty("environmentCode").GetInt64());
    }

    [Fact]
    public async Task Nothing_is_run_again_whose_environment_is_gone()
    {
        var code = (await Dolphin.PostAsync(Path + "create", ("name", "e-" + Guid.NewGuid().ToString("N")), ("config", "export A=1"))).Data().GetInt64();
        var run = await RunAsync(Of(Exits(1, exitCode: 3)), ("environmentCode", code));
        (await Dolphin.PostAsync(Path + "delete", ("environmentCode", code))).Data();
        foreach (var type in (string[])["START_FAILURE_TASK_PROCESS", "REPEAT_RUNNING"])
        {
            var refusal = (await Dolphin.PostAsync(Project + "/executors/execute", ("processInstanceId", run), ("executeType", type))).Refused(1200009);
            Assert.Contains($"There is no environment {code} (any more)", refusal, StringComparison.Ordinal);
        }
    }
}
