using Porpoise.Storage.Conformance.Runs;

namespace Porpoise.Storage.Sqlite.Tests.Conformance;

public sealed class SqliteTaskListsTests() : TaskListsTests(new SqliteFixture());
