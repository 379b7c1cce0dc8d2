using Porpoise.Api.Tests.Serving;
using Porpoise.Core.Parameters;
using Porpoise.Core.Schedules;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Workflows;
using static Porpoise.Api.Tests.Serving.Definitions;

namespace Porpoise.Api.Tests.Runs;

/// <summary>The moment that a run stands for, as a start names it and answers show it.</summary>
public sealed class ScheduleTimeTests(ApiServer server) : ApiTest(server)
{
    private static WorkflowDefinition Dated => Of(Noop(1)) with { GlobalParams = [new Parameter("at", ParameterDirection.In, "VARCHAR", "$[yyyy-MM-dd HH:mm:ss] ${system.biz.date}")] };

    [Theory]
    [InlineData("2026-11-01", "2026-11-01 00:00:00", "2026-11-01 00:00:00 20261031")]
    [InlineData("2028-03-01 06:30:00", "2028-03-01 06:30:00", "2028-03-01 06:30:00 20280229")]
    public async Task A_time_is_shown_and_is_what_time_parameters_yield(string sent, string shown, string yields)
    {
        var run = await RunAsync(Dated, ("scheduleTime", sent));
        await AssertAsync(run, shown, "UTC", yields);
        Assert.Contains(shown, (await Dolphin.GetAsync(Project + "/process-instances", ("pageNo", 1), ("pageSize", 1))).Data().GetRawText(), StringComparison.Ordinal);
        (await Dolphin.PostAsync(Project + "/executors/execute", ("processInstanceId", run), ("executeType", "REPEAT_RUNNING"))).Data();
        await WaitAsync(run);
        await AssertAsync(run, shown, "UTC", yields);
    }

    [Fact]
    public async Task It_is_read_in_the_zone_that_the_schedule_has_when_the_run_is_started()
    {
        var code = await Server.SaveAsync(Dated);
        await ScheduleAsync("Europe/Berlin");
        var run = await StartAsync(code, ("scheduleTime", "2026-11-01"));
        await ScheduleAsync("Asia/Shanghai");
        await AssertAsync(run, "2026-11-01 00:00:00", "Europe/Berlin", "2026-11-01 00:00:00 20261031");
        await AssertAsync(await StartAsync(code, ("scheduleTime", "2026-11-01")), "2026-11-01 00:00:00", "Asia/Shanghai", "2026-11-01 00:00:00 20261031");

        async Task ScheduleAsync(string zone) => Assert.IsType<SaveWorkflowResult.Saved>(await Server.Store.UpdateWorkflowAsync(
            Server.Workspace.Id, code, (await Server.Store.FindVersionAsync(code, 1))!.Definition, published: null, "root", TimeProvider.System.GetUtcNow(), nonce: null, new ScheduleChange(new Schedule("0 0 1 * * ?", zone, null, null))));
    }

    [Fact]
    public async Task The_hour_that_clocks_leave_out_stands_for_the_moment_of_the_change()
    {
        var code = await Server.SaveAsync(Dated);
        await Server.Store.UpdateWorkflowAsync(
            Server.Workspace.Id, code, (await Server.Store.FindVersionAsync(code, 1))!.Definition, published: null, "root", TimeProvider.System.GetUtcNow(), nonce: null, new ScheduleChange(new Schedule("0 0 1 * * ?", "Europe/Berlin", null, null)));
        await AssertAsync(await StartAsync(code, ("scheduleTime", "2026-03-29 02:30:00")), "2026-03-29 03:00:00", "Europe/Berlin", "2026-03-29 03:00:00 20260328");
    }

    [Fact]
    public async Task Without_one_the_run_stands_for_its_start()
    {
        var detail = await DetailAsync(await RunAsync(Dated));
        Assert.Equal("null", detail.GetProperty("scheduleTime").GetRawText());
        Assert.StartsWith(detail.GetProperty("startTime").GetString()!, Value(detail), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"complementStartDate":"2026-01-01 00:00:00","complementEndDate":"2026-01-03 00:00:00"}""")]
    [InlineData("""{"complementScheduleDateList":"2026-01-01 00:00:00"}""")]
    public async Task The_dates_of_a_backfill_count_for_backfills_only(string sent) =>
        Assert.Equal("null", (await DetailAsync(await RunAsync(Dated, ("scheduleTime", sent)))).GetProperty("scheduleTime").GetRawText());

    [Theory]
    [InlineData("yesterday", 10001)]
    [InlineData("20261101", 10001)]
    [InlineData("2026-02-30", 10001)]
    [InlineData("2026-11-01 24:00:00", 10001)]
    [InlineData("2026-11-01T00:00:00Z", 10001)]
    [InlineData("0001-01-01", 10001)]
    [InlineData("9999-12-31", 10001)]
    [InlineData("{", 10001)]
    [InlineData("2026-11-01 00:00:00,2026-11-02 00:00:00", 1500001)]
    public async Task What_is_no_time_is_refused_and_nothing_starts(string sent, int code)
    {
        var workflow = await Server.SaveAsync(Dated);
        Assert.Contains("scheduleTime", (await TryStartAsync(workflow, ("scheduleTime", sent))).Refused(code), StringComparison.Ordinal);
        Assert.Equal(0, (await Dolphin.GetAsync(Project + "/process-instances", ("processDefinitionCode", workflow.Value))).Data().GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_signed_call_can_name_it_too()
    {
        var code = await Server.SaveAsync(Dated);
        var started = await Cloud.PostAsync($"/dolphinscheduler/projects/{Server.Workspace.Id.Value}/executors/start-process-instance", ("productNamespace", "SS"), ("processDefinitionCode", code.Value), ("scheduleTime", "2026-11-01"));
        await AssertAsync(started.Data()[0].GetInt32(), "2026-11-01 00:00:00", "UTC", "2026-11-01 00:00:00 20261031");
    }

    private async Task AssertAsync(int run, string shown, string zone, string yields)
    {
        var detail = await DetailAsync(run);
        Assert.Equal((shown, zone), (detail.GetProperty("scheduleTime").GetString(), detail.GetProperty("timeZone").GetString()));
        Assert.Equal(yields, Value(detail));
    }

    private async Task<System.Text.Json.JsonElement> DetailAsync(int run) => (await Dolphin.GetAsync($"{Project}/process-instances/{run}")).Data();

    private static string Value(System.Text.Json.JsonElement detail)
    {
        using var global = System.Text.Json.JsonDocument.Parse(detail.GetProperty("globalParams").GetString()!);
        return global.RootElement[0].GetProperty("value").GetString()!;
    }
}
