using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace Porpoise.Api.Operations;

/// <summary>All operations. Routing, authorisation and the reference are made from this one list.</summary>
public sealed class OperationTable(IReadOnlyList<Operation> operations)
{
    private readonly (TemplateMatcher Path, string Method)[] _matchers = [.. operations.Where(o => o.RpcName is null).Select(o => (new TemplateMatcher(TemplateParser.Parse(o.Path), []), o.Method))];

    public IReadOnlyList<Operation> All => operations;

    /// <summary>Routes every operation, and everything else to an error in JSON.</summary>
    public void Map(IEndpointRouteBuilder routes, RequestPipeline pipeline)
    {
        foreach (var operation in operations.Where(o => o.RpcName is null))
        {
            routes.MapMethods(operation.Path, [operation.Method], (RequestDelegate)(http => pipeline.HandleAsync(http, operation)));
        }

        var rpc = operations.Where(o => o.RpcName is not null).ToDictionary(o => o.RpcName!, StringComparer.Ordinal);
        routes.MapMethods("/", ["GET", "POST"], (RequestDelegate)(http =>
            rpc.TryGetValue(RpcNameOf(http.Request), out var operation) ? pipeline.HandleAsync(http, operation) : pipeline.HandleUnknownAsync(http, [])));
        routes.Map("/{**path}", (RequestDelegate)(http => HandleUnknownAsync(http, pipeline)));
    }

    private static string RpcNameOf(HttpRequest request) =>
        request.Headers["x-acs-action"] is [{ Length: > 0 } header] ? header : request.Query["Action"] is [{ } parameter] ? parameter : "";

    private Task HandleUnknownAsync(HttpContext http, RequestPipeline pipeline)
    {
        var methods = _matchers.Where(m => m.Path.TryMatch(http.Request.Path, [])).Select(m => m.Method).Distinct().ToArray();
        return pipeline.HandleUnknownAsync(http, methods);
    }
}
