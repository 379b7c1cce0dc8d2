using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Porpoise.Client.Calls;

/// <summary>One call of an operation: its address and its parameters, which travel in the query or as a JSON body.</summary>
public sealed class ApiCall
{
    private readonly (string Name, object? Value)[] _parameters;

    private ApiCall(HttpMethod method, FormattableString path, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        Method = method;
        Path = Fill(path);
        _parameters = parameters.ToArray();
        IsRepeatable = method == HttpMethod.Get || method == HttpMethod.Put;
    }

    public HttpMethod Method { get; }

    /// <summary>Percent-encoded.</summary>
    public string Path { get; }

    /// <summary>True when sending it twice does what sending it once does, so that it is sent again when its answer is lost.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>Every place in <paramref name="path"/> is percent-encoded; parameters that are null are left out.</summary>
    public static ApiCall Get(FormattableString path, params ReadOnlySpan<(string Name, object? Value)> parameters) => new(HttpMethod.Get, path, parameters);

    /// <inheritdoc cref="Get"/>
    public static ApiCall Post(FormattableString path, params ReadOnlySpan<(string Name, object? Value)> parameters) => new(HttpMethod.Post, path, parameters);

    /// <summary>A POST that the server does once, however often it comes with this token.</summary>
    public static ApiCall PostOnce(FormattableString path, string clientToken, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        new(HttpMethod.Post, path, [.. parameters, ("clientToken", clientToken)]) { IsRepeatable = true };

    /// <summary>A POST that leaves things as they are when it is done a second time.</summary>
    public static ApiCall PostRepeatable(FormattableString path, params ReadOnlySpan<(string Name, object? Value)> parameters) => new(HttpMethod.Post, path, parameters) { IsRepeatable = true };

    /// <inheritdoc cref="Get"/>
    public static ApiCall Put(FormattableString path, params ReadOnlySpan<(string Name, object? Value)> parameters) => new(HttpMethod.Put, path, parameters);

    /// <inheritdoc cref="Get"/>
    public static ApiCall Delete(FormattableString path, params ReadOnlySpan<(string Name, object? Value)> parameters) => new(HttpMethod.Delete, path, parameters);

    internal HttpRequestMessage ToRequest(Uri endpoint)
    {
        var hasBody = Method == HttpMethod.Post || Method == HttpMethod.Put;
        var request = new HttpRequestMessage(Method, new Uri(endpoint, hasBody ? Path : Path + Query()));
        if (hasBody)
        {
            request.Content = new ByteArrayContent(Body());
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        request.Options.Set(RetryHandler.Repeatable, IsRepeatable);
        return request;
    }

    private string Query()
    {
        var query = new StringBuilder();
        foreach (var (name, value) in _parameters)
        {
            if (value is not null)
            {
                query.Append(query.Length == 0 ? '?' : '&').Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(TextOf(value)));
            }
        }

        return query.ToString();
    }

    private byte[] Body()
    {
        var body = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        foreach (var (name, value) in _parameters)
        {
            if (value is not null)
            {
                json.WriteString(name, TextOf(value));
            }
        }

        json.WriteEndObject();
        json.Flush();
        return body.WrittenSpan.ToArray();
    }

    /// <summary>The service takes every parameter as text.</summary>
    private static string TextOf(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        DateTimeOffset time => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Fill(FormattableString path)
    {
        var places = path.GetArguments();
        for (var i = 0; i < places.Length; i++)
        {
            var text = TextOf(places[i] ?? "");
            if (text is "" or "." or "..")
            {
                throw new PorpoiseException($"'{text}' can be no part of an address."); // it would lead to another one
            }

            places[i] = Uri.EscapeDataString(text);
        }

        return string.Format(CultureInfo.InvariantCulture, path.Format, places);
    }
}
