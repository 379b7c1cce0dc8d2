using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Storage.Runs;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Runs;

public abstract class SavingRunsTests(IStoreFixture fixture) : StoreTests(fixture)
{
    private static readonly DateTimeOffset Later = At.AddSeconds(7);

    /// <summary>A row as it stands after these changes, and the same as an owner reads it.</summary>
    public static TheoryData<string> ChangeNames => [.. Changes.Keys];

    private static Dictionary<string, (TaskChange[] Changes, Func<TaskRow, TaskRow> Expected)> Changes { get; } = new()
    {
        [nameof(TaskChange.Submitted)] = ([], row => row),
        [nameof(TaskChange.NoopStarted)] = ([], row => row),
        [nameof(TaskChange.AttemptStarted)] = ([new TaskChange.AttemptStarted(0, 1, Later)], row => row with { State = TaskState.Running, Attempt = 1, StartedAt = Later }),
        [nameof(TaskChange.AttemptFailed)] = (
            [new TaskChange.AttemptStarted(0, 1, At), new TaskChange.AttemptFailed(0, 1, 7, "exit code 7", 1, 2, null, Later)],
            row => row with { State = TaskState.Queued, Attempt = 1, Failures = 1, Losses = 2, ExitCode = 7, Message = "exit code 7", StartedAt = At }),
        [nameof(TaskChange.AttemptFailed) + " with a wait"] = (
            [new TaskChange.AttemptStarted(0, 1, At), new TaskChange.AttemptFailed(0, 1, null, "lost – 每天", 0, 1, Later, At)],
            row => row with { State = TaskState.RetryWaiting, Attempt = 1, Losses = 1, Message = "lost – 每天", StartedAt = At, Due = Later }),
        [nameof(TaskChange.Requeued)] = (
            [new TaskChange.AttemptStarted(0, 1, At), new TaskChange.AttemptFailed(0, 1, 7, "exit code 7", 1, 0, Later, At), new TaskChange.Requeued(0, Later)],
            row => row with { State = TaskState.Queued, Attempt = 1, Failures = 1, ExitCode = 7, Message = "exit code 7", StartedAt = At }),
        [nameof(TaskChange.Submitted) + " with a delay"] = ([], row => row with { State = TaskState.RetryWaiting, Due = Later }),
        [nameof(TaskChange.NoopStarted) + " after a delay"] = ([new TaskChange.NoopStarted(0, Later)], row => row with { State = TaskState.Running, StartedAt = Later, Due = null }),
        [nameof(TaskChange.StopRequested)] = (
            [new TaskChange.AttemptStarted(0, 1, At), new TaskChange.StopRequested(0, Later)], row => row with { State = TaskState.Running, Attempt = 1, StartedAt = At, IsStopRequested = true }),
        [nameof(TaskChange.SuccessForced)] = (
            [new TaskChange.AttemptStarted(0, 1, At), new TaskChange.Ended(0, 1, TaskState.Failed, 7, "exit code 7", 1, 0, At), new TaskChange.SuccessForced(0, TaskState.Failed, Later)],
            row => row with { State = TaskState.Succeeded, Attempt = 1, Failures = 1, ExitCode = 7, Message = "exit code 7", StartedAt = At, EndedAt = At, IsForced = true }),
        [nameof(TaskChange.Reset)] = (
            [new TaskChange.AttemptStarted(0, 1, At), new TaskChange.StopRequested(0, At), new TaskChange.Ended(0, 1, TaskState.Failed, 7, "exit code 7", 1, 2, At), new TaskChange.Reset(0, TaskState.Failed, Later)],
            row => row with { State = TaskState.Waiting, Attempt = 1 }),
        [nameof(TaskChange.Reset) + " and another attempt"] = (
            [
                new TaskChange.AttemptStarted(0, 1, At), new TaskChange.Ended(0, 1, TaskState.Succeeded, 0, "", 0, 0, At) { Outputs = new Dictionary<string, string> { ["x"] = "1" } },
                new TaskChange.Reset(0, TaskState.Succeeded, Later), new TaskChange.Submitted(0, Later), new TaskChange.AttemptStarted(0, 2, Later),
            ],
            row => row with { State = TaskState.Running, Attempt = 2, SubmittedAt = Later, StartedAt = Later }),
        ["a second attempt"] = (
            [new TaskChange.AttemptStarted(0, 1, At), new TaskChange.AttemptFailed(0, 1, 7, "exit code 7", 1, 0, null, At), new TaskChange.AttemptStarted(0, 2, Later)],
            row => row with { State = TaskState.Running, Attempt = 2, Failures = 1, StartedAt = Later }),
        [nameof(TaskChange.Ended)] = (
            [new TaskChange.AttemptStarted(0, 1, At), new TaskChange.Ended(0, 1, TaskState.Succeeded, 0, "", 0, 0, Later)],
            row => row with { State = TaskState.Succeeded, Attempt = 1, ExitCode = 0, StartedAt = At, EndedAt = Later }),
        [nameof(TaskChange.Ended) + " with outputs"] = (
            [new TaskChange.AttemptStarted(0, 1, At), new TaskChange.Ended(0, 1, TaskState.Succeeded, 0, "", 0, 0, Later) { Outputs = new Dictionary<string, string> { ["x"] = "1" } }],
            row => row with { State = TaskState.Succeeded, Attempt = 1, ExitCode = 0, StartedAt = At, EndedAt = Later, Outputs = """{"x":"1"}""" }),
        [nameof(TaskChange.Ended) + " without an attempt"] = (
            [new TaskChange.Ended(0, 0, TaskState.Killed, null, "the run was stopped", 0, 0, Later)],
            row => row with { State = TaskState.Killed, Message = "the run was stopped", EndedAt = Later }),
        [nameof(TaskChange.Ended) + " while it waited"] = (
            [new TaskChange.AttemptStarted(0, 1, At), new TaskChange.AttemptFailed(0, 1, 7, "", 1, 1, Later, At), new TaskChange.Ended(0, 0, TaskState.Killed, null, "stopped", 1, 1, Later)],
            row => row with { State = TaskState.Killed, Attempt = 1, Failures = 1, Losses = 1, Message = "stopped", StartedAt = At, EndedAt = Later }),
    };

    [Theory]
    [MemberData(nameof(ChangeNames))]
    public async Task A_change_comes_back_in_the_list_and_to_the_next_owner(string name)
    {
        var (changes, expected) = Changes[name];
        var noop = name == nameof(TaskChange.NoopStarted);
        var due = name.EndsWith("delay", StringComparison.Ordinal) ? Later : (DateTimeOffset?)null;
        var run = await StartAsync(noop ? new TaskChange.NoopStarted(0, At) : new TaskChange.Submitted(0, At) { Due = due }, new TaskChange.Submitted(1, At));
        foreach (var change in changes)
        {
            await SaveAsync(run, change);
        }

        var first = new TaskRow(new TaskId(run.FirstTaskId), run.Run, 0, Workflow, 3, noop ? TaskState.Running : TaskState.Queued, 0, 0, 0, null, "", At, noop ? At : null, null, due);
        var row = expected(first);
        Assert.Equal(row, (await Store.ListTasksAsync(run.Run, 1))[0]);
        Assert.Equal(row, await Store.FindTaskAsync(Workspace, row.Id));
        var owned = (await Store.TakeOverRunAsync(run.Run))!;
        Assert.Equal(row.Outputs, TaskOutputs.Write(owned.Tasks[0].Outputs));
        Assert.Equal(new TaskSnapshot(0, row.State, row.Attempt, row.Failures, row.Losses, row.Due) { StartedAt = row.StartedAt, EndedAt = row.EndedAt, Outputs = owned.Tasks[0].Outputs, IsStopRequested = row.IsStopRequested }, owned.Tasks.Single(t => t.Index == 0));
    }

    [Fact]
    public void Every_change_has_a_row_here() => Assert.Superset(
        typeof(TaskChange).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(TaskChange))).Select(t => t.Name).ToHashSet(),
        Changes.Keys.ToHashSet());

    [Fact]
    public async Task Changes_about_one_task_are_written_in_their_order()
    {
        var run = await StartAsync();
        await SaveAsync(
            run,
            new TaskChange.Submitted(1, At), new TaskChange.AttemptStarted(1, 1, At), new TaskChange.AttemptFailed(1, 1, 2, "", 1, 0, null, At),
            new TaskChange.AttemptStarted(1, 2, At), new TaskChange.Ended(1, 2, TaskState.Succeeded, 0, "", 1, 0, Later), new TaskChange.Submitted(2, Later));
        Assert.Equal([(0, TaskState.Queued), (1, TaskState.Succeeded), (2, TaskState.Queued)], (await Store.ListTasksAsync(run.Run, 10)).Select(t => (t.Index, t.State)));
    }

    [Theory]
    [InlineData(RunState.Stopping, false)]
    [InlineData(RunState.Succeeded, true)]
    [InlineData(RunState.Failed, true)]
    [InlineData(RunState.Stopped, true)]
    public async Task The_state_of_the_run_comes_back_and_only_an_end_has_a_time(RunState state, bool ends)
    {
        var run = await StartAsync();
        Assert.True(await Store.SaveRunAsync(run.Run, run.Epoch, Decide(state, Later)));
        var row = await Store.FindRunAsync(Workspace, run.Run);
        Assert.Equal((state, ends ? Later : null), (row!.State, row.EndedAt));
    }

    [Fact]
    public async Task A_former_owner_is_refused_and_writes_nothing()
    {
        var run = await StartAsync(new TaskChange.Submitted(0, At));
        var owner = (await Store.TakeOverRunAsync(run.Run))!;
        Assert.False(await Store.SaveRunAsync(run.Run, run.Epoch, Decide([new TaskChange.AttemptStarted(0, 1, At)])));
        Assert.False(await Store.SaveRunAsync(run.Run, run.Epoch, Decide(RunState.Stopping)));
        Assert.False(await Store.SaveRunAsync(run.Run, new OwnerEpoch(owner.Epoch.Value + 1), Decide(RunState.Stopping)));
        Assert.Equal(RunState.Running, (await Store.FindRunAsync(Workspace, run.Run))!.State);
        Assert.Equal(TaskState.Queued, (await Store.ListTasksAsync(run.Run, 1))[0].State);
        Assert.True(await Store.SaveRunAsync(run.Run, owner.Epoch, Decide([new TaskChange.AttemptStarted(0, 1, At)])));
    }

    /// <summary>Of several who read an ended run, only the first to change it has it.</summary>
    [Fact]
    public async Task A_run_that_has_ended_is_begun_anew_by_one_of_those_who_read_it()
    {
        var run = await StartAsync(new TaskChange.Submitted(0, At));
        Assert.True(await Store.SaveRunAsync(run.Run, run.Epoch, Decide(RunState.Failed, Later)));
        Assert.False(await Store.SaveRunAsync(run.Run, run.Epoch, Decide([new TaskChange.AttemptStarted(0, 1, At)])));
        var again = Later.AddMinutes(1);
        var saved = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Store.SaveRunAsync(run.Run, run.Epoch, DecideToRunAgain(RerunScope.FromFailure, again))));
        Assert.Single(saved, true);
        var row = (await Store.FindRunAsync(Workspace, run.Run))!;
        Assert.Equal((RunState.Running, 1, new RunRestart(RerunScope.FromFailure, again), again, At), (row.State, row.Restarts, row.Restart, row.BegunAt, row.StartedAt));
        Assert.Null(row.EndedAt);
        Assert.Equal(again, (await Store.ListUnfinishedRunsAsync(new RunId(0), 10)).Single(r => r.Run == run.Run).BegunAt);
        Assert.False(await Store.SaveRunAsync(run.Run, run.Epoch, Decide(RunState.Stopping)));
        Assert.True(await Store.SaveRunAsync(run.Run, new OwnerEpoch(run.Epoch.Value + 1), Decide(RunState.Stopping)));
    }

    [Fact]
    public async Task A_change_that_does_not_fit_the_state_of_the_task_is_refused()
    {
        var run = await StartAsync(new TaskChange.Submitted(0, At));
        foreach (var wrong in (TaskChange[])[new TaskChange.Reset(0, TaskState.Failed, Later), new TaskChange.SuccessForced(0, TaskState.Failed, Later), new TaskChange.StopRequested(1, Later)])
        {
            Assert.False(await Store.SaveRunAsync(run.Run, run.Epoch, Decide([wrong])));
        }
    }

    [Fact]
    public async Task A_run_that_is_not_there_cannot_be_saved() => Assert.False(await Store.SaveRunAsync(new RunId(77), new OwnerEpoch(1), Decide(RunState.Stopping)));

    [Fact]
    public async Task The_report_of_another_attempt_is_refused_and_nothing_of_its_decision_is_written()
    {
        var run = await StartAsync(new TaskChange.Submitted(0, At), new TaskChange.Submitted(1, At));
        await SaveAsync(run, new TaskChange.AttemptStarted(0, 1, At));
        foreach (var wrong in new TaskChange[]
        {
            new TaskChange.Ended(0, 2, TaskState.Succeeded, 0, "", 0, 0, Later),
            new TaskChange.AttemptFailed(0, 2, 1, "", 1, 0, null, Later),
        })
        {
            Assert.False(await Store.SaveRunAsync(run.Run, run.Epoch, Decide([new TaskChange.AttemptStarted(1, 1, At), wrong, new TaskChange.Submitted(2, At)])));
        }

        Assert.Equal([(0, TaskState.Running), (1, TaskState.Queued)], (await Store.ListTasksAsync(run.Run, 10)).Select(t => (t.Index, t.State)));
    }

    [Fact]
    public async Task An_attempt_ends_once()
    {
        var run = await StartAsync(new TaskChange.Submitted(0, At));
        await SaveAsync(run, new TaskChange.AttemptStarted(0, 1, At), new TaskChange.Ended(0, 1, TaskState.Succeeded, 0, "", 0, 0, At));
        Assert.False(await Store.SaveRunAsync(run.Run, run.Epoch, Decide([new TaskChange.Ended(0, 1, TaskState.Failed, 1, "", 1, 0, Later)])));
        Assert.False(await Store.SaveRunAsync(run.Run, run.Epoch, Decide([new TaskChange.Ended(0, 0, TaskState.Killed, null, "", 0, 0, Later)])));
        Assert.Equal(TaskState.Succeeded, (await Store.ListTasksAsync(run.Run, 1))[0].State);
    }

    [Fact]
    public async Task The_number_of_an_attempt_is_used_once()
    {
        var run = await StartAsync(new TaskChange.Submitted(0, At));
        await SaveAsync(run, new TaskChange.AttemptStarted(0, 1, At), new TaskChange.AttemptFailed(0, 1, 1, "", 1, 0, null, At));
        Assert.False(await Store.SaveRunAsync(run.Run, run.Epoch, Decide([new TaskChange.AttemptStarted(0, 1, Later)])));
        Assert.Equal((TaskState.Queued, 1), (await Store.ListTasksAsync(run.Run, 1)).Select(t => (t.State, t.Attempt)).Single());
        await SaveAsync(run, new TaskChange.AttemptStarted(0, 2, Later));
    }

    [Fact]
    public async Task A_task_is_submitted_once()
    {
        var run = await StartAsync(new TaskChange.Submitted(0, At));
        Assert.False(await AnswerOfAsync(Store.SaveRunAsync(run.Run, run.Epoch, Decide([new TaskChange.Submitted(1, Later), new TaskChange.Submitted(0, Later)]))));
        Assert.Single(await Store.ListTasksAsync(run.Run, 10));
        Assert.Equal(At, (await Store.ListTasksAsync(run.Run, 1))[0].SubmittedAt);
    }

    [Fact]
    public async Task A_refused_save_does_not_fail_its_neighbours()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => StartAsync(new TaskChange.Submitted(0, At))));
        await Task.WhenAll(runs.Select(r => SaveAsync(r, new TaskChange.AttemptStarted(0, 1, At), new TaskChange.AttemptFailed(0, 1, 1, "", 1, 0, null, At))));

        // Every fourth uses a number twice, every fourth comes from a former owner, every fourth ends another attempt.
        var saved = await Task.WhenAll(runs.Select((run, i) => AnswerOfAsync((i % 4) switch
        {
            0 => Store.SaveRunAsync(run.Run, run.Epoch, Decide([new TaskChange.AttemptStarted(0, 1, Later)])),
            1 => Store.SaveRunAsync(run.Run, new OwnerEpoch(9), Decide([new TaskChange.AttemptStarted(0, 2, Later)])),
            2 => Store.SaveRunAsync(run.Run, run.Epoch, Decide([new TaskChange.Ended(0, 2, TaskState.Succeeded, 0, "", 1, 0, Later)])),
            _ => Store.SaveRunAsync(run.Run, run.Epoch, Decide([new TaskChange.AttemptStarted(0, 2, Later)])),
        })));
        Assert.Equal(runs.Select((_, i) => i % 4 == 3), saved);
        for (var i = 0; i < runs.Length; i++)
        {
            Assert.Equal(i % 4 == 3 ? TaskState.Running : TaskState.Queued, (await Store.ListTasksAsync(runs[i].Run, 1))[0].State);
        }
    }

    /// <summary>How it is refused is the concern of the tests above.</summary>
    private static async Task<bool> AnswerOfAsync(Task<bool> save)
    {
        try
        {
            return await save;
        }
        catch (Exception e) when (e is not StoreUnavailableException)
        {
            return false;
        }
    }
}
