using System.Collections;
using System.Globalization;

namespace Porpoise.Worker.Runners.Sql;

/// <summary>Values of results as text: the same in every culture, and such that they can be handed on.</summary>
internal static class SqlCells
{
    /// <summary>Null: the database's NULL.</summary>
    public static string? Write(object value) => value switch
    {
        DBNull => null,
        string text => text,
        bool yes => yes ? "true" : "false",
        byte[] bytes => Convert.ToHexStringLower(bytes),
        Stream stream => Convert.ToHexStringLower(ReadAll(stream)),
        DateTime { TimeOfDay.Ticks: 0 } date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        IDictionary map => $"{{{string.Join(", ", map.Keys.Cast<object>().Select(key => $"{Write(key)}: {Write(map[key] ?? DBNull.Value) ?? "NULL"}"))}}}",
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(element => Write(element ?? DBNull.Value) ?? "NULL"))}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static byte[] ReadAll(Stream stream)
    {
        using var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray();
    }
}
