using System.Text;
using System.Text.RegularExpressions;

namespace Porpoise.Core.Parameters;

/// <summary>
/// Reads a shell script far enough to know the quoting at every place, and replaces each <c>${name}</c> of a known parameter by what yields its value there as
/// one piece, byte for byte. Everything else stays as it is, and no line is added or taken away.
/// </summary>
/// <remarks>
/// Descends as the grammar does: commands hold words, here-documents and comments; words hold quotes and expansions; expansions hold commands, words or
/// expressions. What it reads wrongly (a script that the shell would refuse, or rare forms) costs quoting, never safety: see <see cref="ShellReferences"/>.
/// </remarks>
internal sealed partial class ShellText
{
    /// <summary>How many times a text may be read in vain.</summary>
    private const int VainReadingsMax = 8;

    /// <summary>Quotes and expansions inside of each other; what lies deeper stays as it is.</summary>
    private const int DepthMax = 50;

    private readonly string _text;
    private readonly ShellReferences _references;
    private readonly StringBuilder _out;
    private readonly HashSet<string> _maps;

    /// <summary>Where <c>((</c> turned out to open two groups of commands, so that it is not tried again from further out.</summary>
    private readonly HashSet<int> _notArithmetic = [];

    private int _at;
    private int _end;
    private int _depth;

    private ShellText(string text, ShellReferences references)
    {
        _text = text;
        _references = references;
        _out = new StringBuilder(text.Length + 256);
        _maps = MapDeclaration().Matches(text).Select(static m => m.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        _end = text.Length;
        _vain = (long)VainReadingsMax * (text.Length + 1_000);
    }

    public static string Rewrite(string script, ShellReferences references)
    {
        if (references.IsEmpty)
        {
            return script;
        }

        var text = new ShellText(script, references);
        text.Commands(closing: null);
        return text._out.Append(script, text._at, script.Length - text._at).ToString();
    }

    private char Next => Peek(0);

    private char Peek(int offset) => _at + offset < _end ? _text[_at + offset] : '\0';

    private void Copy(int count = 1)
    {
        count = Math.Min(count, _end - _at);
        _out.Append(_text, _at, count);
        _at += count;
    }

    private void CopyTo(int position) => Copy(position - _at);

    /// <summary>False: too deep; everything up to the end is left as it is.</summary>
    private bool Enter()
    {
        if (_depth >= DepthMax)
        {
            CopyTo(_end);
            return false;
        }

        _depth++;
        return true;
    }

    /// <summary>A reference at <c>${</c>, replaced and passed. False: there is none of a known name.</summary>
    private bool Reference(ShellPlace place)
    {
        if (NameHere() is not { } name || _references.VariableOf(name) is not { } variable)
        {
            return false;
        }

        _references.Put(_out, name, variable, place);
        _at += name.Length + 3;
        return true;
    }

    /// <summary>What stands between <c>${</c> and the next brace.</summary>
    private string? NameHere()
    {
        if (Next != '$' || Peek(1) != '{')
        {
            return null;
        }

        var length = Math.Min(ParameterResolution.NameLengthMax + 1, _end - _at - 2);
        var close = _text.IndexOf('}', _at + 2, length);
        return close < 0 ? null : _text[(_at + 2)..close];
    }

    /// <summary>From one quote to the next, nothing is special; a reference leaves the quotes, and they begin again behind it.</summary>
    /// <param name="opening">What begins such quotes: a single quote, in bash also with a dollar before it.</param>
    /// <param name="place">Where the quotes stand.</param>
    private void SingleQuoted(string opening, ShellPlace place)
    {
        Copy(opening.Length);
        while (_at < _end && Next != '\'')
        {
            if (NameHere() is { } name && _references.VariableOf(name) is { } variable)
            {
                _out.Append('\'');
                _references.Put(_out, name, variable, place);
                _out.Append(opening);
                _at += name.Length + 3;
            }
            else
            {
                Copy(opening[0] == '$' && Next == '\\' ? 2 : 1);
            }
        }

        Copy();
    }

    private void DoubleQuoted(ShellPlace place, bool isEscaped = false)
    {
        if (!Enter())
        {
            return;
        }

        Copy(isEscaped ? 2 : 1);
        while (_at < _end && !(isEscaped ? Next == '\\' && Peek(1) == '"' : Next == '"'))
        {
            Quoted(place);
        }

        Copy(isEscaped ? 2 : 1);
        _depth--;
    }

    /// <summary>One step through text in which only backslash, dollar and backquote are special.</summary>
    private void Quoted(ShellPlace place)
    {
        switch (Next)
        {
            case '\\':
                Copy(2);
                break;
            case '$':
                Dollar(place == ShellPlace.Bare ? ShellPlace.Double : place, isQuoted: true);
                break;
            case '`':
                Backquoted(isQuoted: true);
                break;
            default:
                Copy();
                break;
        }
    }

    private void Dollar(ShellPlace place, bool isQuoted = false)
    {
        switch (Peek(1))
        {
            case '{':
                Braced(place);
                break;
            case '(':
                if (Peek(2) != '(' || !Arithmetic(prefix: 3))
                {
                    Copy(2);
                    Commands(closing: ')');
                    Copy();
                }

                break;
            case '[':
                Copy(2);
                Expression('[', ']');
                break;
            case '\'' when !isQuoted:
                SingleQuoted("$'", place);
                break;
            default:
                Copy();
                break;
        }
    }

    private void Backquoted(bool isQuoted)
    {
        var wasQuoted = _isQuotedBackquote;
        _isQuotedBackquote = isQuoted;
        Copy();
        Commands(closing: '`');
        Copy();
        _isQuotedBackquote = wasQuoted;
    }

    /// <summary>A parameter's expansion: a reference of ours, or the shell's own with whatever stands in it.</summary>
    private void Braced(ShellPlace place)
    {
        if (Reference(place) || !Enter())
        {
            return;
        }

        var head = ExpansionHead().Match(_text, _at, _end - _at);
        CopyTo(_at + head.Length);
        if (Next == '[')
        {
            Subscript(head.Groups["name"].Value);
        }

        if (Next == ':' && !"-+=?".Contains(Peek(1), StringComparison.Ordinal))
        {
            Expression('{', '}');
        }
        else
        {
            Replacement(place, quotesWork: place == ShellPlace.Bare || "#%/^,".Contains(Next, StringComparison.Ordinal));
        }

        _depth--;
    }

    /// <summary>The rest of an expansion, after its operator.</summary>
    private void Replacement(ShellPlace place, bool quotesWork)
    {
        while (_at < _end && Next != '}')
        {
            if (Next == '"')
            {
                DoubleQuoted(place);
            }
            else if (Next == '\'' && quotesWork)
            {
                CopySingleQuotedIn(place);
            }
            else if (place == ShellPlace.Bare && Next == '$')
            {
                Dollar(ShellPlace.Bare);
            }
            else
            {
                Quoted(place);
            }
        }

        Copy();
    }

    private void CopySingleQuotedIn(ShellPlace place)
    {
        if (place == ShellPlace.Bare)
        {
            SingleQuoted("'", place);
            return;
        }

        // Between double quotes there is no way out of single ones and back.
        var close = _text.IndexOf('\'', _at + 1, _end - _at - 1);
        CopyTo(close < 0 ? _end : close + 1);
    }

    /// <summary>An array's index is an expression, a map's key is text.</summary>
    private void Subscript(string name)
    {
        if (!_maps.Contains(name) && (name.Length > 0 || _maps.Count == 0))
        {
            Copy();
            Expression('[', ']');
            return;
        }

        while (_at < _end && Next != ']')
        {
            Part(ShellPlace.Bare);
        }

        Copy();
    }

    [GeneratedRegex("\\b(?:declare|typeset|local|readonly)\\s+(?:-[A-Za-z]+\\s+)*-[A-Za-z]*A[A-Za-z]*\\s+([A-Za-z_][A-Za-z0-9_]*)", RegexOptions.CultureInvariant)]
    private static partial Regex MapDeclaration();

    [GeneratedRegex("\\G\\$\\{[!#]?(?<name>[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-])?", RegexOptions.CultureInvariant)]
    private static partial Regex ExpansionHead();
}
