using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Porpoise.Api.Operations;
using Porpoise.Formats.Workflows;

namespace Porpoise.Api.OpenApi;

/// <summary>
/// What the product says about itself, without credentials because it says nothing about an installation: the OpenAPI document of the operations and the schema of workflow
/// files. Each is made once, when it is first asked for.
/// </summary>
public sealed class PublishedDocuments(OperationTable table, string version)
{
    public const string OpenApiPath = "/porpoise/v1/openapi.json";
    public const string SchemaPath = "/porpoise/v1/workflow.schema.json";

    private readonly Lock _gate = new();
    private Task<byte[]>? _openApi;
    private readonly Lazy<byte[]> _schema = new(WorkflowSchema.Read);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(OpenApiPath, (RequestDelegate)(async http => await AnswerAsync(http, "application/json", await OpenApiAsync())));
        routes.MapGet(SchemaPath, (RequestDelegate)(http => AnswerAsync(http, "application/schema+json", _schema.Value)));
    }

    private Task<byte[]> OpenApiAsync()
    {
        lock (_gate)
        {
            return _openApi ??= OpenApiWriter.WriteAsync(table, version);
        }
    }

    private static async Task AnswerAsync(HttpContext http, string type, byte[] document)
    {
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(document).AsSpan(0, 8))}\"";
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (http.Request.Headers.IfNoneMatch == tag)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        http.Response.ContentType = type;
        http.Response.ContentLength = document.Length;
        await http.Response.BodyWriter.WriteAsync(document, http.RequestAborted);
    }
}
