using System.Text.Json.Serialization;
using Porpoise.Client.Calls;

namespace Porpoise.Client.Library;

/// <summary>The development tasks of a workspace, which Spark nodes of workflows refer to.</summary>
public sealed class LibraryClient(PorpoiseClient client)
{
    public Task<Page<DevelopmentTask>> ListAsync(string workspace, string? search, PageChoice page, CancellationToken ct) => client.SendAsync(
        ApiCall.Get($"/porpoise/v1/workspaces/{workspace}/tasks", ("searchVal", search), ("pageNo", page.Number), ("pageSize", page.Size)), LibraryJson.Default.DevelopmentTasks, ct);

    /// <param name="type">SQL, JAR or PYTHON.</param>
    public Task<DevelopmentTask> CreateAsync(string workspace, string name, string type, DevelopmentTaskContent content, SaveChoice save, CancellationToken ct) => client.SendAsync(
        ApiCall.Post($"/porpoise/v1/workspaces/{workspace}/tasks", [("name", name), ("type", type), .. content.Parameters, ("remark", save.Remark), ("publish", save.Publish)]), LibraryJson.Default.DevelopmentTask, ct);

    /// <param name="version">Null: the newest.</param>
    public Task<DevelopmentTaskDetail> GetAsync(string workspace, string id, int? version, CancellationToken ct) => client.SendAsync(
        ApiCall.Get($"/porpoise/v1/workspaces/{workspace}/tasks/{id}", ("version", version)), LibraryJson.Default.DevelopmentTaskDetail, ct);

    /// <param name="content">What is null stays as it is.</param>
    public Task<DevelopmentTask> UpdateAsync(string workspace, string id, DevelopmentTaskContent content, SaveChoice save, CancellationToken ct) => client.SendAsync(
        ApiCall.Put($"/porpoise/v1/workspaces/{workspace}/tasks/{id}", [.. content.Parameters, ("remark", save.Remark), ("publish", save.Publish)]), LibraryJson.Default.DevelopmentTask, ct);

    /// <param name="version">Null: the newest.</param>
    public Task<DevelopmentTask> PublishAsync(string workspace, string id, int? version, CancellationToken ct) =>
        client.SendAsync(ApiCall.Post($"/porpoise/v1/workspaces/{workspace}/tasks/{id}/publish", ("version", version)), LibraryJson.Default.DevelopmentTask, ct);

    public Task DeleteAsync(string workspace, string id, CancellationToken ct) => client.SendAsync(ApiCall.Delete($"/porpoise/v1/workspaces/{workspace}/tasks/{id}"), ct);
}

/// <summary>A development task in a list.</summary>
/// <param name="Version">The newest, which development runs take.</param>
/// <param name="PublishedVersion">The one that production runs take; null: none is published.</param>
public sealed record DevelopmentTask(string TaskBizId, string Name, string Type, int Version, int? PublishedVersion, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string UpdatedBy);

/// <summary>A version of a development task.</summary>
public sealed record DevelopmentTaskDetail(
    string TaskBizId, string Name, string Type, int Version, int NewestVersion, int? PublishedVersion, string Description, string Code, string EntryFile, string MainClass,
    IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> SparkConf, string Catalog, string Database, string Remark, DateTimeOffset SavedAt, string SavedBy);

/// <summary>What a version is made of.</summary>
/// <param name="Arguments">A JSON list of texts.</param>
/// <param name="SparkConf">A JSON object of names and values.</param>
public sealed record DevelopmentTaskContent(
    string? Description = null, string? Code = null, string? EntryFile = null, string? MainClass = null, string? Arguments = null, string? SparkConf = null, string? Catalog = null, string? Database = null)
{
    internal (string, object?)[] Parameters =>
    [
        ("description", Description), ("code", Code), ("entryFile", EntryFile), ("mainClass", MainClass), ("arguments", Arguments), ("sparkConf", SparkConf), ("catalog", Catalog), ("database", Database),
    ];
}

/// <summary>How a version is saved.</summary>
/// <param name="Remark">What its author says about it.</param>
/// <param name="Publish">True: production runs take it from now on.</param>
public sealed record SaveChoice(string? Remark, bool Publish);

/// <summary>How development tasks are written; also for whoever shows them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DevelopmentTask))]
[JsonSerializable(typeof(DevelopmentTaskDetail))]
[JsonSerializable(typeof(Page<DevelopmentTask>), TypeInfoPropertyName = "DevelopmentTasks")]
[JsonSerializable(typeof(IReadOnlyList<string>), TypeInfoPropertyName = "Texts")]
[JsonSerializable(typeof(Dictionary<string, string>), TypeInfoPropertyName = "Settings")]
public sealed partial class LibraryJson : JsonSerializerContext;
