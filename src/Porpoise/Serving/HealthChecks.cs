using Porpoise.Storage;

namespace Porpoise.Serving;

/// <summary>/healthz/live: the process answers. /healthz/ready: it takes work; not while it starts, stops or cannot write.</summary>
internal sealed class HealthChecks(IStore store)
{
    private volatile bool _isReady;

    public bool IsReady
    {
        get => _isReady;
        set => _isReady = value;
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz/live", (RequestDelegate)(http => AnswerAsync(http, null)));
        routes.MapGet("/healthz/ready", (RequestDelegate)(http => AnswerAsync(http, IsReady ? store.Health.ReadOnlyReason : "The server is starting or stopping.")));
    }

    private static Task AnswerAsync(HttpContext http, string? problem)
    {
        http.Response.StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "application/json;charset=utf-8";
        return http.Response.WriteAsync(problem is null
            ? """{"status":"ok"}"""
            : $$"""{"status":"unavailable","reason":"{{System.Text.Json.JsonEncodedText.Encode(problem)}}"}""");
    }
}
