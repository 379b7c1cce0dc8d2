using System.Globalization;
using System.Text.Json.Serialization;
using Porpoise.Client.Calls;

namespace Porpoise.Client.Workflows;

/// <summary>The workflow definitions of a workspace.</summary>
public sealed class WorkflowClient(PorpoiseClient client)
{
    private const string NotFound = "50003";

    public Task<Page<Workflow>> ListAsync(string workspace, string? search, PageChoice page, CancellationToken ct) => client.SendAsync(
        ApiCall.Get($"/dolphinscheduler/projects/{workspace}/process-definition", ("searchVal", search), ("pageNo", page.Number), ("pageSize", page.Size)), WorkflowJson.Default.WorkflowPage, ct);

    /// <summary>The one with exactly this name.</summary>
    public async Task<Workflow> GetByNameAsync(string workspace, string name, CancellationToken ct)
    {
        var found = await client.SendAsync(ApiCall.Get($"/dolphinscheduler/projects/{workspace}/process-definition/query-by-name", ("name", name)), WorkflowJson.Default.WorkflowDetail, ct);
        return found.ProcessDefinition;
    }

    /// <summary>The code of the workflow that people name by its code or its name; a name of digits counts where no workflow has that code.</summary>
    public async Task<long> FindCodeAsync(string workspace, string codeOrName, CancellationToken ct) =>
        long.TryParse(codeOrName, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && await MayBeCodeAsync(workspace, code, ct) ? code : (await GetByNameAsync(workspace, codeOrName, ct)).Code;

    /// <summary>Makes the workflows that a file names what it says of them; they are left alone where they are so already, so it can be done again and again.</summary>
    /// <param name="file">YAML, or a JSON export.</param>
    /// <param name="publish">True: production takes what was applied.</param>
    /// <param name="isDry">True: nothing is changed, and the answer says what would be.</param>
    /// <exception cref="PorpoiseException">It was not done; where there is anything wrong with the file, a line for each fault, which begins with line and column.</exception>
    public Task<IReadOnlyList<AppliedWorkflow>> ApplyAsync(string workspace, string file, bool publish, bool isDry, CancellationToken ct) => client.SendAsync(
        ApiCall.PostRepeatable($"/porpoise/v1/workspaces/{workspace}/workflows/apply", ("file", file), ("publish", publish), ("dryRun", isDry)), WorkflowJson.Default.AppliedWorkflows, ct);

    /// <summary>Every workflow as YAML.</summary>
    public Task<IReadOnlyList<WorkflowYaml>> ExportAsync(string workspace, CancellationToken ct) =>
        client.SendAsync(ApiCall.Get($"/porpoise/v1/workspaces/{workspace}/workflows/export"), WorkflowJson.Default.WorkflowYamls, ct);

    /// <summary>The workflow with exactly this name as YAML.</summary>
    public async Task<WorkflowYaml> ExportAsync(string workspace, string name, CancellationToken ct) =>
        (await client.SendAsync(ApiCall.Get($"/porpoise/v1/workspaces/{workspace}/workflows/export", ("name", name)), WorkflowJson.Default.WorkflowYamls, ct))[0];

    /// <summary>Publishes the current version, which production runs take from then on; or none any more.</summary>
    public Task ReleaseAsync(string workspace, long code, bool isOnline, CancellationToken ct) => client.SendAsync(
        ApiCall.PostRepeatable($"/dolphinscheduler/projects/{workspace}/process-definition/{code}/release", ("releaseState", isOnline ? "ONLINE" : "OFFLINE")), ct);

    public Task DeleteAsync(string workspace, long code, CancellationToken ct) => client.SendAsync(ApiCall.Delete($"/dolphinscheduler/projects/{workspace}/process-definition/{code}"), ct);

    private async Task<bool> MayBeCodeAsync(string workspace, long code, CancellationToken ct)
    {
        try
        {
            await client.SendAsync(ApiCall.Get($"/dolphinscheduler/projects/{workspace}/process-definition/{code}"), ct);
            return true;
        }
        catch (PorpoiseException e) when (e.Code == NotFound)
        {
            return false;
        }
        catch (PorpoiseException e) when (e.IsDenied)
        {
            return true; // who may start a workflow need not be allowed to look at it
        }
    }
}

/// <summary>What became of a workflow of a file.</summary>
/// <param name="Code">Null: it would be created.</param>
/// <param name="Change">CREATED, CHANGED or UNCHANGED.</param>
public sealed record AppliedWorkflow(string Name, long? Code, string Change, int Version, string? VersionHashCode = null, int? PublishedVersion = null);

/// <summary>A workflow as a document of a file.</summary>
public sealed record WorkflowYaml(string Name, long Code, int Version, string VersionHashCode, string Yaml);

/// <summary>A workflow definition.</summary>
/// <param name="ReleaseState">ONLINE: it has a published version, and runs in production.</param>
/// <param name="PublishedVersion">The one that runs in production; null: none is published.</param>
public sealed record Workflow(long Code, string Name, int Version, string ReleaseState, string? Description = null, int? PublishedVersion = null);

/// <summary>A workflow definition as it is shown with its nodes.</summary>
public sealed record WorkflowDetail(Workflow ProcessDefinition);

/// <summary>How workflow definitions are written; also for whoever shows them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Page<Workflow>), TypeInfoPropertyName = "WorkflowPage")]
[JsonSerializable(typeof(WorkflowDetail))]
[JsonSerializable(typeof(WorkflowYaml))]
[JsonSerializable(typeof(IReadOnlyList<WorkflowYaml>), TypeInfoPropertyName = "WorkflowYamls")]
[JsonSerializable(typeof(IReadOnlyList<AppliedWorkflow>), TypeInfoPropertyName = "AppliedWorkflows")]
public sealed partial class WorkflowJson : JsonSerializerContext;
