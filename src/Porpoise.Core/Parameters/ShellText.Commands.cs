using System.Text.RegularExpressions;

namespace Porpoise.Core.Parameters;

/// <summary>Commands and their words.</summary>
internal sealed partial class ShellText
{
    private const string EndsWord = " \t\r\n;&|<>()";
    private static readonly HashSet<string> BeforeCommands = new(StringComparer.Ordinal) { "if", "then", "else", "elif", "do", "while", "until", "!", "{", "}", "time", "fi", "done", "esac" };
    private bool _isQuotedBackquote;

    /// <summary>What an open parenthesis, or its like, is waiting for.</summary>
    private enum Open
    {
        Group,
        Array,
        CaseWord,
        CasePattern,
        CaseCommands,
    }

    /// <summary>What the words of a command are, apart from themselves.</summary>
    private enum Mode
    {
        Command,

        /// <summary>Between <c>[[</c> and <c>]]</c>, where some operators take numbers.</summary>
        Test,

        /// <summary>Arguments of <c>let</c>.</summary>
        Let,
    }

    /// <summary>Up to what closes them, which is left for the caller.</summary>
    /// <param name="closing">A parenthesis, a backquote, or null for the end.</param>
    private void Commands(char? closing)
    {
        if (!Enter())
        {
            return;
        }

        var open = new Stack<Open>();
        var (mode, isFirst, last) = (Mode.Command, true, "");
        while (_at < _end && !(Next == closing && (closing == '`' || open.Count == 0)))
        {
            var isPattern = open.TryPeek(out var inside) && inside == Open.CasePattern;
            switch (Next)
            {
                case '\n':
                    Copy();
                    HereDocuments();
                    (mode, isFirst) = (mode == Mode.Test ? mode : Mode.Command, true);
                    break;
                case ' ' or '\t' or '\r':
                    Copy();
                    break;
                case '#':
                    Comment(closing);
                    break;
                case ';' when inside == Open.CaseCommands && open.Count > 0 && Peek(1) is ';' or '&':
                    Copy(2);
                    open.Pop();
                    open.Push(Open.CasePattern);
                    break;
                case ';' or '&' or '|':
                    Copy();
                    (mode, isFirst, last) = (mode == Mode.Test ? mode : Mode.Command, true, "");
                    break;
                case '(' when mode == Mode.Command && Peek(1) == '(' && !isPattern && Arithmetic(prefix: 2):
                    isFirst = true;
                    break;
                case '(':
                    if (!isPattern)
                    {
                        open.Push(_at > 0 && _text[_at - 1] == '=' ? Open.Array : Open.Group);
                    }

                    Copy();
                    isFirst = true;
                    break;
                case ')':
                    Close(open);
                    Copy();
                    isFirst = true;
                    break;
                case '<' when Peek(1) == '<' && Peek(2) == '<':
                    Copy(3);
                    break;
                case '<' when Peek(1) == '<' && mode == Mode.Command:
                    HereDocumentOperator();
                    break;
                case '<' or '>':
                    Copy();
                    break;
                default:
                    var word = Word(WordPlace(mode, last), closing);
                    (mode, isFirst) = After(word, open, mode, isFirst && inside is not Open.Array);
                    last = word;
                    break;
            }
        }

        _depth--;
    }

    private static void Close(Stack<Open> open)
    {
        if (open.TryPop(out var closed) && closed is not (Open.Group or Open.Array))
        {
            open.Push(closed == Open.CasePattern ? Open.CaseCommands : closed);
        }
    }

    /// <summary>What a word makes of those after it.</summary>
    private static (Mode Mode, bool IsFirst) After(string word, Stack<Open> open, Mode mode, bool isFirst)
    {
        var inside = open.TryPeek(out var top) ? top : Open.Group;
        switch (word)
        {
            case "]]" when mode == Mode.Test:
                return (Mode.Command, false);
            case "[[" when isFirst && mode == Mode.Command:
                return (Mode.Test, false);
            case "let" when isFirst:
                return (Mode.Let, false);
            case "in" when inside == Open.CaseWord:
                open.Pop();
                open.Push(Open.CasePattern);
                return (mode, true);
            case "esac" when inside is Open.CasePattern or Open.CaseCommands && isFirst:
                open.Pop();
                return (mode, true);
            case "case" when isFirst && inside != Open.CasePattern:
                open.Push(Open.CaseWord);
                return (mode, false);
            default:
                return (mode, isFirst && BeforeCommands.Contains(word));
        }
    }

    /// <summary>Up to the end of its line, or of the backquotes that it stands in.</summary>
    private void Comment(char? closing)
    {
        while (_at < _end && Next != '\n' && !(closing == '`' && Next == '`'))
        {
            Copy();
        }
    }

    private ShellPlace WordPlace(Mode mode, string last) => mode switch
    {
        Mode.Let => ShellPlace.Arithmetic,
        Mode.Test when NumberOperator().IsMatch(last) || BeforeNumberOperator().IsMatch(_text, _at) => ShellPlace.Arithmetic,
        _ => ShellPlace.Bare,
    };

    /// <summary>One word, as it stands in the script.</summary>
    private string Word(ShellPlace place, char? closing)
    {
        var start = _at;
        if (IndexedAssignment().Match(_text, _at, _end - _at) is { Success: true } assignment)
        {
            CopyTo(_at + assignment.Groups["name"].Length);
            Subscript(assignment.Groups["name"].Value);
        }

        while (_at < _end && !(closing == '`' && Next == '`'))
        {
            if (Next == '(' && _at > start && "?*+@!".Contains(_text[_at - 1], StringComparison.Ordinal) && _text.AsSpan(start, _at - start) is not "!")
            {
                PatternGroup();
            }
            else if (EndsWord.Contains(Next, StringComparison.Ordinal))
            {
                break;
            }
            else
            {
                Part(place);
            }
        }

        return _text[start.._at];
    }

    /// <summary>One step through a word.</summary>
    private void Part(ShellPlace place)
    {
        switch (Next)
        {
            case '\'':
                SingleQuoted("'", place);
                break;
            case '"':
                DoubleQuoted(place);
                break;
            case '\\' when _isQuotedBackquote && Peek(1) == '"':
                DoubleQuoted(place, isEscaped: true);
                break;
            case '$':
                Dollar(place);
                break;
            case '`':
                Backquoted(isQuoted: false);
                break;
            default:
                Copy(Next == '\\' ? 2 : 1);
                break;
        }
    }

    /// <summary>bash: <c>@(a|b)</c> in a pattern.</summary>
    private void PatternGroup()
    {
        if (!Enter())
        {
            return;
        }

        Copy();
        while (_at < _end && Next is not (')' or '\n'))
        {
            if (Next == '(')
            {
                PatternGroup();
            }
            else
            {
                Part(ShellPlace.Bare);
            }
        }

        if (Next == ')')
        {
            Copy();
        }

        _depth--;
    }

    [GeneratedRegex("^-(eq|ne|lt|le|gt|ge)\\z", RegexOptions.CultureInvariant)]
    private static partial Regex NumberOperator();

    [GeneratedRegex("\\G(?>\"[^\"\\n]*\"|'[^'\\n]*'|[^\\s\"'])+[ \\t]+-(?:eq|ne|lt|le|gt|ge)\\s", RegexOptions.CultureInvariant)]
    private static partial Regex BeforeNumberOperator();

    /// <summary><c>list[2]=x</c>, and <c>[2]=x</c> inside of <c>list=(…)</c>.</summary>
    [GeneratedRegex("\\G(?<name>[A-Za-z_][A-Za-z0-9_]*)?\\[[^\\n=]{0,200}\\]\\+?=", RegexOptions.CultureInvariant)]
    private static partial Regex IndexedAssignment();
}
