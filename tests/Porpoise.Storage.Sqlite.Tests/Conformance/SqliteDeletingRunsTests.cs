using Porpoise.Storage.Conformance.Runs;

namespace Porpoise.Storage.Sqlite.Tests.Conformance;

public sealed class SqliteDeletingRunsTests() : DeletingRunsTests(new SqliteFixture());
