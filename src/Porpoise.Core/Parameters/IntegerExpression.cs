namespace Porpoise.Core.Parameters;

/// <summary>Whole numbers with plus, minus, times, divided by (what is over is dropped) and brackets.</summary>
internal ref struct IntegerExpression
{
    private readonly ReadOnlySpan<char> _text;
    private int _at;

    private IntegerExpression(ReadOnlySpan<char> text) => _text = text;

    /// <summary>Null: it is none, divides by zero, or leads beyond 64 bits.</summary>
    public static long? Evaluate(string text)
    {
        var expression = new IntegerExpression(text);
        return expression.Sum() is { } value && expression.Peek() == '\0' ? value : null;
    }

    private long? Sum()
    {
        var value = Product();
        while (value is not null && Peek() is var sign and ('+' or '-'))
        {
            _at++;
            value = Apply(sign, value, Product());
        }

        return value;
    }

    private long? Product()
    {
        var value = Factor();
        while (value is not null && Peek() is var sign and ('*' or '/'))
        {
            _at++;
            value = Apply(sign, value, Factor());
        }

        return value;
    }

    private long? Factor()
    {
        switch (Peek())
        {
            case '-':
                _at++;
                return Apply('-', 0, Factor());
            case '+':
                _at++;
                return Factor();
            case '(':
                _at++;
                var value = Sum();
                return Peek() == ')' && _at++ >= 0 ? value : null;
            default:
                return Digits();
        }
    }

    private long? Digits()
    {
        var start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
        {
            _at++;
        }

        return long.TryParse(_text[start.._at], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    private char Peek()
    {
        while (_at < _text.Length && _text[_at] == ' ')
        {
            _at++;
        }

        return _at < _text.Length ? _text[_at] : '\0';
    }

    private static long? Apply(char sign, long? left, long? right)
    {
        if (left is not { } a || right is not { } b || (sign == '/' && b == 0))
        {
            return null;
        }

        Int128 value = sign switch
        {
            '+' => (Int128)a + b,
            '-' => (Int128)a - b,
            '*' => (Int128)a * b,
            _ => (Int128)a / b,
        };
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : null;
    }
}
