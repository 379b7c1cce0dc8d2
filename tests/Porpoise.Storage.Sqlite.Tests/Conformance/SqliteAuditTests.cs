using Porpoise.Storage.Conformance.Audit;

namespace Porpoise.Storage.Sqlite.Tests.Conformance;

public sealed class SqliteAuditTests() : AuditTests(new SqliteFixture());
