using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace Porpoise.Api.Operations;

/// <summary>All operations. Routing, authorisation and the reference are made from this one list.</summary>
public sealed class OperationTable(IReadOnlyList<Operation> operations)
{
    public IReadOnlyList<Operation> All => operations;

    /// <summary>Routes every operation, and everything else to an error in JSON.</summary>
    public void Map(IEndpointRouteBuilder routes, RequestPipeline pipeline)
    {
        foreach (var operation in operations)
        {
            routes.MapMethods(operation.Path, [operation.Method], (RequestDelegate)(http => pipeline.HandleAsync(http, operation)));
        }

        routes.Map("/{**path}", (RequestDelegate)(http => HandleUnknownAsync(http, pipeline)));
    }

    private Task HandleUnknownAsync(HttpContext http, RequestPipeline pipeline)
    {
        var methods = operations.Where(o => Matches(o.Path, http.Request.Path)).Select(o => o.Method).Distinct().ToArray();
        return pipeline.HandleUnknownAsync(http, methods);
    }

    private static bool Matches(string template, PathString path) =>
        new TemplateMatcher(TemplateParser.Parse(template), []).TryMatch(path, []);
}
