using System.Globalization;
using System.Text;
using Porpoise.Core.Parameters;
using static Porpoise.Core.Environments.EnvironmentVariables;

namespace Porpoise.Core.Environments;

/// <summary>
/// Reads an environment's config: lines <c>export NAME=value</c>, comments and empty lines. It has the looks of a shell script, since DolphinScheduler puts it in front of scripts, but nobody
/// runs it: what is more than an assignment is refused. Values are quoted as in a shell, and may refer to variables.
/// </summary>
public static class EnvironmentConfig
{
    public const int LengthMax = 32 * 1024;
    public const int VariablesMax = 200;

    /// <summary>Characters of all values together, with references replaced; those that every attempt has count as <see cref="GivenLength"/>.</summary>
    public const int ValuesLengthMax = 32 * 1024;

    private const int GivenLength = 200;

    /// <summary>What every attempt has, so that values may refer to it.</summary>
    public static IReadOnlyList<string> Given { get; } = ["PATH", "HOME", "TMPDIR", "LANG"];

    /// <summary>What would change how a shell reads scripts, or where an attempt lives.</summary>
    private static readonly HashSet<string> Refused = new(StringComparer.Ordinal) { "_", "HOME", "PWD", "OLDPWD", "IFS", "ENV", "BASH_ENV", "SHELLOPTS", "BASHOPTS", "PS4" };

    /// <returns>The variables, or null and what is wrong: where, and what would be right.</returns>
    public static (EnvironmentVariables? Variables, string Fault) Read(string config)
    {
        if (config.Length > LengthMax)
        {
            return (null, string.Create(CultureInfo.InvariantCulture, $"it has {config.Length} characters; there may be {LengthMax}"));
        }

        var assignments = new List<Assignment>();
        var lengths = Given.ToDictionary(name => name, _ => GivenLength, StringComparer.Ordinal);
        var number = 0;
        foreach (var line in config.Split('\n').Select(static l => l.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var (assignment, fault) = ReadLine(line, lengths);
            if (assignment is null)
            {
                return (null, string.Create(CultureInfo.InvariantCulture, $"line {number}: {fault}"));
            }

            assignments.Add(assignment);
            lengths[assignment.Name] = assignment.Parts.Sum(p => p.IsReference ? lengths[p.Text] : p.Text.Length);
            if (assignments.Count > VariablesMax || lengths.Values.Sum() > ValuesLengthMax)
            {
                return (null, string.Create(CultureInfo.InvariantCulture, $"line {number}: an environment has at most {VariablesMax} variables, and {ValuesLengthMax} characters in their values"));
            }
        }

        return (new EnvironmentVariables(assignments), "");
    }

    private static (Assignment? Assignment, string Fault) ReadLine(string line, Dictionary<string, int> known)
    {
        var text = line.StartsWith("export ", StringComparison.Ordinal) ? line["export ".Length..].TrimStart() : line;
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? text : text[..equals];
        if (equals < 0 || !ShellParameters.IsIdentifier(name))
        {
            return (null, "a line is 'export NAME=value'; commands are not run");
        }

        if (Refused.Contains(name) || name.StartsWith("PORPOISE_", StringComparison.Ordinal))
        {
            return (null, $"{name} cannot be set: it belongs to the shell, or to this service");
        }

        var reader = new ValueReader(text, equals + 1, known);
        return reader.Read() is { } fault ? (null, fault) : (new Assignment(name, reader.Parts), "");
    }

    /// <summary>Reads one value as a shell would, without running anything.</summary>
    private sealed class ValueReader(string text, int start, IReadOnlyDictionary<string, int> known)
    {
        private readonly List<Part> _parts = [];
        private readonly StringBuilder _literal = new();
        private int _at = start;
        private char _quote;

        public IReadOnlyList<Part> Parts => _parts;

        /// <summary>Null, or what is wrong.</summary>
        public string? Read()
        {
            for (; _at < text.Length; _at++)
            {
                var fault = ReadCharacter(text[_at]);
                if (fault is not null)
                {
                    return fault;
                }
            }

            EndLiteral();
            return _quote == '\0' ? null : $"the quote {_quote} is not closed on the line";
        }

        private string? ReadCharacter(char c)
        {
            switch (c)
            {
                case '\'' when _quote != '"':
                case '"' when _quote != '\'':
                    _quote = _quote == '\0' ? c : '\0';
                    return null;
                case '\0':
                    return "a variable cannot hold NUL";
                case var _ when _quote == '\'':
                    _literal.Append(c);
                    return null;
                case '\\':
                    return ReadEscape();
                case '$':
                    return ReadReference();
                case '`':
                    return "commands are not run: `…` is not allowed; between single quotes it is text";
                case ' ' or '\t' when _quote == '\0':
                    return text[_at..].TrimStart() is ['#', ..] ? Skip() : "a value with blanks is put between quotes";
                case ';' or '&' or '|' or '<' or '>' or '(' or ')' when _quote == '\0':
                    return $"{c} is put between quotes; commands are not run";
                case '~' when _quote == '\0' && _literal.Length == 0 && _parts.Count == 0:
                    return "a path is written out, without ~";
                default:
                    _literal.Append(c);
                    return null;
            }
        }

        private string? Skip()
        {
            _at = text.Length;
            return null;
        }

        /// <summary>Between double quotes a backslash is itself, unless it protects something.</summary>
        private string? ReadEscape()
        {
            if (_at + 1 == text.Length)
            {
                return "a backslash cannot stand at the end of a line";
            }

            var next = text[++_at];
            _literal.Append(_quote == '"' && next is not ('"' or '\\' or '$' or '`') ? "\\" : "").Append(next);
            return null;
        }

        private string? ReadReference()
        {
            var isBraced = _at + 1 < text.Length && text[_at + 1] == '{';
            var from = _at + (isBraced ? 2 : 1);
            var end = from;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
            {
                end++;
            }

            var name = text[from..end];
            if (!ShellParameters.IsIdentifier(name) || (isBraced && (end == text.Length || text[end] != '}')))
            {
                return "after $ stands the name of a variable, as in $NAME or ${NAME}; a $ that is text is put between single quotes";
            }

            if (!known.ContainsKey(name))
            {
                return $"nothing sets ${name}: a value can refer to variables above it, and to {string.Join(", ", Given)}";
            }

            EndLiteral();
            _parts.Add(new Part(name, IsReference: true));
            _at = isBraced ? end : end - 1;
            return null;
        }

        private void EndLiteral()
        {
            if (_literal.Length > 0)
            {
                _parts.Add(new Part(_literal.ToString(), IsReference: false));
                _literal.Clear();
            }
        }
    }
}
