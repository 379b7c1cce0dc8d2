using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Workflows;

namespace Porpoise.Engine.Tests.Workflows;

/// <summary>A store that only has versions, and counts how often it is asked for one.</summary>
internal sealed class VersionShelf : IWorkflowStore
{
    private readonly Dictionary<(WorkflowCode, int), WorkflowVersionRow> _rows = [];

    public int Reads { get; private set; }

    public void Put(WorkflowVersionRow row) => _rows.Add((row.Code, row.Version), row);

    public async Task<WorkflowVersionRow?> FindVersionAsync(WorkflowCode code, int version)
    {
        Reads++;
        await Task.Yield();
        return _rows.GetValueOrDefault((code, version));
    }

    public Task<SaveWorkflowResult> CreateWorkflowAsync(
        WorkspaceId workspace, WorkflowCode code, WorkflowDefinition definition, bool publish, string by, DateTimeOffset at, NonceRow? nonce, ScheduleChange? schedule = null) => throw new NotSupportedException();

    public Task<SaveWorkflowResult> UpdateWorkflowAsync(
        WorkspaceId workspace, WorkflowCode code, WorkflowDefinition definition, bool? published, string by, DateTimeOffset at, NonceRow? nonce, ScheduleChange? schedule = null, WorkflowRow? basis = null) => throw new NotSupportedException();

    public Task<ReleaseWorkflowResult> ReleaseWorkflowAsync(WorkspaceId workspace, WorkflowCode code, bool online, DateTimeOffset at, NonceRow? nonce) => throw new NotSupportedException();

    public Task<WorkflowRow?> FindWorkflowAsync(WorkspaceId workspace, WorkflowCode code) => throw new NotSupportedException();

    public Task<int?> FindVersionByHashAsync(WorkflowCode code, string hash) => throw new NotSupportedException();

    public Task<long> ReserveCodesAsync(long bound) => throw new NotSupportedException();
}
