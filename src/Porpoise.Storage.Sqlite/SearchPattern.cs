namespace Porpoise.Storage.Sqlite;

/// <summary>Text that people search for, as a pattern of <c>like … escape '\'</c>.</summary>
internal static class SearchPattern
{
    /// <summary>Nothing that is searched is as long, and for SQLite a pattern of more than 50,000 bytes is an error.</summary>
    private const int TextMax = 8_000;

    public static string? Containing(string? text) => text is null ? null : "%" + Escape(text) + "%";

    /// <summary>The whole text, or only its beginning when it ends in <c>*</c>.</summary>
    public static string? Matching(string? text) => text is null ? null : text.EndsWith('*') ? Escape(text[..^1]) + "%" : Escape(text);

    private static string Escape(string text) => (text.Length > TextMax ? text[..TextMax] : text)
        .Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);
}
