using System.Text;

namespace Porpoise.Worker.Runners.Sql;

/// <summary>One statement of a script, ready to be sent.</summary>
/// <param name="Text">With the values in their places.</param>
/// <param name="Shown">As its author wrote it.</param>
/// <param name="Line">Of the script, at which it begins.</param>
/// <param name="Names">The parameters whose values stand in it.</param>
internal sealed record SqlStatement(string Text, string Shown, int Line, IReadOnlyCollection<string> Names);

/// <summary>
/// A script, statement by statement, with the values of parameters in their places. What the next statement is may depend on what the one before it set, so each is
/// read only when it is its turn, in the dialect of that moment.
/// </summary>
/// <param name="text">As its author wrote it.</param>
/// <param name="values">Of parameters.</param>
/// <param name="separator">What ends a statement; a semicolon, or what the task says.</param>
internal sealed class SqlScript(string text, IReadOnlyDictionary<string, JobValue> values, string separator)
{
    private int _at;

    /// <summary>The next statement; null: there is none.</summary>
    /// <exception cref="JobException">It cannot be told where it ends, or a value cannot stand where its reference stands.</exception>
    public SqlStatement? Next(SqlDialect dialect)
    {
        var scanner = new SqlScanner(text, dialect);
        while (_at < text.Length)
        {
            var statement = new Draft(text, values, dialect);
            _at = statement.Read(scanner, _at, separator);
            if (!statement.IsEmpty)
            {
                return statement.Finish();
            }
        }

        return null;
    }

    public static int LineOf(string text, int at) => text.AsSpan(0, Math.Min(at, text.Length)).Count('\n') + 1;

    /// <summary>A statement that is being read.</summary>
    private sealed class Draft(string text, IReadOnlyDictionary<string, JobValue> values, SqlDialect dialect)
    {
        private readonly StringBuilder _result = new();
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);
        private readonly SqlBlocks _blocks = new(text);
        private int _start = -1;
        private int _end;
        private int _brackets;

        /// <summary>Nothing but blanks and comments.</summary>
        public bool IsEmpty => _start < 0;

        public SqlStatement Finish() => new(_result.ToString().Trim(), text[_start.._end].Trim(), LineOf(text, _start), _names);

        /// <summary>Where the next statement begins.</summary>
        public int Read(SqlScanner scanner, int at, string separator)
        {
            while (at < text.Length)
            {
                if (References.TryRead(text, at, '$', values, out var name, out var end))
                {
                    Put(SqlLiterals.Write(name, values[name], dialect), name, end);
                    at = Keep(at, end);
                    continue;
                }

                if (References.TryRead(text, at, '!', values, out name, out end))
                {
                    Put(SqlLiterals.Name(name, values[name].Text), name, end);
                    at = Keep(at, end);
                    continue;
                }

                if (IsEnd(at, separator, out var next))
                {
                    return next;
                }

                at = Add(scanner.Read(at));
            }

            return at;
        }

        private bool IsEnd(int at, string separator, out int next)
        {
            next = at + separator.Length;
            if (dialect.IsBatch && separator == SqlJob.SeparatorDefault)
            {
                return IsGo(at, out next);
            }

            return _brackets == 0 && !_blocks.IsInside && string.CompareOrdinal(text, at, separator, 0, separator.Length) == 0;
        }

        /// <summary>A line with nothing but the word GO.</summary>
        private bool IsGo(int at, out int next)
        {
            var start = text.LastIndexOf('\n', Math.Max(at - 1, 0)) + 1;
            next = text.IndexOf('\n', at) is >= 0 and var line ? line + 1 : text.Length;
            return text[at] is 'g' or 'G' && text.AsSpan(start, next - start).Trim().Equals("GO", StringComparison.OrdinalIgnoreCase);
        }

        private int Add(SqlToken token)
        {
            switch (token.Kind)
            {
                case SqlTokenKind.Quoted or SqlTokenKind.Escaped or SqlTokenKind.Bracketed:
                    AddQuoted(token);
                    break;
                case SqlTokenKind.Opaque or SqlTokenKind.CodeComment:
                    RefuseValues(token);
                    _result.Append(text, token.Start, token.End - token.Start);
                    break;
                default:
                    _blocks.Add(token);
                    _brackets += token.Kind == SqlTokenKind.Other ? text[token.Start] switch { '(' => 1, ')' => _brackets > 0 ? -1 : 0, _ => 0 } : 0;
                    _result.Append(text, token.Start, token.End - token.Start);
                    break;
            }

            return token.Kind is SqlTokenKind.Blank or SqlTokenKind.Comment ? token.End : Keep(token.Start, token.End);
        }

        private void AddQuoted(SqlToken token)
        {
            var start = _result.Length;
            var hadValue = false;
            for (var at = token.Start; at < token.End;)
            {
                if (References.TryRead(text, at, '$', values, out var name, out var end) && end < token.End)
                {
                    _result.Append(SqlLiterals.Inside(token, name, values[name].Text, dialect));
                    _names.Add(name);
                    hadValue = true;
                    at = end;
                }
                else
                {
                    _result.Append(text[at++]);
                }
            }

            if (hadValue && token.Quote == '"' && dialect.NameBytesMax > 0 && Encoding.UTF8.GetByteCount(_result.ToString(start, _result.Length - start)) - 2 > dialect.NameBytesMax)
            {
                throw new JobException($"In line {LineOf(text, token.Start)} a value makes a name longer than {dialect.NameBytesMax} bytes, of which the database would cut the rest off in silence. Texts stand between ' here; \" is for names.");
            }
        }

        /// <summary>In a text that is code to somebody else, or that has rules of its own, nothing is safe.</summary>
        private void RefuseValues(SqlToken token)
        {
            for (var at = token.Start; at < token.End; at++)
            {
                if (References.TryRead(text, at, '$', values, out var name, out _) || References.TryRead(text, at, '!', values, out name, out _))
                {
                    throw new JobException(
                        $"The parameter {name} stands in line {LineOf(text, at)} inside of {(token.Kind == SqlTokenKind.Opaque ? "$$ … $$ or U&'…'" : "/*! … */")}, where a value could become code. Hand it over some other way: "
                        + "put it into a table or a setting of the session first, and read it there.");
                }
            }
        }

        /// <summary>A literal must not run into what stands beside it: <c>'a'${b}</c> would be one text.</summary>
        private void Put(string literal, string name, int end)
        {
            if (_result.Length > 0 && Touches(_result[^1]))
            {
                _result.Append(' ');
            }

            _result.Append(literal);
            _names.Add(name);
            if (end < text.Length && Touches(text[end]))
            {
                _result.Append(' ');
            }
        }

        private static bool Touches(char c) => char.IsLetterOrDigit(c) || c is '_' or '$' or '@' or '\'' or '"' or '`' or '[' or ']' or '{' or '&';

        private int Keep(int start, int end)
        {
            _start = _start < 0 ? start : _start;
            _end = end;
            return end;
        }
    }
}
