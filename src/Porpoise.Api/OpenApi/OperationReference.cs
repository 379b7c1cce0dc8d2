using System.Globalization;
using System.Text;
using Porpoise.Api.Operations;

namespace Porpoise.Api.OpenApi;

/// <summary>Writes docs/reference/operations.md from the operation table.</summary>
public static class OperationReference
{
    private const string Beginning =
        """
        # Operations

        Every call that a server answers, and the action that a [policy](../operate/access.md) must allow for it. This page is written by `porpoise reference operations`, from the table that routing and authorisation
        work with; a test compares the two. `--json` writes the same for programs.

        What holds for all calls, and what answers look like, is in [api.md](api.md); the cloud's workflow operations, field by field, in [cloud-api.md](cloud-api.md). The parameters of each call, with examples, are in the
        server's own OpenAPI document, `/porpoise/v1/openapi.json`, and can be tried at `/explorer`.

        `{projectCode}` is a workspace, by its id (`w-…`) or its project code. An action in *italics* needs no policy: whoever is known may do it, because it is about the caller; *none* needs no credentials either.

        """;

    public static string Write(IReadOnlyList<Operation> operations)
    {
        var page = new StringBuilder(Beginning);
        var groups = operations.GroupBy(OperationGroup.Of).OrderBy(g => OperationGroup.Names.ToList().IndexOf(g.Key));
        foreach (var group in groups)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {group.Key}\n\n| call | what it does | action |\n|---|---|---|\n");
            foreach (var operation in group.OrderBy(o => o.Path, StringComparer.Ordinal).ThenBy(o => o.Method, StringComparer.Ordinal).ThenBy(o => o.RpcName, StringComparer.Ordinal))
            {
                var rpc = operation.RpcName is { } name ? "?Action=" + name : "";
                page.Append(CultureInfo.InvariantCulture, $"| `{operation.Method} {operation.Path}{rpc}` | {operation.Summary.Replace("|", "\\|", StringComparison.Ordinal)} | {ActionOf(operation)} |\n");
            }
        }

        return page.ToString();
    }

    private static string ActionOf(Operation operation) => operation.IsOpen ? "*none*" : operation.IsForEveryone ? $"*{operation.Action}*" : $"`{operation.Action}`";
}
