using System.Text.RegularExpressions;

namespace Porpoise.Worker.Runners.Sql;

/// <summary>Tells the pieces of a script apart as the database itself does.</summary>
internal sealed partial class SqlScanner(string text, SqlDialect dialect)
{
    /// <summary>An escaped text goes on in the next one if only blanks and comments are in between.</summary>
    private bool _isAfterEscaped;

    /// <summary>The piece that begins here.</summary>
    public SqlToken Read(int at)
    {
        var token = Classify(at);
        _isAfterEscaped = token.Kind switch
        {
            SqlTokenKind.Escaped => true,
            SqlTokenKind.Blank or SqlTokenKind.Comment => _isAfterEscaped,
            _ => false,
        };
        return token;
    }

    private SqlToken Classify(int at) => text[at] switch
    {
        _ when char.IsWhiteSpace(text[at]) => new(SqlTokenKind.Blank, at, EndWhile(at, char.IsWhiteSpace)),
        '-' when IsAt(at, "--") && (!dialect.HasStrictDashes || at + 2 == text.Length || char.IsWhiteSpace(text[at + 2]) || char.IsControl(text[at + 2])) => new(SqlTokenKind.Comment, at, EndOfLine(at)),
        '#' when dialect.HasHashComments => new(SqlTokenKind.Comment, at, EndOfLine(at)),
        '/' when IsAt(at, "/*") => new(dialect.HasCodeInComments && (IsAt(at, "/*!") || IsAt(at, "/*M!")) ? SqlTokenKind.CodeComment : SqlTokenKind.Comment, at, EndOfComment(at)),
        '\'' => Text(at, at, isEscaped: dialect.HasBackslashes || _isAfterEscaped),
        '"' => Text(at, at, isEscaped: dialect.HasBackslashes && dialect.HasDoubleQuotedTexts),
        '`' when dialect.HasBackticks => Text(at, at, isEscaped: false),
        '[' when dialect.HasBrackets => new(SqlTokenKind.Bracketed, at, EndOfBrackets(at), ']'),
        '$' when dialect.HasDollarQuotes && DollarTag().Match(text, at) is { Success: true } tag => new(SqlTokenKind.Opaque, at, EndOfDollars(at, tag.Value)),
        _ when IsWordPart(text[at]) => Word(at),
        _ => new(SqlTokenKind.Other, at, at + 1),
    };

    /// <summary>A word; or the text that a prefix of one letter begins.</summary>
    private SqlToken Word(int at)
    {
        var end = EndWhile(at, IsWordPart);
        while (end < text.Length && text[end] == '$' && !IsAt(end, "${"))
        {
            end = EndWhile(end + 1, IsWordPart);
        }

        var isSingle = end == at + 1 && end < text.Length;
        if (isSingle && dialect.HasEscapeTexts && text[at] is 'e' or 'E' && text[end] == '\'')
        {
            return Text(at, end, isEscaped: true);
        }

        return isSingle && dialect.HasEscapeTexts && text[at] is 'u' or 'U' && text[end] == '&' && end + 1 < text.Length && text[end + 1] is '\'' or '"'
            ? Text(at, end + 1, isEscaped: false) with { Kind = SqlTokenKind.Opaque }
            : new SqlToken(SqlTokenKind.Word, at, end);
    }

    private SqlToken Text(int start, int open, bool isEscaped)
    {
        var quote = text[open];
        var at = open + 1;
        while (at < text.Length)
        {
            if (text[at] == '\\' && isEscaped)
            {
                at += 2;
            }
            else if (text[at] != quote)
            {
                at++;
            }
            else if (at + 1 < text.Length && text[at + 1] == quote)
            {
                at += 2;
            }
            else
            {
                return new SqlToken(isEscaped ? SqlTokenKind.Escaped : SqlTokenKind.Quoted, start, at + 1, quote);
            }
        }

        throw new JobException($"The SQL has a {quote} in line {SqlScript.LineOf(text, open)} that is never closed.");
    }

    private int EndOfComment(int at)
    {
        var depth = 0;
        for (var i = at; i < text.Length - 1;)
        {
            if (IsAt(i, "*/"))
            {
                i += 2;
                if (--depth == 0)
                {
                    return i;
                }
            }
            else if (IsAt(i, "/*") && (depth == 0 || dialect.HasNestedComments))
            {
                depth++;
                i += 2;
            }
            else
            {
                i++;
            }
        }

        throw new JobException($"The SQL has a comment (/*) in line {SqlScript.LineOf(text, at)} that is never closed.");
    }

    private int EndOfBrackets(int at)
    {
        var close = text.IndexOf(']', at);
        while (close >= 0 && !dialect.HasPlainBrackets && close + 1 < text.Length && text[close + 1] == ']')
        {
            close = text.IndexOf(']', close + 2);
        }

        return close >= 0 ? close + 1 : throw new JobException($"The SQL has a [ in line {SqlScript.LineOf(text, at)} that is never closed.");
    }

    private int EndOfDollars(int at, string tag) => text.IndexOf(tag, at + tag.Length, StringComparison.Ordinal) is >= 0 and var close
        ? close + tag.Length
        : throw new JobException($"The SQL has a {tag} in line {SqlScript.LineOf(text, at)} that is never closed.");

    private int EndOfLine(int at) => text.AsSpan(at).IndexOfAny('\n', '\r') is >= 0 and var length ? at + length : text.Length;

    private int EndWhile(int at, Func<char, bool> holds)
    {
        while (at < text.Length && holds(text[at]))
        {
            at++;
        }

        return at;
    }

    private bool IsAt(int at, string what) => string.CompareOrdinal(text, at, what, 0, what.Length) == 0;

    private static bool IsWordPart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_' || (c >= '\u0080' && !char.IsWhiteSpace(c));

    [GeneratedRegex(@"\G\$([A-Za-z_\u0080-\uFFFF][A-Za-z0-9_\u0080-\uFFFF]*)?\$")]
    private static partial Regex DollarTag();
}
