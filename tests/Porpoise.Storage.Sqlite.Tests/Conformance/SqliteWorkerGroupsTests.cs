using Porpoise.Storage.Conformance.Queues;

namespace Porpoise.Storage.Sqlite.Tests.Conformance;

public sealed class SqliteWorkerGroupsTests() : WorkerGroupsTests(new SqliteFixture());
