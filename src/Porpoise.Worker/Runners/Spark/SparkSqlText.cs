using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Porpoise.Worker.Runners.Spark;

/// <summary>
/// Cuts a text of Spark SQL into statements and puts the values of parameters into it. It knows the text as far as quotes, names in back quotes and comments
/// go, so a semicolon there ends nothing, and a value stays what it is: bare it becomes a literal of its type, in quotes it is escaped for them, in back
/// quotes it must be a name. In a comment nothing is replaced.
/// </summary>
internal sealed partial class SparkSqlText
{
    /// <summary>Statements in one text.</summary>
    public const int StatementsMax = 10_000;

    private readonly string _text;
    private readonly IReadOnlyDictionary<string, JobValue> _values;
    private readonly List<SqlStatement> _statements = [];
    private readonly StringBuilder _current = new();
    private int _at;
    private int _line = 1;
    private int _startLine;

    private SparkSqlText(string text, IReadOnlyDictionary<string, JobValue> values) => (_text, _values) = (text, values);

    /// <exception cref="JobException">There is no statement, or a value does not fit where it stands.</exception>
    public static IReadOnlyList<SqlStatement> Split(string text, IReadOnlyDictionary<string, JobValue> values) => new SparkSqlText(text, values).Split();

    private List<SqlStatement> Split()
    {
        while (_at < _text.Length)
        {
            switch (_text[_at])
            {
                case ';':
                    _at++;
                    EndStatement();
                    break;
                case '\'' or '"' or '`':
                    CopyQuoted(_text[_at], isRaw: _at > 0 && _text[_at] != '`' && _text[_at - 1] is 'r' or 'R' && (_at < 2 || !IsWord(_text[_at - 2])));
                    break;
                case '-' when Next('-'):
                    SkipLineComment();
                    break;
                case '/' when Next('*'):
                    SkipBlockComment();
                    break;
                default:
                    CopyBare();
                    break;
            }
        }

        EndStatement();
        return _statements.Count > 0 ? _statements : throw new JobException("There is no statement to run.");
    }

    private void CopyBare()
    {
        if (References.TryRead(_text, _at, '$', _values, out var name, out var end))
        {
            Begin();
            _current.Append(Literal(name, _values[name]));
            _at = end;
        }
        else
        {
            Copy();
        }
    }

    private void CopyQuoted(char quote, bool isRaw)
    {
        Copy();
        while (_at < _text.Length && _text[_at] != quote)
        {
            if (References.TryRead(_text, _at, '$', _values, out var name, out var end))
            {
                _current.Append(Quoted(name, _values[name].Text, quote, isRaw));
                _at = end;
            }
            else
            {
                if (_text[_at] == '\\' && quote != '`' && !isRaw && _at + 1 < _text.Length)
                {
                    Copy();
                }

                Copy();
            }
        }

        if (_at < _text.Length)
        {
            Copy();
        }
    }

    private void SkipLineComment()
    {
        while (_at < _text.Length && _text[_at] != '\n')
        {
            _at++;
        }

        _current.Append(' ');
    }

    /// <summary>They lie in each other. Line breaks stay, so that Spark's messages have the right lines.</summary>
    private void SkipBlockComment()
    {
        var depth = 0;
        do
        {
            if (_text[_at] == '/' && Next('*'))
            {
                depth++;
                _at += 2;
                if (_at < _text.Length && _text[_at] == '+' && depth == 1)
                {
                    _current.Append("/*"); // a hint for the planner is part of the statement
                    CopyHint();
                    return;
                }
            }
            else if (_text[_at] == '*' && Next('/'))
            {
                depth--;
                _at += 2;
            }
            else
            {
                if (_text[_at] == '\n')
                {
                    _line++;
                    _current.Append('\n');
                }

                _at++;
            }
        }
        while (depth > 0 && _at < _text.Length);
        _current.Append(' ');
    }

    private void CopyHint()
    {
        var end = _text.IndexOf("*/", _at, StringComparison.Ordinal);
        for (var until = end < 0 ? _text.Length : end + 2; _at < until;)
        {
            Copy();
        }
    }

    private void Copy()
    {
        var c = _text[_at++];
        if (!char.IsWhiteSpace(c))
        {
            Begin();
        }

        if (c == '\n')
        {
            _line++;
        }

        _current.Append(c);
    }

    private void Begin()
    {
        if (_startLine == 0)
        {
            _startLine = _line;
        }
    }

    private void EndStatement()
    {
        if (_startLine > 0)
        {
            _statements.Add(_statements.Count < StatementsMax
                ? new SqlStatement(_startLine, _current.ToString().Trim())
                : throw new JobException(string.Create(CultureInfo.InvariantCulture, $"A task has at most {StatementsMax} statements.")));
        }

        _current.Clear();
        _startLine = 0;
    }

    private static string Literal(string name, JobValue value)
    {
        switch (value.Type.ToUpperInvariant())
        {
            case "INTEGER" or "LONG" or "FLOAT" or "DOUBLE":
                return Number().IsMatch(value.Text)
                    ? value.Text[0] == '-' ? $"({value.Text})" : value.Text // a minus behind another one would begin a comment
                    : throw new JobException($"The parameter {name} is of type {value.Type}, and its value is no number. Correct the value, or its type.");
            case "BOOLEAN":
                return bool.TryParse(value.Text, out var yes) ? (yes ? "true" : "false") : throw new JobException($"The parameter {name} is of type BOOLEAN, and its value is neither true nor false.");
            case "DATE":
                return $"date '{Escaped(value.Text, '\'')}'";
            case "TIMESTAMP":
                return $"timestamp '{Escaped(value.Text, '\'')}'";
            default:
                return $"'{Escaped(value.Text, '\'')}'";
        }
    }

    private static string Quoted(string name, string value, char quote, bool isRaw) => quote switch
    {
        '`' => value.Length > 0 && value.All(IsWord) ? value : throw new JobException($"The parameter {name} stands where a name stands, and its value is none: it may have letters, digits and '_' only."),
        _ when isRaw => $"{quote} {quote}{Escaped(value, quote)}{quote} r{quote}", // nothing can be escaped there; literals side by side are one
        _ => Escaped(value, quote),
    };

    /// <summary>Also against Spark itself, which replaces what looks like one of its own variables before it reads the text.</summary>
    private static string Escaped(string value, char quote) => value
        .Replace("\0", "", StringComparison.Ordinal)
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace(quote.ToString(), "\\" + quote, StringComparison.Ordinal)
        .Replace("${", "$\\u007b", StringComparison.Ordinal);

    private bool Next(char c) => _at + 1 < _text.Length && _text[_at + 1] == c;

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    [GeneratedRegex(@"^-?[0-9]{1,400}(\.[0-9]{1,400})?([eE][+-]?[0-9]{1,4})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
