using Porpoise.Storage.Commits;

namespace Porpoise.Storage.Sqlite;

/// <summary>A write of this store.</summary>
internal interface ISqliteWrite
{
    /// <summary>True: what its predecessors in the batch counted must be in the counter tables before it looks at them.</summary>
    bool ReadsCounters { get; }

    /// <summary>Whether it is to be kept: a refused write leaves nothing behind.</summary>
    bool Apply(WriterSession session);
}

/// <summary>A write given as a function that answers its result and whether it is to be kept.</summary>
internal sealed class SqliteWrite<T>(Func<WriterSession, (T Result, bool Keep)> write, bool goesOn = false, bool readsCounters = false) : CommitItem<T>(goesOn), ISqliteWrite
{
    public bool ReadsCounters => readsCounters;

    public bool Apply(WriterSession session)
    {
        (Result, var keep) = write(session);
        return keep;
    }
}
