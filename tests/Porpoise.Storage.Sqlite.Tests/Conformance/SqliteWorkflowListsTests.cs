using Porpoise.Storage.Conformance.Workflows;

namespace Porpoise.Storage.Sqlite.Tests.Conformance;

public sealed class SqliteWorkflowListsTests() : WorkflowListsTests(new SqliteFixture());
