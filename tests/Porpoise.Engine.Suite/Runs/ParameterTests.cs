using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Porpoise.Core.Parameters;
using Porpoise.Core.Runs;
using Porpoise.Engine.Suite.Benches;

namespace Porpoise.Engine.Suite.Runs;

/// <summary>Parameters on their way from the definition and the start to the worker.</summary>
public abstract class ParameterTests(IEngineHosting hosting)
{
    private static readonly Shape Workflow = Shape.Single("a", retries: 1)
        .With(t => t with { Params = """{"rawScript":"echo ${x} ${y}"}""", LocalParams = [In("x", "local of ${day}"), In("y", "local"), new Parameter("z", ParameterDirection.Out, "VARCHAR", "out")] })
        .WithAll(d => d with { GlobalParams = [In("day", "global"), In("y", "global"), In("z", "global")] });

    [Fact]
    public async Task The_script_gets_the_values_of_the_run_and_of_its_version()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        var run = await bench.StartAsync(Workflow, order => order with { StartParams = """{"day":"it's \"now\"","y":7,"z":null}""" });
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        Assert.Equal("""day='it'\''s "now"'; x='local of it'\''s "now"'; y='7'; z=''; echo "${x}" "${y}" """.TrimEnd(), Assert.Single(bench.Worker.Starts).Program.Text);
    }

    /// <summary>JSON lets a script of one number be one, and a definition with it is sound.</summary>
    [Theory]
    [InlineData("SHELL", "5", "5")]
    [InlineData("SHELL", "true", "true")]
    [InlineData("PYTHON", "1e3", "1e3")]
    public async Task A_script_that_is_no_text_is_run_as_its_text(string type, string script, string run)
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        var shape = Shape.Single("a").With(t => t with { Type = type, Params = $$"""{"rawScript":{{script}}}""" });
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(await bench.StartAsync(shape))).State);
        Assert.Contains(run, Assert.Single(bench.Worker.Starts).Program.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_values_are_the_same_in_every_attempt_also_after_a_restart()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        bench.Worker.Hold("a");
        bench.Worker.Fail("a", 1);
        var run = await bench.StartAsync(Workflow, order => order with { StartParams = """{"day":"1\n2"}""" });
        await bench.Worker.StartedAsync("a");
        await bench.RestartAsync();
        await bench.Happenings.UntilAsync(() => bench.Worker.Resumes.Count == 1, "the question what became of 'a'");
        bench.Worker.Release("a");
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        var scripts = bench.Worker.Starts.Select(o => o.Program.Text).ToList();
        Assert.Equal(2, scripts.Count);
        Assert.Single(scripts.Distinct());
        Assert.Contains("local of 1'\"$PORPOISE_LF\"'2'", scripts[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Time_parameters_stand_for_the_moment_of_the_run_in_every_attempt_and_rerun()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 10, 31, 23, 59, 0, TimeSpan.Zero));
        await using var bench = await EngineBench.OpenAsync(hosting, clock: clock);
        var shape = Shape.Single("a").With(t => t with { Params = """{"rawScript":"echo ${day} ${system.biz.date}"}""", LocalParams = [In("day", "$[yyyy-MM-dd]")] });
        bench.Worker.Fail("a", 1);
        var run = await bench.StartAsync(shape, static order => order);
        Assert.Equal(RunState.Failed, (await bench.EndAsync(run)).State);
        clock.Advance(TimeSpan.FromDays(2));
        await bench.RestartAsync();
        await bench.Engine.RerunAsync(run, RerunScope.FromFailure);
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        Assert.Equal(["day='2026-10-31'; PORPOISE_P1='20261030'; echo \"${day}\" \"${PORPOISE_P1}\""], bench.Worker.Starts.Select(o => o.Program.Text).Distinct());
        var named = await bench.StartAsync(shape, static order => order with { ScheduleTime = new DateTimeOffset(2026, 1, 1, 16, 0, 0, TimeSpan.Zero), TimeZone = "Asia/Shanghai" });
        await bench.EndAsync(named);
        Assert.Equal("day='2026-01-02'; PORPOISE_P1='20260101'; echo \"${day}\" \"${PORPOISE_P1}\"", bench.Worker.Starts[^1].Program.Text);
    }

    [Fact]
    public async Task A_run_in_a_zone_that_is_not_there_any_more_fails_and_says_why()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        var shape = Shape.Single("a").With(t => t with { LocalParams = [In("day", "$[yyyy]")] });
        var run = await bench.StartAsync(shape, static order => order with { TimeZone = "Nowhere/City" });
        await bench.EndAsync(run);
        Assert.Equal("echo 'This machine does not know the time zone Nowhere/City, in which the time parameters of the run are written.' >&2\nexit 127\n", Assert.Single(bench.Worker.Starts).Program.Text);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[]")]
    public async Task Start_parameters_that_are_no_object_are_refused_before_anything_is_written(string text)
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        await Assert.ThrowsAnyAsync<JsonException>(() => bench.StartAsync(Workflow, order => order with { StartParams = text }));
        Assert.Equal(0, await bench.CountRunsAsync());
    }

    private static Parameter In(string name, string value) => new(name, ParameterDirection.In, "VARCHAR", value);
}
