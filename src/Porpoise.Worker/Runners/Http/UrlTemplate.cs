using System.Text;
using System.Text.RegularExpressions;

namespace Porpoise.Worker.Runners.Http;

/// <summary>
/// A URL with references to values. In path and query a value is percent-encoded, so it stays inside of the segment or field where it stands; as a host it may
/// hold only what a host can; and only a URL that begins with a reference takes the beginning of the address from the value.
/// </summary>
internal static partial class UrlTemplate
{
    /// <exception cref="JobException">A value cannot stand where the reference stands.</exception>
    public static string Fill(string template, IReadOnlyDictionary<string, JobValue> values)
    {
        var text = template.Trim();
        var result = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            if (References.TryRead(text, at, '$', values, out var name, out var end))
            {
                result.Append(at == 0 ? Whole(name, values[name].Text) : IsPastHost(result.ToString()) ? Uri.EscapeDataString(values[name].Text) : Host(name, values[name].Text));
                at = end;
            }
            else
            {
                result.Append(text[at++]);
            }
        }

        return result.ToString();
    }

    /// <summary>For people: without user, password and values.</summary>
    public static string Show(string template) => UserInfo().Replace(template.Trim(), "$1");

    /// <summary><c>a=1&amp;b=2</c>, encoded.</summary>
    public static string Pairs(IEnumerable<HttpParameter> parameters, Func<HttpParameter, string> value) =>
        string.Join('&', parameters.Select(p => $"{Uri.EscapeDataString(p.Name)}={Uri.EscapeDataString(value(p))}"));

    private static bool IsPastHost(string before) => before.IndexOf("//", StringComparison.Ordinal) is var slashes and >= 0 && before.AsSpan(slashes + 2).ContainsAny('/', '?', '#');

    private static string Whole(string name, string value) => Address().IsMatch(value)
        ? value
        : throw new JobException($"The url begins with the parameter {name}, so its value has to begin with http:// or https:// and a host, without blanks; it does not.");

    private static string Host(string name, string value) => HostAndPort().IsMatch(value)
        ? value
        : throw new JobException($"The parameter {name} stands in the host of the url; its value may hold letters, digits, '.', '-', '_' and a port, and does not fit.");

    [GeneratedRegex(@"^https?://[^\s/?#@\\]+([/?#][^\s\\]*)?\z", RegexOptions.IgnoreCase)]
    private static partial Regex Address();

    [GeneratedRegex(@"^[\p{L}\p{Nd}._-]*(:\d{1,5})?\z")]
    private static partial Regex HostAndPort();

    [GeneratedRegex("^([A-Za-z]+://)[^/?#]*@")]
    private static partial Regex UserInfo();
}
