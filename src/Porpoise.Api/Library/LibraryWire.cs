using System.Text.Json.Serialization;
using Porpoise.Api.Operations;
using Porpoise.Core.Library;
using Porpoise.Storage.Library;

namespace Porpoise.Api.Library;

/// <summary>A development task in a list.</summary>
/// <param name="Version">The newest, which development runs take.</param>
/// <param name="PublishedVersion">The one that production runs take; null: none is published.</param>
internal sealed record DevelopmentTaskItem(
    string TaskBizId, string Name, string Type, int Version, int? PublishedVersion, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string UpdatedBy)
{
    public static DevelopmentTaskItem Of(DevelopmentTaskRow row) =>
        new(row.Id.Value, row.Name, LibraryWords.NameOf(row.Kind), row.Version, row.PublishedVersion, row.CreatedAt, row.UpdatedAt, row.UpdatedBy);
}

/// <summary>One version of a development task with all that it says, and where the task stands.</summary>
internal sealed record DevelopmentTaskDetail(string TaskBizId, string Name, string Type, int Version, int NewestVersion, int? PublishedVersion)
{
    public string Description { get; init; } = "";

    public string Code { get; init; } = "";

    public string EntryFile { get; init; } = "";

    public string MainClass { get; init; } = "";

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyDictionary<string, string> SparkConf { get; init; } = new Dictionary<string, string>();

    public string Catalog { get; init; } = "";

    public string Database { get; init; } = "";

    public string Remark { get; init; } = "";

    public DateTimeOffset SavedAt { get; init; }

    public string SavedBy { get; init; } = "";

    public static DevelopmentTaskDetail Of(DevelopmentTaskRow row, DevelopmentTaskVersionRow version) =>
        new(row.Id.Value, version.Task.Name, LibraryWords.NameOf(row.Kind), version.Version, row.Version, row.PublishedVersion)
        {
            Description = version.Task.Description,
            Code = version.Task.Code,
            EntryFile = version.Task.EntryFile,
            MainClass = version.Task.MainClass,
            Arguments = version.Task.Arguments,
            SparkConf = version.Task.Settings.ToDictionary(),
            Catalog = version.Task.Catalog,
            Database = version.Task.Database,
            Remark = version.Remark,
            SavedAt = version.CreatedAt,
            SavedBy = version.CreatedBy,
        };
}

/// <summary>A version in a list.</summary>
internal sealed record DevelopmentTaskVersion(int Version, string Remark, DateTimeOffset SavedAt, string SavedBy)
{
    public static DevelopmentTaskVersion Of(DevelopmentTaskVersionRow row) => new(row.Version, row.Remark, row.CreatedAt, row.CreatedBy);
}

/// <summary>The words for what a development task is made of: those of the cloud.</summary>
internal static class LibraryWords
{
    public static string NameOf(DevelopmentTaskKind kind) => kind switch
    {
        DevelopmentTaskKind.Jar => "JAR",
        DevelopmentTaskKind.Python => "PYTHON",
        _ => "SQL",
    };

    public static DevelopmentTaskKind? Read(Parameters parameters) => parameters.Word("type", "SQL", "JAR", "PYTHON") switch
    {
        null => null,
        "JAR" => DevelopmentTaskKind.Jar,
        "PYTHON" => DevelopmentTaskKind.Python,
        _ => DevelopmentTaskKind.Sql,
    };
}

/// <summary>What the operations on development tasks write as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DevelopmentTaskDetail))]
[JsonSerializable(typeof(DevelopmentTaskItem))]
[JsonSerializable(typeof(DolphinPage<DevelopmentTaskItem>))]
[JsonSerializable(typeof(DolphinPage<DevelopmentTaskVersion>))]
internal sealed partial class LibraryJson : JsonSerializerContext;
