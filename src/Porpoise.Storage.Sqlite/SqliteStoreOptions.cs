using Porpoise.Storage.Commits;

namespace Porpoise.Storage.Sqlite;

/// <summary>How to open the store.</summary>
/// <param name="Path">The database file; created if it is not there. Empty: in memory, for the simulator, then everything runs on the caller's thread.</param>
/// <param name="Clock">The time.</param>
/// <param name="Loop">Where commits run.</param>
/// <param name="NewInstallId">Makes the id of a new data folder.</param>
public sealed record SqliteStoreOptions(string Path, TimeProvider Clock, ICommitLoop Loop, Func<string> NewInstallId);
