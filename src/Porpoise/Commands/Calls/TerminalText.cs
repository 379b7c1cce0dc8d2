using System.Text.RegularExpressions;

namespace Porpoise.Commands.Calls;

/// <summary>Text that programs wrote, for a terminal: it would obey their control characters, which set its title, its clipboard or the colour of everything after them.</summary>
internal static partial class TerminalText
{
    /// <summary>With colours, tabs and carriage returns, and without anything else that a terminal obeys.</summary>
    public static string Harmless(string text) => Obeyed().Replace(text, m => m.Value.Length > 1 ? m.Value : "\uFFFD");

    [GeneratedRegex("\\u001b\\[[0-9;:]*m|[\\p{Cc}-[\\t\\r\\n]]")]
    private static partial Regex Obeyed();
}
