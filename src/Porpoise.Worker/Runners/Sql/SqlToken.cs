namespace Porpoise.Worker.Runners.Sql;

internal enum SqlTokenKind
{
    /// <summary>A character of no importance here.</summary>
    Other,

    /// <summary>Blanks and line breaks.</summary>
    Blank,

    /// <summary>Letters and digits.</summary>
    Word,

    Comment,

    /// <summary>A comment that the database runs: <c>/*! … */</c>.</summary>
    CodeComment,

    /// <summary>Between quotes that are doubled to stand for themselves.</summary>
    Quoted,

    /// <summary>Between quotes, and a backslash means something.</summary>
    Escaped,

    /// <summary>A text with a rule of its own, into which no value can be put.</summary>
    Opaque,

    /// <summary><c>[…]</c></summary>
    Bracketed,
}

/// <summary>A piece of a script: from where to where (exclusive), and what it is.</summary>
/// <param name="Quote">What it is quoted with; otherwise nothing.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, int Start, int End, char Quote = '\0');
