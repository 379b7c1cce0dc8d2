namespace Porpoise.Core.Parameters;

/// <summary>Expressions. A shell reads the result of an expansion in them once more, and evaluates what it finds in variables.</summary>
internal sealed partial class ShellText
{
    /// <summary>Characters that may still be read in vain: a script of nothing but parentheses must not take the square of its length.</summary>
    private long _vain;

    /// <summary>From <c>((</c> to <c>))</c>. False, and nothing is passed: it turns out to be two groups of commands.</summary>
    /// <param name="prefix">Characters up to the expression.</param>
    private bool Arithmetic(int prefix)
    {
        var (at, length, here) = (_at, _out.Length, _here);
        if (_vain < 0 || _notArithmetic.Contains(at))
        {
            return false;
        }

        _here = [];
        Copy(prefix);
        if (Expression('(', ')') && Next == ')')
        {
            Copy();
            _here = [.. here, .. _here];
            return true;
        }

        _vain -= _at - at;
        _notArithmetic.Add(at);
        (_at, _out.Length, _here) = (at, length, here);
        return false;
    }

    /// <summary>Up to and with the closing sign that has no opening one. False: there is none.</summary>
    private bool Expression(char opening, char closing)
    {
        if (!Enter())
        {
            return false;
        }

        for (var nested = 1; _at < _end && nested > 0;)
        {
            nested += Next == opening ? 1 : Next == closing ? -1 : 0;
            if (Next == '$' && (char.IsAsciiLetter(Peek(1)) || Peek(1) == '_'))
            {
                Variable(sign: 1);
            }
            else if (char.IsAsciiLetterOrDigit(Next) || Next == '_')
            {
                Variable(sign: 0);
            }
            else
            {
                Quoted(ShellPlace.Arithmetic);
            }

            if (nested == 0)
            {
                _depth--;
                return true;
            }
        }

        _depth--;
        return false;
    }

    /// <summary>A number, or a variable with or without its sign; one that holds a parameter whose value could act is not evaluated.</summary>
    private void Variable(int sign)
    {
        var end = _at + sign;
        while (end < _end && (char.IsAsciiLetterOrDigit(_text[end]) || _text[end] is '_' or '#' or '@'))
        {
            end++;
        }

        if (_references.IsExpression(_text[(_at + sign)..end]))
        {
            ShellReferences.PutRefusal(_out, _text[(_at + sign)..end]);
            _at = end;
        }
        else
        {
            CopyTo(end);
        }
    }
}
