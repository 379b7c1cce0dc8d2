using System.Security;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Porpoise.Worker.Runners.Http;

/// <summary>A request's body with references to values, which stay data in the language of the body.</summary>
internal static class BodyTemplate
{
    public static string Fill(string template, string contentType, IReadOnlyDictionary<string, JobValue> values) => contentType.Split(';')[0].Trim().ToLowerInvariant() switch
    {
        "application/x-www-form-urlencoded" => References.Replace(template, values, static (_, value) => Uri.EscapeDataString(value.Text)),
        var type when type.EndsWith("/json", StringComparison.Ordinal) || type.EndsWith("+json", StringComparison.Ordinal) => FillJson(template, values),
        var type when type.EndsWith("/xml", StringComparison.Ordinal) || type.EndsWith("+xml", StringComparison.Ordinal) || type == "text/html" =>
            References.Replace(template, values, static (_, value) => SecurityElement.Escape(value.Text)),
        _ => References.Replace(template, values, static (_, value) => value.Text),
    };

    /// <summary>In a string of JSON the value is escaped; elsewhere it is itself if it is one JSON value, and otherwise a string.</summary>
    private static string FillJson(string template, IReadOnlyDictionary<string, JobValue> values)
    {
        var result = new StringBuilder();
        var isInString = false;
        for (var at = 0; at < template.Length;)
        {
            if (References.TryRead(template, at, '$', values, out var name, out var end))
            {
                var text = values[name].Text;
                result.Append(isInString ? Escape(text) : IsJson(text) ? text : $"\"{Escape(text)}\"");
                at = end;
                continue;
            }

            if (isInString && template[at] == '\\' && at + 1 < template.Length)
            {
                result.Append(template[at++]);
            }
            else if (template[at] == '"')
            {
                isInString = !isInString;
            }

            result.Append(template[at++]);
        }

        return result.ToString();
    }

    private static string Escape(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();

    private static bool IsJson(string text)
    {
        try
        {
            JsonElement.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
