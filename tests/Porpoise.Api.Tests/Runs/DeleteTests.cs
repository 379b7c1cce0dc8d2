using Porpoise.Api.Tests.Serving;
using Porpoise.Core.Tasks;
using static Porpoise.Api.Tests.Serving.Definitions;

namespace Porpoise.Api.Tests.Runs;

/// <summary>A run that is deleted is gone with its tasks, its folders and its logs; and only one that has ended can be.</summary>
public sealed class DeleteTests(ApiServer server) : ApiTest(server)
{
    [Fact]
    public async Task A_run_goes_with_everything_of_it_and_only_once()
    {
        var run = await RunAsync(Of(Exits(1, exitCode: 1) with { RetryMax = 1, RetryInterval = TimeSpan.Zero }));
        var kept = await RunAsync(Of(Exits(1)));
        var task = await TaskOfAsync(run);
        var paths = new[] { Server.Worker.PathOf(new AttemptKey(task, 1)), Server.Worker.PathOf(new AttemptKey(task, 2)) };
        Assert.All(paths, p => Assert.True(Directory.Exists(p) && File.Exists(p + ".log")));

        (await Dolphin.DeleteAsync($"{Project}/process-instances/{run}")).Data();

        (await Dolphin.GetAsync($"{Project}/process-instances/{run}")).Refused(50001);
        (await Dolphin.GetAsync($"{Project}/process-instances/{run}/tasks")).Refused(50001);
        (await Dolphin.DeleteAsync($"{Project}/process-instances/{run}")).Refused(50001);
        (await Dolphin.GetAsync("/dolphinscheduler/log/detail", ("taskInstanceId", task.Value))).Refused(10008);
        Assert.All(paths, p => Assert.False(Directory.Exists(p)));
        Assert.All(paths, p => Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(p)!, Path.GetFileName(p) + ".*")));
        Assert.True(File.Exists(Server.Worker.PathOf(new AttemptKey(await TaskOfAsync(kept), 1)) + ".log"));
    }

    [Fact]
    public async Task A_run_that_has_not_ended_stays_with_its_files()
    {
        var run = await StartAsync(await Server.SaveAsync(Of(Holds(1))));
        Assert.Contains("RUNNING_EXECUTION", (await Dolphin.DeleteAsync($"{Project}/process-instances/{run}")).Refused(50006), StringComparison.Ordinal);
        (await Dolphin.PostAsync(Project + "/executors/execute", ("processInstanceId", run), ("executeType", "STOP"))).Data();
        await WaitAsync(run);
        Assert.True(File.Exists(Server.Worker.PathOf(new AttemptKey(await TaskOfAsync(run), 1)) + ".log"));
        (await Dolphin.DeleteAsync($"{Project}/process-instances/{run}")).Data();
    }

    [Fact]
    public async Task Of_several_those_that_can_be_deleted_are_and_the_others_are_named()
    {
        var code = await Server.SaveAsync(Of(Noop(1)));
        var runs = new[] { await StartAsync(code), await StartAsync(code) };
        foreach (var run in runs)
        {
            await WaitAsync(run);
        }

        var running = await StartAsync(await Server.SaveAsync(Of(Holds(1))));
        var message = (await Dolphin.PostAsync(Project + "/process-instances/batch-delete", ("processInstanceIds", $"{runs[0]},{running},{int.MaxValue}, {runs[1]} ,{runs[0]}"))).Refused(50006);
        Assert.Contains("2 of 4", message, StringComparison.Ordinal);
        Assert.Contains($"Run {running} ", message, StringComparison.Ordinal);
        Assert.Contains($"no run {int.MaxValue}", message, StringComparison.Ordinal);
        foreach (var run in runs)
        {
            (await Dolphin.GetAsync($"{Project}/process-instances/{run}")).Refused(50001);
        }

        Assert.Equal(2, (await Dolphin.PostAsync(Project + "/executors/batch-execute", ("processInstanceIds", $"{runs[0]},{int.MaxValue}"), ("executeType", "STOP"))).Refused(50001).Split('\n').Length);
        (await Dolphin.PostAsync(Project + "/executors/batch-execute", ("processInstanceIds", running), ("executeType", "STOP"))).Data();
        await WaitAsync(running);
        (await Dolphin.PostAsync(Project + "/executors/batch-execute", ("processInstanceIds", running), ("executeType", "STOP"))).Refused(50006);
        (await Cloud.PostAsync(Project + "/process-instances/batch-delete", ("processInstanceIds", running))).Data();
    }

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("1,,2")]
    [InlineData("1,x")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("2147483648")]
    public async Task Ids_that_are_none_are_refused_before_anything_is_done(string ids)
    {
        Assert.Contains("processInstanceIds", (await Dolphin.PostAsync(Project + "/process-instances/batch-delete", ("processInstanceIds", ids))).Refused(10001), StringComparison.Ordinal);
        Assert.Contains("processInstanceIds", (await Dolphin.PostAsync(Project + "/executors/batch-execute", ("processInstanceIds", ids), ("executeType", "STOP"))).Refused(10001), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_is_bounded() =>
        (await Dolphin.PostAsync(Project + "/process-instances/batch-delete", ("processInstanceIds", string.Join(',', Enumerable.Range(1, 1_001))))).Refused(10001);

    [Theory]
    [InlineData("PAUSE")]
    [InlineData("EXECUTE_TASK")]
    public async Task Nothing_but_stops_and_reruns_can_be_asked_for(string type)
    {
        var run = await RunAsync(Of(Noop(1)));
        Assert.Contains(type, (await Dolphin.PostAsync(Project + "/executors/execute", ("processInstanceId", run), ("executeType", type))).Refused(1500001), StringComparison.Ordinal);
        Assert.Contains(type, (await Dolphin.PostAsync(Project + "/executors/batch-execute", ("processInstanceIds", run), ("executeType", type))).Refused(1500001), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_request_at_all_is_refused_with_the_words_that_are_known()
    {
        var run = await RunAsync(Of(Noop(1)));
        foreach (var (path, name) in ((string, string)[])[("execute", "processInstanceId"), ("batch-execute", "processInstanceIds")])
        {
            Assert.Contains("one of STOP, REPEAT_RUNNING, START_FAILURE_TASK_PROCESS, RECOVER_SUSPENDED_PROCESS.", (await Dolphin.PostAsync($"{Project}/executors/{path}", (name, run), ("executeType", "FOO"))).Refused(10001), StringComparison.Ordinal);
            (await Dolphin.PostAsync($"{Project}/executors/{path}", (name, run))).Refused(10001);
        }
    }

    private async Task<TaskId> TaskOfAsync(int run) =>
        new((await Dolphin.GetAsync($"{Project}/process-instances/{run}/tasks")).Data().GetProperty("taskList")[0].GetProperty("id").GetInt32());
}
