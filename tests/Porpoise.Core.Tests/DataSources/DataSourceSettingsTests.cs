using Porpoise.Core.DataSources;

namespace Porpoise.Core.Tests.DataSources;

public sealed class DataSourceSettingsTests
{
    private static readonly DataSourceSettings Server = new("db", DataSourceType.PostgreSql, "", "db.example", 5432, "d", "u", "");
    private static readonly DataSourceSettings File = new("f", DataSourceType.Sqlite, "", "", 0, "/data/f.db", "", "");

    public static TheoryData<DataSourceSettings, string?> Rows { get; } = new()
    {
        { Server, null },
        { File, null },
        { Server with { Host = "::1" }, null },
        { Server with { Options = """{"connectTimeout":"5","searchPath":"a, b","sslMode":"verify-full"}""" }, null },
        { Server with { Type = DataSourceType.SqlServer, Options = """{"encrypt":"strict"}""" }, null },
        { File with { Options = """{"mode":"readOnly"}""" }, null },
        { Server with { Name = "" }, "name" },
        { Server with { Name = " x" }, "name" },
        { Server with { Name = "a\nb" }, "name" },
        { Server with { Host = "" }, "host" },
        { Server with { Host = "a;Password=x" }, "host" },
        { Server with { Host = "a,b" }, "host" },
        { Server with { Host = "/var/run/postgresql" }, "host" },
        { Server with { Port = 0 }, "port" },
        { Server with { Port = 70_000 }, "port" },
        { Server with { User = "a\0" }, "userName" },
        { File with { Database = "relative.db" }, "database" },
        { File with { Host = "h" }, "host" },
        { Server with { Options = """{"sslMode":"maybe"}""" }, "other" },
        { Server with { Options = """{"connectTimeout":"0"}""" }, "other" },
        { Server with { Options = """{"Root Certificate":"/etc/passwd"}""" }, "other" },
        { Server with { Type = DataSourceType.MySql, Options = """{"AllowLoadLocalInfile":"true"}""" }, "other" },
        { File with { Options = """{"mode":"memory"}""" }, "other" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void What_is_not_sound_is_named(DataSourceSettings settings, string? parameter) => Assert.Equal(parameter, settings.FindFault()?.Parameter);

    [Fact]
    public void Types_have_names_in_any_case()
    {
        Assert.All(Enum.GetValues<DataSourceType>(), type => Assert.Equal(type, DataSourceTypes.Read(DataSourceTypes.NameOf(type).ToLowerInvariant())));
        Assert.Null(DataSourceTypes.Read("ORACLE"));
    }

    [Fact]
    public void Options_are_written_in_one_order()
    {
        var text = DataSourceOptions.Write(new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" });
        Assert.Equal("""{"a":"1","b":"2"}""", text);
        Assert.Equal(2, DataSourceOptions.Read(text).Count);
        Assert.Equal("", DataSourceOptions.Write(new Dictionary<string, string>()));
    }
}
