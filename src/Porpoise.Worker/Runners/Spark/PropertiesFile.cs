using System.Globalization;
using System.Text;

namespace Porpoise.Worker.Runners.Spark;

/// <summary>
/// A file of settings in Java's form. Settings go to Spark by such a file, which only the task's user may read, rather than as arguments, which everybody on the machine sees.
/// </summary>
internal static class PropertiesFile
{
    /// <summary>The defaults of the installation, which Spark reads only when it is given no other file, and the settings behind them, which win.</summary>
    public static string Write(string defaults, IEnumerable<KeyValuePair<string, string>> settings)
    {
        var text = new StringBuilder(defaults);
        if (defaults.Length > 0 && !defaults.EndsWith('\n'))
        {
            text.Append('\n');
        }

        foreach (var (name, value) in settings.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            Append(text, name, isName: true);
            text.Append('=');
            Append(text, value, isName: false);
            text.Append('\n');
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string part, bool isName)
    {
        for (var i = 0; i < part.Length; i++)
        {
            var c = part[i];
            _ = c switch
            {
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\f' => text.Append("\\f"),
                ' ' when i == 0 || isName => text.Append("\\ "),
                '=' or ':' or '#' or '!' when isName => text.Append('\\').Append(c),
                < ' ' or > '~' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }
    }
}
