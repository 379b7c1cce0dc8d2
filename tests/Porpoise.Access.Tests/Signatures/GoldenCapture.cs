using System.Globalization;
using System.Text;
using System.Text.Json;
using Porpoise.Access.Signatures;

namespace Porpoise.Access.Tests.Signatures;

/// <summary>
/// A request captured from an official client (or computed by its signing code), as raw as it was recorded, together with
/// what an independent verifier made of it.
/// </summary>
public sealed class GoldenCapture
{
    private static readonly Lazy<IReadOnlyList<GoldenCapture>> Loaded = new(
        () => [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Golden"), "*.json").Order(StringComparer.Ordinal).Select(Load)]);

    private GoldenCapture(string name, JsonElement json)
    {
        Name = name;
        Request = ReadRequest(json);
        Secret = Text(json, "accessKeySecret") ?? "";
        AccessKeyId = Text(json, "accessKeyId");
        SecurityToken = Text(json, "securityToken");
        Input = json.TryGetProperty("input", out var input) ? input : default;
        if (json.TryGetProperty("verified", out var verified))
        {
            Form = Text(verified, "form");
            CanonicalRequest = Text(verified, "canonicalRequest");
            StringToSign = Text(verified, "stringToSign");
            Signature = Text(verified, "signature");
        }
    }

    public static IReadOnlyList<GoldenCapture> All => Loaded.Value;

    /// <summary>The captures whose signature this service takes: everything signed but ACS4.</summary>
    public static IEnumerable<GoldenCapture> Accepted => All.Where(c => c.Signature is not null && !c.Form!.StartsWith("ACS4", StringComparison.Ordinal));

    public string Name { get; }
    public SignedRequest Request { get; }
    public string Secret { get; }
    public string? AccessKeyId { get; }
    public string? SecurityToken { get; }
    public JsonElement Input { get; }
    public string? Form { get; }
    public string? CanonicalRequest { get; }
    public string? StringToSign { get; }
    public string? Signature { get; }

    public bool IsRoa => Form?.StartsWith("ROA", StringComparison.Ordinal) == true;

    /// <summary>The capture's own date, as a server receiving it at once would read its clock.</summary>
    public DateTimeOffset Date => DateTimeOffset.Parse(Header("x-acs-date") ?? Header("date")!, CultureInfo.InvariantCulture);

    public static GoldenCapture Named(string name) => All.Single(c => c.Name == name);

    public string? Header(string name) =>
        Request.Headers.FirstOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    public override string ToString() => Name;

    private static GoldenCapture Load(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        return new GoldenCapture(Path.GetFileNameWithoutExtension(file), json.RootElement.Clone());
    }

    /// <summary>From the raw bytes where they were recorded, else from the request line and header list.</summary>
    private static SignedRequest ReadRequest(JsonElement json)
    {
        var body = json.GetProperty("bodyBase64").GetBytesFromBase64();
        if (Text(json, "rawBase64") is not { } raw)
        {
            var headers = json.GetProperty("headers").EnumerateArray()
                .Select(h => KeyValuePair.Create(h[0].GetString()!, h[1].GetString()!)).ToList();
            return Build(Text(json, "requestLine")!, headers, body);
        }
        var text = Encoding.Latin1.GetString(Convert.FromBase64String(raw));
        var lines = text[..text.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n");
        return Build(lines[0], [.. lines.Skip(1).Select(Split)], body);
    }

    private static KeyValuePair<string, string> Split(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return new(line[..colon], line[(colon + 1)..]);
    }

    private static SignedRequest Build(string requestLine, IReadOnlyList<KeyValuePair<string, string>> headers, byte[] body)
    {
        var parts = requestLine.Split(' ');
        return new SignedRequest(parts[0], parts[1], headers, body, 80);
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
