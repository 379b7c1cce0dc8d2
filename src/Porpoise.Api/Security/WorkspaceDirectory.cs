using System.Globalization;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Security;

/// <summary>The workspaces by either of their names. There are few, they are read at start, and every call needs one.</summary>
public sealed class WorkspaceDirectory(IReadOnlyList<WorkspaceRow> workspaces)
{
    private readonly Dictionary<string, WorkspaceRow> _byName = workspaces
        .SelectMany(w => new[] { (Name: w.Id.Value, Row: w), (Name: w.ProjectCode.ToString(CultureInfo.InvariantCulture), Row: w) })
        .ToDictionary(e => e.Name, e => e.Row, StringComparer.Ordinal);

    public IReadOnlyList<WorkspaceRow> All => workspaces;

    /// <summary>Null: no workspace has this id or project code.</summary>
    public WorkspaceRow? Find(string idOrCode) => _byName.GetValueOrDefault(idOrCode);
}
