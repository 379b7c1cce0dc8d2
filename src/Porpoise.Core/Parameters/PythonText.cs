using System.Globalization;
using System.Text;

namespace Porpoise.Core.Parameters;

/// <summary>
/// Reads a Python script far enough to tell code, literals and comments apart, and replaces each <c>${name}</c> of a known parameter: in code by a text
/// literal, in a literal by what adds exactly the value to it. References in comments stay as they are, as does everything else; no line is added or taken away.
/// </summary>
/// <remarks>
/// Every character of a value is written as an escape (<c>\x41</c>), even where it need not be: an escape is nothing but itself outside of a literal, so a
/// mistake about where a reference stands leads to an error of syntax, and never to code.
/// </remarks>
internal sealed class PythonText
{
    /// <summary>Fields of formatted literals inside of each other; what lies deeper is passed as it is.</summary>
    private const int DepthMax = 50;

    private readonly string _text;
    private readonly IReadOnlyDictionary<string, string> _values;
    private readonly StringBuilder _out;
    private int _at;
    private int _depth;

    private PythonText(string text, IReadOnlyDictionary<string, string> values)
    {
        _text = text;
        _values = values;
        _out = new StringBuilder(text.Length + 256);
    }

    public static string Rewrite(string script, IReadOnlyDictionary<string, string> values)
    {
        if (values.Count == 0)
        {
            return script;
        }

        var text = new PythonText(script, values);
        text.Code();
        return text._out.ToString();
    }

    private char Next => Peek(0);

    private char Peek(int offset) => _at + offset < _text.Length ? _text[_at + offset] : '\0';

    private void Copy(int count = 1)
    {
        count = Math.Min(count, _text.Length - _at);
        _out.Append(_text, _at, count);
        _at += count;
    }

    private void Code()
    {
        while (_at < _text.Length)
        {
            if (ReferenceAt(_at) is { } name)
            {
                // A letter before a quote would be a part of the literal, and could change what it means.
                _out.Append(_at > 0 && IsNameCharacter(_text[_at - 1]) ? " '" : "'");
                Escape(_out, _values[name], isBytes: false);
                _out.Append('\'');
                _at += name.Length + 3;
            }
            else if (Next is '\'' or '"')
            {
                Literal(new LiteralForm(_text, _at));
            }
            else if (Next == '#')
            {
                Comment();
            }
            else
            {
                Copy();
            }
        }
    }

    private void Comment()
    {
        while (_at < _text.Length && Next is not ('\n' or '\r'))
        {
            Copy();
        }
    }

    private void Literal(LiteralForm form)
    {
        Copy(form.Quote.Length);
        while (_at < _text.Length && !IsOver(form))
        {
            LiteralPart(form);
        }

        if (StartsWith(form.Quote))
        {
            Copy(form.Quote.Length);
        }
    }

    /// <summary>At its closing quote, or at the end of a line that it cannot pass.</summary>
    private bool IsOver(LiteralForm form) => StartsWith(form.Quote) || (form.Quote.Length == 1 && Next == '\n');

    private bool StartsWith(string text) => string.CompareOrdinal(_text, _at, text, 0, text.Length) == 0;

    private void LiteralPart(LiteralForm form)
    {
        var backslash = Next == '\\' && ReferenceAt(_at + 1) is not null ? 1 : 0;
        if (ReferenceAt(_at + backslash) is { } name)
        {
            var value = backslash == 1 ? "\\" + _values[name] : _values[name];
            Insert(form, value);
            _at += backslash + name.Length + 3;
        }
        else if (Next == '\\')
        {
            Copy(2);
        }
        else if (form.IsFormatted && Next is '{' or '}')
        {
            FieldOrBrace(form);
        }
        else
        {
            Copy();
        }
    }

    /// <summary>A raw literal has no escapes: it is closed, and goes on after one that has; Python joins them.</summary>
    private void Insert(LiteralForm form, string value)
    {
        if (form.IsRaw)
        {
            _out.Append(form.Quote).Append(form.IsBytes ? " b'" : " '");
        }

        Escape(_out, value, form.IsBytes);
        if (form.IsRaw)
        {
            _out.Append("' ").Append(form.Prefix).Append(form.Quote);
        }
    }

    private void FieldOrBrace(LiteralForm form)
    {
        if (Next == '}' || Peek(1) == '{' || _depth >= DepthMax)
        {
            Copy(Peek(1) == Next ? 2 : 1);
            return;
        }

        _depth++;
        Field(form);
        _depth--;
    }

    /// <summary>From a brace to the one that closes it: an expression, and perhaps a format, which is text again.</summary>
    private void Field(LiteralForm form)
    {
        Copy();
        for (var nested = 0; _at < _text.Length && !(form.Quote.Length == 1 && Next == '\n');)
        {
            if (nested == 0 && Next == '}')
            {
                Copy();
                return;
            }

            if (nested == 0 && Next == ':')
            {
                Format(form);
                return;
            }

            nested += Next is '(' or '[' or '{' ? 1 : Next is ')' or ']' or '}' ? -1 : 0;
            ExpressionPart();
        }
    }

    private void Format(LiteralForm form)
    {
        while (_at < _text.Length && !IsOver(form) && Next != '}')
        {
            LiteralPart(form);
        }

        if (Next == '}')
        {
            Copy();
        }
    }

    /// <summary>In a field of a formatted literal, where Python up to 3.11 takes neither a backslash nor the quotes of the literal round it.</summary>
    private void ExpressionPart()
    {
        if (ReferenceAt(_at) is { } name)
        {
            AppendWithoutEscapes(_out, _values[name], isBytes: false);
            _at += name.Length + 3;
        }
        else if (Next is '\'' or '"')
        {
            InnerLiteral(new LiteralForm(_text, _at));
        }
        else
        {
            Copy();
        }
    }

    private void InnerLiteral(LiteralForm form)
    {
        var end = EndOf(form);
        var pieces = new StringBuilder();
        var from = _at + form.Quote.Length;
        for (var at = from; at < end; at++)
        {
            if (ReferenceAt(at) is { } name)
            {
                pieces.Append(form.Prefix).Append(form.Quote).Append(_text, from, at - from).Append(form.Quote).Append('+');
                AppendWithoutEscapes(pieces, _values[name], form.IsBytes);
                pieces.Append('+');
                from = at + name.Length + 3;
                at = from - 1;
            }
        }

        if (pieces.Length > 0)
        {
            _out.Length -= form.Prefix.Length;
            _out.Append('(').Append(pieces).Append(form.Prefix).Append(form.Quote).Append(_text, from, end - from).Append(form.Quote).Append(')');
            _at = Math.Min(end + form.Quote.Length, _text.Length);
        }
        else
        {
            Copy(end + form.Quote.Length - _at);
        }
    }

    /// <summary>Where the literal's closing quote stands, or the text ends.</summary>
    private int EndOf(LiteralForm form)
    {
        for (var at = _at + form.Quote.Length; at < _text.Length; at++)
        {
            if (_text[at] == '\\')
            {
                at++;
            }
            else if (string.CompareOrdinal(_text, at, form.Quote, 0, form.Quote.Length) == 0)
            {
                return at;
            }
        }

        return _text.Length;
    }

    private static void AppendWithoutEscapes(StringBuilder text, string value, bool isBytes)
    {
        text.Append("bytes((");
        foreach (var b in Encoding.UTF8.GetBytes(value))
        {
            text.Append(b).Append(',');
        }

        text.Append(isBytes ? "))" : ")).decode()");
    }

    private static void Escape(StringBuilder text, string value, bool isBytes)
    {
        if (isBytes)
        {
            foreach (var b in Encoding.UTF8.GetBytes(value))
            {
                text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
            }

            return;
        }

        foreach (var rune in value.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                <= 0xff => text.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
                <= 0xffff => text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => text.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
            };
        }
    }

    /// <summary>The name of a known parameter that is referred to there.</summary>
    private string? ReferenceAt(int at)
    {
        if (at + 2 >= _text.Length || _text[at] != '$' || _text[at + 1] != '{')
        {
            return null;
        }

        var close = _text.IndexOf('}', at + 2, Math.Min(ParameterResolution.NameLengthMax + 1, _text.Length - at - 2));
        return close >= 0 && _text[(at + 2)..close] is var name && _values.ContainsKey(name) ? name : null;
    }

    internal static bool IsNameCharacter(char c) => char.IsLetterOrDigit(c) || c == '_' || c > '\u007f';

    /// <summary>What the quote at a place begins: the letters before it, and whether it is one or three.</summary>
    private sealed class LiteralForm
    {
        private const string PrefixLetters = "rRbBuUfFtT";

        public LiteralForm(string text, int at)
        {
            var quote = text[at];
            Quote = string.CompareOrdinal(text, at, new string(quote, 3), 0, 3) == 0 ? new string(quote, 3) : quote.ToString();
            var start = at;
            while (start > 0 && at - start < 2 && PrefixLetters.Contains(text[start - 1], StringComparison.Ordinal))
            {
                start--;
            }

            Prefix = start > 0 && IsNameCharacter(text[start - 1]) ? "" : text[start..at];
        }

        public string Prefix { get; }

        public string Quote { get; }

        public bool IsRaw => Prefix.Contains('r', StringComparison.OrdinalIgnoreCase);

        public bool IsBytes => Prefix.Contains('b', StringComparison.OrdinalIgnoreCase);

        public bool IsFormatted => Prefix.AsSpan().ContainsAny("fFtT");
    }
}
