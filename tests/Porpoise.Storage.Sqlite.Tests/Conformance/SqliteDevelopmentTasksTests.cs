using Porpoise.Storage.Conformance.Library;

namespace Porpoise.Storage.Sqlite.Tests.Conformance;

public sealed class SqliteDevelopmentTasksTests() : DevelopmentTasksTests(new SqliteFixture());
