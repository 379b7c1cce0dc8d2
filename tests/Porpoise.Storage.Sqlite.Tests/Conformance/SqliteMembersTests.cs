using Porpoise.Storage.Conformance.Identities;

namespace Porpoise.Storage.Sqlite.Tests.Conformance;

public sealed class SqliteMembersTests() : MembersTests(new SqliteFixture());
