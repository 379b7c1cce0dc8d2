namespace Porpoise.Worker.Processes;

/// <summary>Text in shell scripts that we write.</summary>
internal static class ShellText
{
    /// <summary>One word, whatever stands in it: between single quotes everything is itself, but the single quote.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
