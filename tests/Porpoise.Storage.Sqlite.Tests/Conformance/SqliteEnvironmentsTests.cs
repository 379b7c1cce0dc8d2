using Porpoise.Storage.Conformance.Environments;

namespace Porpoise.Storage.Sqlite.Tests.Conformance;

public sealed class SqliteEnvironmentsTests() : EnvironmentsTests(new SqliteFixture());
