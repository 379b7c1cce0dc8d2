using Porpoise.Storage.Commits;

namespace Porpoise.Storage.Sqlite.Tests.Commits;

public sealed class GroupCommitTests : IAsyncDisposable
{
    private readonly RecordingExecutor _executor = new();
    private readonly ManualLoop _loop = new();
    private readonly GroupCommit _commits;

    public GroupCommitTests() => _commits = new GroupCommit(_executor, _loop);

    public ValueTask DisposeAsync() => _commits.DisposeAsync();

    [Fact]
    public async Task Everything_that_waits_is_one_batch_in_the_order_of_coming()
    {
        var tasks = Submit(0, 5);
        Assert.Empty(_executor.Batches);
        Assert.All(tasks, t => Assert.False(t.IsCompleted));
        _loop.Drain();
        Assert.Equal([0, 1, 2, 3, 4], Assert.Single(_executor.Batches));
        await AnswersAsync([0, 1, 2, 3, 4], tasks);
    }

    [Fact]
    public void Every_write_signals_the_loop()
    {
        Submit(0, 3);
        Assert.Equal(3, _loop.Signals);
    }

    [Fact]
    public void A_signal_without_writes_is_no_batch()
    {
        _loop.Drain();
        Submit(0, 1);
        _loop.Drain();
        _loop.Drain();
        Assert.Single(_executor.Batches);
    }

    [Fact]
    public async Task A_batch_has_a_largest_size_and_the_rest_follows_in_order()
    {
        const int writes = (2 * GroupCommit.BatchMax) + 1;
        var tasks = Submit(0, writes);
        _loop.Drain();
        Assert.Equal([GroupCommit.BatchMax, GroupCommit.BatchMax, 1], _executor.Batches.Select(b => b.Length));
        Assert.Equal(Enumerable.Range(0, writes), _executor.Batches.SelectMany(b => b));
        await AnswersAsync(Enumerable.Range(0, writes), tasks);
    }

    [Fact]
    public async Task A_write_that_comes_during_a_commit_is_in_the_next_one()
    {
        var late = new List<Task<int>>();
        _executor.OnExecute = () =>
        {
            _executor.OnExecute = () => { };
            late.AddRange(Submit(10, 2));
        };
        var early = Submit(0, 2);
        _loop.Drain();
        await AnswersAsync([0, 1], early);
        Assert.All(late, t => Assert.False(t.IsCompleted));
        _loop.Drain();
        await AnswersAsync([10, 11], late);
        Assert.Equal([[0, 1], [10, 11]], _executor.Batches);
    }

    [Fact]
    public async Task A_failure_reaches_the_write_that_failed_and_no_other()
    {
        _executor.Fail = number => number == 1 ? new InvalidOperationException("one") : null;
        var tasks = Submit(0, 3);
        _loop.Drain();
        Assert.Equal(0, await tasks[0]);
        Assert.Equal("one", (await Assert.ThrowsAsync<InvalidOperationException>(() => tasks[1])).Message);
        Assert.Equal(2, await tasks[2]);
    }

    [Fact]
    public async Task A_commit_that_fails_reaches_each_of_its_writes_and_the_next_one_goes_on()
    {
        _executor.Fail = number => number < 3 ? new StoreUnavailableException("disk full") : null;
        var failed = Submit(0, 3);
        _loop.Drain();
        foreach (var task in failed)
        {
            Assert.Equal("disk full", (await Assert.ThrowsAsync<StoreUnavailableException>(() => task)).Message);
        }

        var next = Submit(3, 1);
        _loop.Drain();
        Assert.Equal(3, await next[0]);
    }

    [Fact]
    public async Task More_than_may_wait_is_refused_and_what_waits_is_kept()
    {
        var tasks = Submit(0, GroupCommit.WaitingMax);
        var refused = Submit(-1, 1)[0];
        Assert.Contains("Too many writes", (await Assert.ThrowsAsync<StoreUnavailableException>(() => refused)).Message, StringComparison.Ordinal);
        _loop.Drain();
        Assert.All(tasks, t => Assert.True(t.IsCompletedSuccessfully));
        Assert.DoesNotContain(-1, _executor.Batches.SelectMany(b => b));
        Assert.False(Submit(1, 1)[0].IsFaulted);
    }

    [Fact]
    public async Task Closing_commits_what_waits_and_refuses_what_comes()
    {
        var tasks = Submit(0, 3);
        await _commits.DisposeAsync();
        await AnswersAsync([0, 1, 2], tasks);
        var late = Submit(9, 1)[0];
        Assert.Contains("closing", (await Assert.ThrowsAsync<StoreUnavailableException>(() => late)).Message, StringComparison.Ordinal);
        Assert.Single(_executor.Batches);
    }

    [Fact]
    public async Task On_its_own_thread_every_write_of_many_callers_is_answered_once()
    {
        var executor = new RecordingExecutor();
        var commits = new GroupCommit(executor, new CommitThread());
        var tasks = new Task<int>[8000];
        var threads = Enumerable.Range(0, 8).Select(t => new Thread(() =>
        {
            for (var i = t; i < tasks.Length; i += 8)
            {
                tasks[i] = commits.SubmitAsync(new NumberedItem(i));
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        await commits.DisposeAsync();
        Assert.All(tasks, t => Assert.True(t.IsCompletedSuccessfully));
        await AnswersAsync(Enumerable.Range(0, tasks.Length), tasks);
        Assert.Equal(Enumerable.Range(0, tasks.Length), executor.Batches.SelectMany(b => b).Order());
        foreach (var thread in Enumerable.Range(0, 8))
        {
            var own = executor.Batches.SelectMany(b => b).Where(n => n % 8 == thread);
            Assert.Equal(own.Order(), own);
        }
    }

    [Fact]
    public async Task A_thread_that_waits_for_work_can_be_closed()
    {
        var commits = new GroupCommit(_executor, new CommitThread());
        await commits.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private static async Task AnswersAsync(IEnumerable<int> expected, IEnumerable<Task<int>> tasks)
    {
        var answers = await Task.WhenAll(tasks);
        Assert.Equal(expected, answers);
    }

    private List<Task<int>> Submit(int from, int count) => [.. Enumerable.Range(from, count).Select(i => _commits.SubmitAsync(new NumberedItem(i)))];
}
