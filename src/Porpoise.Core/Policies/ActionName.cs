namespace Porpoise.Core.Policies;

/// <summary>
/// An action such as <c>emr-serverless-spark:StartProcessInstance</c>, or a pattern of them, in the one spelling in which actions are compared.
/// Only ASCII letters have a case here: the names of actions have no others.
/// </summary>
internal sealed class ActionName : IEquatable<ActionName>
{
    private readonly int _hash;

    public ActionName(string written)
    {
        Folded = Fold(written);
        _hash = string.GetHashCode(Folded, StringComparison.Ordinal);
    }

    public string Folded { get; }

    /// <summary>Whether a text has the form <c>SERVICE:NAME</c>.</summary>
    public static bool IsAction(string text) => text.AsSpan().Count(':') == 1 && text[0] != ':' && text[^1] != ':' && HasOnly(text, "");

    /// <summary>Whether a text has the form <c>SERVICE:NAME</c> with wildcards in it, or has a <c>*</c> that stands for the colon too. No other text ever fits an action.</summary>
    public static bool IsPattern(string text) => HasOnly(text, "*?") && text.AsSpan().Count(':') switch
    {
        0 => text.Contains('*', StringComparison.Ordinal),
        1 => text[0] != ':' && text[^1] != ':',
        _ => false,
    };

    public bool Equals(ActionName? other) => other is not null && _hash == other._hash && Folded == other.Folded;

    public override bool Equals(object? obj) => Equals(obj as ActionName);

    public override int GetHashCode() => _hash;

    public override string ToString() => Folded;

    private static string Fold(string written) => string.Create(written.Length, written, static (span, from) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = char.IsAsciiLetterLower(from[i]) ? (char)(from[i] - 'a' + 'A') : from[i];
        }
    });

    private static bool HasOnly(string text, string others)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not (':' or '-' or '_' or '.') && !others.Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return text.Length > 0;
    }
}
