using System.Globalization;
using System.Text;
using System.Text.Json;
using Porpoise.LiveServer.Callers;

namespace Porpoise.EndToEnd.Tests.DolphinUi;

/// <summary>Calls as DolphinScheduler's own web UI makes them: forms, null as an empty text, a language, and whatever its axios sends beside.</summary>
public sealed class UiSession(DolphinClient client)
{
    private static readonly (string, string)[] Headers = [("language", "en_US"), ("Accept", "application/json, text/plain, */*"), ("Cookie", "language=en_US")];

    private string Project => "/dolphinscheduler/projects/" + client.Workspace;

    /// <summary>Numbers of codes as the UI computes with them.</summary>
    public long ProjectCode => long.Parse(client.Workspace, CultureInfo.InvariantCulture);

    public Task<JsonElement> GetAsync(string path, params (string Name, object? Value)[] query) => CallAsync(HttpMethod.Get, path, query);

    public Task<JsonElement> PostAsync(string path, params (string Name, object? Value)[] form) => CallAsync(HttpMethod.Post, path, form);

    public Task<JsonElement> PutAsync(string path, params (string Name, object? Value)[] form) => CallAsync(HttpMethod.Put, path, form);

    public Task<JsonElement> DeleteAsync(string path) => CallAsync(HttpMethod.Delete, path, []);

    /// <summary>A call that the server refuses; the UI shows the message.</summary>
    public async Task<Reply> RefusedAsync(int code, HttpMethod method, string path, params (string Name, object? Value)[] parameters) => (await SendAsync(method, path, parameters)).Refused(code);

    /// <summary>Below the project, unless the path begins with a slash.</summary>
    private async Task<JsonElement> CallAsync(HttpMethod method, string path, (string Name, object? Value)[] parameters)
    {
        var reply = await SendAsync(method, path, parameters);
        Assert.True(reply.Status is 200 or 201, $"{method} {path}: {reply}");
        Assert.True(reply.Code == 0, $"{method} {path}: {reply}"); // anything else is a toast with msg, and an exception
        return reply.Json.GetProperty("data");
    }

    private async Task<Reply> SendAsync(HttpMethod method, string path, (string Name, object? Value)[] parameters)
    {
        var target = path.StartsWith('/') ? "/dolphinscheduler" + path : $"{Project}/{path}";
        var encoded = ApiClient.Query(parameters.Select(p => (p.Name, p.Value ?? (object?)"")));
        var isForm = method == HttpMethod.Post || method == HttpMethod.Put;
        return await client.SendAsync(
            method,
            isForm || encoded.Length == 0 ? target : target + "?" + encoded,
            isForm ? new StringContent(encoded, Encoding.UTF8, "application/x-www-form-urlencoded") : null,
            Headers);
    }
}
