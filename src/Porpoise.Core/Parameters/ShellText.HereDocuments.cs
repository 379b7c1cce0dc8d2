using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Porpoise.Core.Parameters;

/// <summary>Here-documents. One whose end is quoted is not expanded; with references of ours in it, it becomes one that is, and in which everything else is quoted.</summary>
internal sealed partial class ShellText
{
    /// <summary>Those of the line that is being read: their texts begin with the next one.</summary>
    private ImmutableQueue<HereDocument> _here = [];

    /// <param name="End">The line that ends it.</param>
    /// <param name="IsQuoted">The shell expands nothing in it.</param>
    /// <param name="IsIndented">Tabs at the beginning of its lines are none of it.</param>
    /// <param name="WordAt">Where the word after its operator stands in what was written so far.</param>
    /// <param name="WordLength">The length of that word.</param>
    private sealed record HereDocument(string End, bool IsQuoted, bool IsIndented, int WordAt, int WordLength);

    private void HereDocumentOperator()
    {
        Copy(2);
        var isIndented = Next == '-';
        Copy(isIndented ? 1 : 0);
        while (Next is ' ' or '\t')
        {
            Copy();
        }

        var (at, end, isQuoted) = (_at, new StringBuilder(), false);
        while (_at < _end && !EndsWord.Contains(Next, StringComparison.Ordinal) && Next != '`')
        {
            isQuoted |= EndOfHereDocument(end);
        }

        var length = _at - at;
        _out.Append(_text, at, length);
        if (length > 0 && !_text.AsSpan(at, length).Contains('\n'))
        {
            _here = _here.Enqueue(new HereDocument(end.ToString(), isQuoted, isIndented, _out.Length - length, length));
        }
    }

    /// <summary>Passes one piece of the word that names the end. True: it was quoted.</summary>
    private bool EndOfHereDocument(StringBuilder end)
    {
        if (Next == '$' && Peek(1) is '\'' or '"')
        {
            _at++;
        }

        switch (Next)
        {
            case '\'' or '"':
                var close = _text.IndexOf(Next, _at + 1, _end - _at - 1);
                close = close < 0 ? _end : close;
                end.Append(_text, _at + 1, close - _at - 1);
                _at = Math.Min(close + 1, _end);
                return true;
            case '\\':
                end.Append(Peek(1));
                _at = Math.Min(_at + 2, _end);
                return true;
            default:
                end.Append(Next);
                _at++;
                return false;
        }
    }

    /// <summary>At the beginning of a line: the texts of those that were announced before it.</summary>
    private void HereDocuments()
    {
        while (!_here.IsEmpty)
        {
            _here = _here.Dequeue(out var document);
            var (end, next) = FindEnd(document);
            var whole = _end;
            _end = end;
            var word = document.IsQuoted && HasReference() ? Unquote(document) : null;
            while (_at < _end)
            {
                if (!document.IsQuoted)
                {
                    Quoted(ShellPlace.Double);
                }
                else if (word is null)
                {
                    CopyTo(_end);
                }
                else
                {
                    QuoteAgain();
                }
            }

            _end = whole;
            PutEnd(word, document, next);
        }
    }

    /// <summary>Where its text ends, and where the line after it does, without its line break.</summary>
    private (int End, int Next) FindEnd(HereDocument document)
    {
        for (var line = _at; line < _end;)
        {
            var stop = _text.IndexOf('\n', line, _end - line);
            stop = stop < 0 ? _end : stop;
            var text = _text.AsSpan(line, stop - line);
            if ((document.IsIndented ? text.TrimStart('\t') : text).SequenceEqual(document.End))
            {
                return (line, stop);
            }

            line = stop + 1;
        }

        return (_end, _end);
    }

    private bool HasReference()
    {
        for (var at = _at; (at = _text.IndexOf("${", at, _end - at, StringComparison.Ordinal)) >= 0; at += 2)
        {
            var close = _text.IndexOf('}', at, Math.Min(_end - at, ParameterResolution.NameLengthMax + 3));
            if (close > 0 && _references.VariableOf(_text[(at + 2)..close]) is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The word for its end that quotes nothing.</summary>
    private string Unquote(HereDocument document)
    {
        var word = PlainWord().IsMatch(document.End) ? document.End : UnusedWord();
        Rename(document, word);
        return word;
    }

    private void QuoteAgain()
    {
        if (!Reference(ShellPlace.Double))
        {
            _out.Append(Next is '\\' or '$' or '`' ? "\\" : "");
            Copy();
        }
    }

    private void PutEnd(string? word, HereDocument document, int next)
    {
        if (word is not null && _at < next)
        {
            CopyTo(next - document.End.Length); // tabs
            _out.Append(word);
            _at = next;
        }

        CopyTo(next);
    }

    /// <summary>Puts the word where its operator stands; documents further on in the line move with their words.</summary>
    private void Rename(HereDocument document, string word)
    {
        _out.Remove(document.WordAt, document.WordLength).Insert(document.WordAt, word);
        var moved = word.Length - document.WordLength;
        _here = [.. _here.Select(other => other with { WordAt = other.WordAt + moved })];
    }

    private string UnusedWord()
    {
        for (var i = 1; ; i++)
        {
            var word = string.Create(CultureInfo.InvariantCulture, $"PORPOISE_END{i}");
            if (_text.IndexOf(word, _at, _end - _at, StringComparison.Ordinal) < 0)
            {
                return word;
            }
        }
    }

    [GeneratedRegex("^[A-Za-z0-9_.,:+@%/-]+\\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainWord();
}
