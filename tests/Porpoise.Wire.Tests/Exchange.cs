using System.Text;
using Porpoise.LiveServer.Callers;

namespace Porpoise.Wire.Tests;

/// <summary>A call and its answer.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Without the query.</param>
/// <param name="Travel">Where the parameters were.</param>
/// <param name="Parameters">As text, in the order sent.</param>
/// <param name="Reply">What came back.</param>
public sealed record Exchange(HttpMethod Method, string Path, Travel Travel, IReadOnlyList<(string Name, string Value)> Parameters, Reply Reply)
{
    /// <summary>A long value says nothing that a reader of the golden file would miss.</summary>
    private const int ShownMax = 600;

    /// <summary>Of NUL; the pictures of the other control characters follow.</summary>
    private const char ControlPictures = '\u2400';

    /// <summary>These depend on the connection and on the clock, not on the service.</summary>
    private static readonly HashSet<string> LeftOut = new(["Date", "Connection", "Keep-Alive", "Transfer-Encoding", "Content-Length"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Request and answer as the golden file shows them.</summary>
    public string Write(Placeholders placeholders)
    {
        var text = new StringBuilder();
        text.Append(Method).Append(' ').Append(Shown(placeholders.HideKnown(Path))).Append('\n');
        foreach (var (name, value) in Parameters)
        {
            text.Append("  ").Append(Travel.ToString().ToLowerInvariant()).Append(' ').Append(name).Append('=').Append(Shown(placeholders.HideKnown(value))).Append('\n');
        }

        text.Append("\nHTTP ").Append(Reply.Status).Append('\n');
        foreach (var (name, value) in Reply.Headers.Where(h => !LeftOut.Contains(h.Key)).OrderBy(h => h.Key, StringComparer.OrdinalIgnoreCase))
        {
            text.Append(name).Append(": ").Append(placeholders.HideHeader(name, value)).Append('\n');
        }

        return text.Append('\n').Append(placeholders.HideBody(Reply.Text)).Append('\n').ToString();
    }

    private static string Shown(string value)
    {
        var line = string.Concat(value.Select(c => char.IsControl(c) ? (char)(ControlPictures + c) : c));
        return line.Length <= ShownMax ? line : $"{line[..ShownMax]}… ({value.Length} characters)";
    }
}

/// <summary>Where a call's parameters are.</summary>
public enum Travel
{
    Query,
    Form,
    Json,

    /// <summary>Header lines and a body, as they are.</summary>
    Raw,
}
