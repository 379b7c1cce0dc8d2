using Porpoise.Storage.Conformance.Durability;

namespace Porpoise.Storage.Sqlite.Tests.Conformance;

public sealed class SqliteConcurrentWritesTests() : ConcurrentWritesTests(new SqliteFixture());
