using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Porpoise.Wire.Tests;

/// <summary>
/// Replaces what differs from one server to the next: ids, codes, times, request ids. A placeholder stands where the value stood, inside the quotes or without
/// any, so a number that became a text is seen; and only a value of the right form is replaced, so a changed format is seen too.
/// </summary>
public sealed partial class Placeholders
{
    /// <summary>Codes are minted from the clock: greater than this since long ago.</summary>
    private const long CodeMin = 1_000_000_000_000;

    private const long CodeLimit = 1L << 53;

    private static readonly TimeSpan Recent = TimeSpan.FromHours(1);

    private readonly List<(string Value, string Name)> _known = [];
    private readonly Dictionary<string, string> _ids = [];

    /// <summary>From now on <paramref name="value"/> is shown as <paramref name="name"/>, wherever it stands.</summary>
    public void Know(string value, string name)
    {
        Assert.True(value.Length >= 6, $"'{value}' is too short to be replaced wherever it stands.");
        if (!_known.Any(k => k.Value == value))
        {
            _known.Add((value, $"‹{name}›"));
        }
    }

    /// <summary>From now on a member <c>id</c> or an id in <c>data</c> with this value is shown as <paramref name="name"/>; one with another value stays as it is, and so does the id of a user or a tenant with the same one.</summary>
    public void KnowId(int id, string name) => _ids[id.ToString(CultureInfo.InvariantCulture)] = $"‹{name}›";

    public string HideKnown(string text) => _known.Aggregate(text, (t, k) => t.Replace(k.Value, k.Name, StringComparison.Ordinal));

    public string HideHeader(string name, string value) =>
        name.Equals("x-acs-request-id", StringComparison.OrdinalIgnoreCase) && RequestId().IsMatch(value) ? "‹request id›" : HideKnown(value);

    /// <summary>The JSON text as it is, but for the values.</summary>
    public string HideBody(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var hidden = new StringBuilder();
        var member = new Stack<string>([""]);
        var copied = 0;
        var reader = new Utf8JsonReader(bytes);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    member.Pop();
                    member.Push(reader.GetString()!);
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    member.Push(member.Peek());
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    member.Pop();
                    break;
                case JsonTokenType.Number or JsonTokenType.String:
                    var isText = reader.TokenType == JsonTokenType.String;
                    var start = (int)reader.TokenStartIndex + (isText ? 1 : 0);
                    var end = (int)reader.BytesConsumed - (isText ? 1 : 0);
                    hidden.Append(Encoding.UTF8.GetString(bytes, copied, start - copied));
                    hidden.Append(Hide(member.Peek(), Encoding.UTF8.GetString(bytes, start, end - start), isText));
                    copied = end;
                    break;
                default:
                    break;
            }
        }

        return hidden.Append(Encoding.UTF8.GetString(bytes, copied, bytes.Length - copied)).ToString();
    }

    private string Hide(string member, string value, bool isText)
    {
        if (HideKnown(value) is var known && known != value)
        {
            return known;
        }

        if (member is "id" or "data" && _ids.TryGetValue(value, out var id))
        {
            return id;
        }

        if (member.Equals("requestId", StringComparison.OrdinalIgnoreCase) && isText && RequestId().IsMatch(value))
        {
            return "‹request id›";
        }

        if (!isText && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > CodeMin and < CodeLimit)
        {
            return "‹code›";
        }

        return isText && (member.EndsWith("Time", StringComparison.Ordinal) || member.EndsWith("At", StringComparison.Ordinal)) ? HideTime(value) : value;
    }

    /// <summary>A moment of just now is shown by its form. Any other one came with the request, and stays.</summary>
    private static string HideTime(string value)
    {
        foreach (var (format, shown) in new[] { ("yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss"), ("yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-ddTHH:mm:ssZ") })
        {
            if (DateTime.TryParseExact(value, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
                && (TimeProvider.System.GetUtcNow() - time).Duration() < Recent)
            {
                return $"‹{shown}›";
            }
        }

        return value;
    }

    [GeneratedRegex("^[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}$")]
    private static partial Regex RequestId();
}
