using Porpoise.Access.Identities;
using Porpoise.Api.Errors;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Security;

/// <summary>The workspaces in which a caller may do one action: the second gate of every call. Operations know no others.</summary>
public sealed class ReachableWorkspaces(WorkspaceDirectory directory, Principal caller, string action)
{
    /// <summary>In the order in which they were created.</summary>
    public IReadOnlyList<WorkspaceRow> All => caller.IsRoot ? directory.All : [.. directory.All.Where(w => caller.MayIn(w.Id, action))];

    /// <summary>By id or project code. Null: there is none, which only the account's owner is told.</summary>
    /// <exception cref="RefusalException">The caller may not do this there. It is not told whether there is such a workspace.</exception>
    public WorkspaceRow? Find(string idOrCode)
    {
        var workspace = directory.Find(idOrCode);
        return caller.IsRoot || (workspace is not null && caller.MayIn(workspace.Id, action))
            ? workspace
            : throw new RefusalException(ErrorCodes.NoPermissionInWorkspace, ErrorCodes.NoPermissionInWorkspace.Text);
    }
}
