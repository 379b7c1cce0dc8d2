namespace Porpoise.Core.DataSources;

/// <summary>Which database a data source is. The numbers are what the store holds: never reuse one.</summary>
public enum DataSourceType
{
    PostgreSql = 0,

    /// <summary>MariaDB too.</summary>
    MySql = 1,

    SqlServer = 2,

    /// <summary>A file.</summary>
    Sqlite = 3,
}

/// <summary>The names that clients use for them.</summary>
public static class DataSourceTypes
{
    private static readonly string[] Names = ["POSTGRESQL", "MYSQL", "SQLSERVER", "SQLITE"];

    public static IReadOnlyList<string> All => Names;

    public static string NamesForPeople => string.Join(", ", Names);

    public static string NameOf(DataSourceType type) => Names[(int)type];

    /// <summary>In any case; null when it is none.</summary>
    public static DataSourceType? Read(string name) => Array.FindIndex(Names, n => n.Equals(name, StringComparison.OrdinalIgnoreCase)) is >= 0 and var at ? (DataSourceType)at : null;

    /// <summary>Where such a server usually listens; 0 for a file.</summary>
    public static int PortOf(DataSourceType type) => type switch
    {
        DataSourceType.PostgreSql => 5432,
        DataSourceType.MySql => 3306,
        DataSourceType.SqlServer => 1433,
        _ => 0,
    };
}
