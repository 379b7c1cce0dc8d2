using Porpoise.Storage.Commits;

namespace Porpoise.Storage.Sqlite;

/// <summary>A write of this store.</summary>
internal interface ISqliteWrite
{
    /// <summary>Whether it is to be kept: a refused write leaves nothing behind.</summary>
    bool Apply(WriterSession session);
}

/// <summary>A write given as a function that answers its result and whether it is to be kept.</summary>
internal sealed class SqliteWrite<T>(Func<WriterSession, (T Result, bool Keep)> write, bool goesOn = false) : CommitItem<T>(goesOn), ISqliteWrite
{
    public bool Apply(WriterSession session)
    {
        (Result, var keep) = write(session);
        return keep;
    }
}
