using System.Globalization;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Security;

/// <summary>
/// The workspaces by either of their names, in memory: there are few, and every call needs one. All changes come through here, one after
/// another; readers see the list as it was before or after a change, never in between.
/// </summary>
public sealed class WorkspaceDirectory(IIdentityStore identities, IWorkspaceStore workspaces) : IDisposable
{
    /// <summary>Workspaces of one installation.</summary>
    public const int WorkspacesMax = 1_000;

    private readonly SemaphoreSlim _gate = new(1);
    private volatile Snapshot _now = new([]);

    /// <summary>In the order in which they were created.</summary>
    public IReadOnlyList<WorkspaceRow> All => _now.Rows;

    public void Dispose() => _gate.Dispose();

    /// <summary>Null: no workspace has this id or project code.</summary>
    public WorkspaceRow? Find(string idOrCode) => _now.ByName.GetValueOrDefault(idOrCode);

    /// <summary>Reads all workspaces; once before the first call is served.</summary>
    public Task LoadAsync() => ChangeAsync(() => Task.FromResult(ChangeWorkspaceResult.Changed));

    /// <summary>Null: there are <see cref="WorkspacesMax"/> already.</summary>
    /// <param name="ownerId">The user or role that becomes its owner; null for the account's owner, who is that everywhere.</param>
    public async Task<ChangeWorkspaceResult?> CreateAsync(WorkspaceRow workspace, string? ownerId, NonceRow? nonce) =>
        All.Count < WorkspacesMax ? await ChangeAsync(() => workspaces.CreateWorkspaceAsync(workspace, nonce, ownerId)) : null;

    public Task<ChangeWorkspaceResult> UpdateAsync(WorkspaceId workspace, string name, string? description, DateTimeOffset at, NonceRow? nonce) =>
        ChangeAsync(() => workspaces.UpdateWorkspaceAsync(workspace, name, description, at, nonce));

    public Task<ChangeWorkspaceResult> DeleteAsync(WorkspaceId workspace, NonceRow? nonce) =>
        ChangeAsync(() => workspaces.DeleteWorkspaceAsync(workspace, nonce));

    private async Task<ChangeWorkspaceResult> ChangeAsync(Func<Task<ChangeWorkspaceResult>> change)
    {
        await _gate.WaitAsync();
        try
        {
            var result = await change();
            if (result == ChangeWorkspaceResult.Changed)
            {
                _now = new Snapshot(await identities.ListWorkspacesAsync());
            }

            return result;
        }
        finally
        {
            _gate.Release();
        }
    }

    private sealed class Snapshot(IEnumerable<WorkspaceRow> rows)
    {
        public IReadOnlyList<WorkspaceRow> Rows { get; } = [.. rows.OrderBy(r => r.Number)];

        public Dictionary<string, WorkspaceRow> ByName { get; } = rows
            .SelectMany(w => new[] { (Name: w.Id.Value, Row: w), (Name: w.ProjectCode.ToString(CultureInfo.InvariantCulture), Row: w) })
            .ToDictionary(e => e.Name, e => e.Row, StringComparer.Ordinal);
    }
}
