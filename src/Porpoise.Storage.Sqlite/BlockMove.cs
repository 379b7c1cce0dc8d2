namespace Porpoise.Storage.Sqlite;

/// <summary>What a batch changes in one row of <c>run_block</c> or <c>task_block</c>.</summary>
internal sealed class BlockMove
{
    /// <summary>Rows more, or fewer, by state; a state's number is its place.</summary>
    public long[] ByState { get; } = new long[8];

    /// <summary>Times of rows that are new in the block; the bounds never become narrower.</summary>
    public long FirstAt { get; private set; } = long.MaxValue;

    public long LastAt { get; private set; } = long.MinValue;

    public bool HasNew => LastAt != long.MinValue;

    public void Include(long at)
    {
        FirstAt = Math.Min(FirstAt, at);
        LastAt = Math.Max(LastAt, at);
    }
}
