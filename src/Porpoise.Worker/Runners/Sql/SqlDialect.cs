namespace Porpoise.Worker.Runners.Sql;

/// <summary>What a database takes for a comment, a text and a name. Where a value may stand depends on it, so it has to be right to the letter.</summary>
internal sealed record SqlDialect
{
    public static SqlDialect PostgreSql { get; } = new() { HasNestedComments = true, HasDollarQuotes = true, HasEscapeTexts = true, NameBytesMax = 63 };

    public static SqlDialect MySql { get; } = new() { HasBackslashes = true, HasDoubleQuotedTexts = true, HasBackticks = true, HasHashComments = true, HasCodeInComments = true, HasStrictDashes = true };

    public static SqlDialect SqlServer { get; } = new() { HasNestedComments = true, HasBrackets = true, HasNationalTexts = true, HasNoBooleans = true, IsBatch = true };

    public static SqlDialect Sqlite { get; } = new() { HasBackticks = true, HasBrackets = true, HasPlainBrackets = true };

    public static SqlDialect DuckDb { get; } = new() { HasNestedComments = true, HasDollarQuotes = true, HasEscapeTexts = true };

    /// <summary>A comment in a comment has an end of its own.</summary>
    public bool HasNestedComments { get; init; }

    /// <summary><c>$tag$ … $tag$</c></summary>
    public bool HasDollarQuotes { get; init; }

    /// <summary><c>E'…'</c>, in which a backslash means something.</summary>
    public bool HasEscapeTexts { get; init; }

    /// <summary>A backslash means something in every text.</summary>
    public bool HasBackslashes { get; init; }

    /// <summary><c>"…"</c> is a text and no name.</summary>
    public bool HasDoubleQuotedTexts { get; init; }

    public bool HasBackticks { get; init; }

    public bool HasBrackets { get; init; }

    /// <summary>There is no way to write <c>]</c> between brackets.</summary>
    public bool HasPlainBrackets { get; init; }

    public bool HasHashComments { get; init; }

    /// <summary><c>/*! … */</c> is code.</summary>
    public bool HasCodeInComments { get; init; }

    /// <summary>Two dashes begin a comment only with a blank behind them.</summary>
    public bool HasStrictDashes { get; init; }

    /// <summary><c>N'…'</c> is a text of Unicode, and another one is not.</summary>
    public bool HasNationalTexts { get; init; }

    /// <summary>True and false are 1 and 0.</summary>
    public bool HasNoBooleans { get; init; }

    /// <summary>Statements are sent together, up to a line with the word GO: they share variables.</summary>
    public bool IsBatch { get; init; }

    /// <summary>Longer names are cut in silence; 0: they are not.</summary>
    public int NameBytesMax { get; init; }
}
