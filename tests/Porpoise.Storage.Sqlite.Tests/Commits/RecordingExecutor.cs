using Porpoise.Storage.Commits;

namespace Porpoise.Storage.Sqlite.Tests.Commits;

/// <summary>Answers each write with its own name, and remembers the batches.</summary>
internal sealed class RecordingExecutor : ICommitExecutor
{
    public List<int[]> Batches { get; } = [];

    /// <summary>Decides what goes wrong, for each write.</summary>
    public Func<int, Exception?> Fail { get; set; } = _ => null;

    /// <summary>Called in each batch before it ends.</summary>
    public Action OnExecute { get; set; } = () => { };

    public void Execute(IReadOnlyList<CommitItem> batch)
    {
        Batches.Add([.. batch.Select(i => ((NumberedItem)i).Number)]);
        Assert.All(batch, i => Assert.False(((NumberedItem)i).Task.IsCompleted, "A write was answered before its commit."));
        foreach (var item in batch.Cast<NumberedItem>())
        {
            item.Result = item.Number;
            item.Failure = Fail(item.Number);
        }

        OnExecute();
    }
}

internal sealed class NumberedItem(int number) : CommitItem<int>
{
    public int Number => number;
}
