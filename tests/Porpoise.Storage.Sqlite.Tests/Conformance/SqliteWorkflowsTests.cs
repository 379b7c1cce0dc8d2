using Porpoise.Storage.Conformance.Workflows;

namespace Porpoise.Storage.Sqlite.Tests.Conformance;

public sealed class SqliteWorkflowsTests() : WorkflowsTests(new SqliteFixture());
