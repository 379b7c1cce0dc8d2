using Porpoise.Storage.Conformance.DataSources;

namespace Porpoise.Storage.Sqlite.Tests.Conformance;

public sealed class SqliteDataSourcesTests() : DataSourcesTests(new SqliteFixture());
