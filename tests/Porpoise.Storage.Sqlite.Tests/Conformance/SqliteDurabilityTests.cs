using Porpoise.Storage.Conformance.Durability;

namespace Porpoise.Storage.Sqlite.Tests.Conformance;

public sealed class SqliteDurabilityTests() : DurabilityTests(new SqliteFixture());
