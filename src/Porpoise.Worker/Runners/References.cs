using System.Diagnostics.CodeAnalysis;
using System.Text;
using Porpoise.Core.Parameters;

namespace Porpoise.Worker.Runners;

/// <summary>References to values of parameters in a text: <c>${name}</c>. What is no known name stays as it is written.</summary>
internal static class References
{
    /// <summary>Whether a reference to a known name stands at this place, with this sign in front of the brace.</summary>
    public static bool TryRead(string text, int at, char sign, IReadOnlyDictionary<string, JobValue> values, [NotNullWhen(true)] out string? name, out int end)
    {
        (name, end) = (null, at);
        if (at + 2 >= text.Length || text[at] != sign || text[at + 1] != '{')
        {
            return false;
        }

        var close = text.IndexOf('}', at + 2, Math.Min(ParameterResolution.NameLengthMax + 1, text.Length - at - 2));
        if (close < 0 || !values.ContainsKey(text[(at + 2)..close]))
        {
            return false;
        }

        (name, end) = (text[(at + 2)..close], close + 1);
        return true;
    }

    /// <summary>Each reference replaced by what <paramref name="write"/> makes of the value.</summary>
    public static string Replace(string text, IReadOnlyDictionary<string, JobValue> values, Func<string, JobValue, string> write)
    {
        var result = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            if (TryRead(text, at, '$', values, out var name, out var end))
            {
                result.Append(write(name, values[name]));
                at = end;
            }
            else
            {
                result.Append(text[at++]);
            }
        }

        return result.ToString();
    }
}
