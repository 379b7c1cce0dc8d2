using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Engine.Suite.Benches;

namespace Porpoise.Engine.Suite.Runs;

/// <summary>Runs of 2,000 mixed tasks whose attempts fail, are lost and are stopped end as a simple interpreter of the graph says.</summary>
public abstract class LargeRunTests(IEngineHosting hosting)
{
    private const int Tasks = 2_000;
    private const int AttemptsMax = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Under_CONTINUE_every_task_ends_as_the_interpreter_says_also_when_the_run_is_run_again(int seed)
    {
        var plan = new LargePlan(seed, Tasks, failPercent: 12, stops: 12);
        await using var bench = await EngineBench.OpenAsync(hosting, slots: 16);
        plan.Tell(bench.Worker, AttemptsMax);
        bench.Worker.Hold([.. plan.Stopped.Select(LargePlan.NameOf)]);
        var stopped = plan.Stopped;
        plan.Interpret();
        var run = await bench.StartAsync(Shape.Of(plan.Definition), FailureStrategy.Continue);
        await Task.WhenAll(stopped.Where(i => plan.Now[i].State == TaskState.Killed).Select(async i =>
        {
            await bench.Worker.StartedAsync(LargePlan.NameOf(i));
            await bench.Engine.StopTaskAsync(run, i);
        }));
        await AssertEndAsync(bench, run, plan);
        foreach (var task in stopped)
        {
            bench.Worker.Release(LargePlan.NameOf(task));
        }

        for (var rounds = 0; !plan.HasSucceeded; rounds++)
        {
            Assert.True(rounds < AttemptsMax / 3, "It never succeeds.");
            plan.Interpret();
            await bench.Engine.RerunAsync(run, RerunScope.FromFailure);
            await AssertEndAsync(bench, run, plan);
        }
    }

    /// <summary>Which tasks were still running at the first failure is chance; what each of them may have come to is not.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Under_END_nothing_ends_otherwise_than_the_interpreter_says_and_reruns_lead_to_success(int seed)
    {
        var plan = new LargePlan(seed, Tasks, failPercent: 4, stops: 0);
        await using var bench = await EngineBench.OpenAsync(hosting, slots: 16);
        plan.Tell(bench.Worker, AttemptsMax);
        var run = await bench.StartAsync(Shape.Of(plan.Definition));
        plan.Interpret();
        for (var rounds = 0; (await bench.EndAsync(run)).State != RunState.Succeeded; rounds++)
        {
            Assert.True(rounds < 300, "It never succeeds.");
            await AssertFailureAsync(bench, run, plan, isFirst: rounds == 0);
            await bench.Engine.RerunAsync(run, RerunScope.FromFailure);
        }

        var tasks = await bench.TasksAsync(run);
        Assert.Equal(plan.Definition.Tasks.Count(t => !t.IsDisabled), tasks.Count);
        Assert.All(tasks, t => Assert.Equal(TaskState.Succeeded, t.State));
        Assert.All(tasks.Where(t => t.Attempt > 0), t => Assert.Equal(new AttemptOutcome.Exited(0), plan.OutcomeOf(t.Index, t.Attempt)));
        Assert.Equal(bench.Worker.StartCount, tasks.Sum(t => t.Attempt));
    }

    private static async Task AssertEndAsync(EngineBench bench, RunId run, LargePlan plan)
    {
        Assert.Equal(plan.HasSucceeded ? RunState.Succeeded : RunState.Failed, (await bench.EndAsync(run)).State);
        var rows = (await bench.TasksAsync(run)).ToDictionary(t => t.Index);
        for (var i = 0; i < Tasks; i++)
        {
            var expected = plan.Now[i];
            var row = rows.GetValueOrDefault(i);
            Assert.True(row?.State == expected.State && (row?.Attempt ?? 0) == expected.Attempts, $"t{i}: {row?.State} after {row?.Attempt} attempts; the interpreter says {expected}");
        }
    }

    private static async Task AssertFailureAsync(EngineBench bench, RunId run, LargePlan plan, bool isFirst)
    {
        var rows = (await bench.TasksAsync(run)).ToDictionary(t => t.Index);
        Assert.Contains(rows.Values, t => t.State == TaskState.Failed && t.Failures > plan.Definition.Tasks[t.Index].RetryMax);
        foreach (var row in rows.Values)
        {
            Assert.True(row.State is TaskState.Succeeded or TaskState.Failed or TaskState.Killed, $"t{row.Index} is {row.State} after the end.");
            Assert.All(plan.Before(row.Index), b => Assert.Equal(TaskState.Succeeded, rows[b].State));
            if (isFirst && row.State == TaskState.Succeeded)
            {
                Assert.Equal(plan.Now[row.Index], new Standing(row.State, row.Attempt));
            }

            if (row is { State: TaskState.Succeeded, Attempt: > 0 })
            {
                Assert.Equal(new AttemptOutcome.Exited(0), plan.OutcomeOf(row.Index, row.Attempt));
            }
        }
    }
}
