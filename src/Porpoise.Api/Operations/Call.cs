using Microsoft.AspNetCore.Http;
using Porpoise.Access.Identities;
using Porpoise.Api.Errors;
using Porpoise.Api.Security;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Operations;

/// <summary>A call that has been authenticated and authorised.</summary>
public sealed class Call
{
    public required HttpContext Http { get; init; }

    public required Principal Principal { get; init; }

    /// <summary>Query, form and JSON body in one.</summary>
    public required Parameters Parameters { get; init; }

    /// <summary>True when the cloud dialect is spoken: the call is signed.</summary>
    public required bool IsCloud { get; init; }

    /// <summary>The nonce of a signed call. A mutation writes it in its own commit, so that a restart opens no window for a replay.</summary>
    public NonceRow? Nonce { get; init; }

    /// <summary>The workspace that the path names; null only for operations outside workspaces.</summary>
    public WorkspaceRow? InWorkspace { get; init; }

    public WorkspaceRow Workspace => InWorkspace ?? throw new InvalidOperationException("This operation names no workspace.");

    /// <summary>The workspaces in which the caller may do this.</summary>
    public required ReachableWorkspaces Workspaces { get; init; }

    /// <summary>Of the caller, as far as the proxies on the way are trusted.</summary>
    public required string Address { get; init; }

    /// <summary>What the audit log will say of it.</summary>
    internal CallTrace Trace { get; init; } = new("", isCloud: false, "");

    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>The workspace that the parameter projectCode names; all of them when it is absent or 0.</summary>
    public IReadOnlyList<WorkspaceRow> WorkspacesByProjectCode() => Parameters.Text("projectCode") switch
    {
        null or "0" => Workspaces.All,
        var name => [Workspaces.Find(name) ?? throw new RefusalException(ErrorCodes.WorkspaceNotFound, $"There is no workspace '{name}'.")],
    };
}
