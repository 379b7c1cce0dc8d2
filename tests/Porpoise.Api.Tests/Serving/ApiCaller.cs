using System.Globalization;
using System.Text;
using System.Text.Json;
using Porpoise.Client;

namespace Porpoise.Api.Tests.Serving;

/// <summary>A caller in one of the two dialects.</summary>
public sealed class ApiCaller : IDisposable
{
    private readonly HttpClient _http;
    private readonly bool _isCloud;

    private ApiCaller(Uri url, HttpMessageHandler handler, bool isCloud)
    {
        _http = new HttpClient(handler) { BaseAddress = url };
        _isCloud = isCloud;
    }

    public static ApiCaller WithToken(Uri url, string token)
    {
        var caller = new ApiCaller(url, new SocketsHttpHandler(), isCloud: false);
        caller._http.DefaultRequestHeaders.Add("token", token);
        return caller;
    }

    public static ApiCaller Signing(Uri url, AcsCredentials credentials) =>
        new(url, new SigningHandler(credentials) { InnerHandler = new SocketsHttpHandler() }, isCloud: true);

    public Task<Reply> GetAsync(string path, params (string Name, object? Value)[] parameters) => CallAsync(HttpMethod.Get, path, parameters);

    public Task<Reply> PostAsync(string path, params (string Name, object? Value)[] parameters) => CallAsync(HttpMethod.Post, path, parameters);

    public Task<Reply> PutAsync(string path, params (string Name, object? Value)[] parameters) => CallAsync(HttpMethod.Put, path, parameters);

    public Task<Reply> DeleteAsync(string path, params (string Name, object? Value)[] parameters) => CallAsync(HttpMethod.Delete, path, parameters);

    /// <summary>Parameters travel as they do in the dialect: a form, or all in the query.</summary>
    public Task<Reply> CallAsync(HttpMethod method, string path, params (string Name, object? Value)[] parameters)
    {
        var all = _isCloud ? [("productNamespace", "SS"), .. parameters] : parameters;
        var inBody = !_isCloud && method != HttpMethod.Get && method != HttpMethod.Delete && parameters.Length > 0;
        return inBody
            ? SendAsync(method, path, new StringContent(Query(all), Encoding.UTF8, "application/x-www-form-urlencoded"))
            : SendAsync(method, all.Length == 0 ? path : path + "?" + Query(all));
    }

    public async Task<Reply> SendAsync(HttpMethod method, string pathAndQuery, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, pathAndQuery) { Content = content };
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Reply((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public void Dispose() => _http.Dispose();

    private static string Query(IEnumerable<(string Name, object? Value)> parameters) => string.Join('&', parameters
        .Where(p => p.Value is not null)
        .Select(p => Uri.EscapeDataString(p.Name) + "=" + Uri.EscapeDataString(Convert.ToString(p.Value, CultureInfo.InvariantCulture)!)));
}

/// <summary>An answer: always a JSON object.</summary>
public sealed class Reply
{
    public Reply(int status, string text)
    {
        Status = status;
        Text = text;
        Json = JsonDocument.Parse(text).RootElement;
        Assert.Equal(JsonValueKind.Object, Json.ValueKind);
    }

    public int Status { get; }

    public string Text { get; }

    public JsonElement Json { get; }

    public int Code => Json.GetProperty("code").GetInt32();

    public string Message => Json.GetProperty("msg").GetString()!;

    /// <summary>Of a success.</summary>
    public JsonElement Data()
    {
        Assert.True(Status is 200 or 201 && Json.TryGetProperty("success", out var success) && success.GetBoolean(), $"HTTP {Status}: {Text}");
        return Json.GetProperty("data");
    }

    /// <summary>Of a refusal in an envelope; answers what it says.</summary>
    public string Refused(int code)
    {
        Assert.True(Json.TryGetProperty("code", out var found) && found.GetInt32() == code && !Json.GetProperty("success").GetBoolean(), $"Expected {code}, got HTTP {Status}: {Text}");
        return Message;
    }
}
