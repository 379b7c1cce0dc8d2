namespace Porpoise.Core.Policies;

/// <summary>Text of others inside our sentences.</summary>
internal static class Quoted
{
    private const int LengthMax = 100;

    /// <summary>Shortened, and without control characters: it may be shown on a terminal.</summary>
    public static string Show(string text)
    {
        var shown = text.Length <= LengthMax ? text : string.Concat(text.AsSpan(0, LengthMax), "…");
        return string.Create(shown.Length, shown, static (span, from) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(from[i]) ? '\uFFFD' : from[i];
            }
        });
    }
}
