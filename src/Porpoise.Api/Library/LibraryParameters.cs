using Porpoise.Api.OpenApi;
using static Porpoise.Api.OpenApi.OperationParameter;
using static Porpoise.Api.OpenApi.OperationParameters;

namespace Porpoise.Api.Library;

/// <summary>The parameters of the operations on development tasks, for the documentation.</summary>
internal static class LibraryParameters
{
    private const string Tasks = "/porpoise/v1/workspaces/{projectCode}/tasks";

    private static readonly OperationParameter[] Content =
    [
        Text("description", "For people"), Text("code", "The SQL text or the script"), Text("entryFile", "The file that is run"), Text("mainClass", "The class of a JAR that is run"),
        Json("arguments", "What it is called with").Like("""["2026-01-31"]"""), Json("sparkConf", "Settings").Like("""{"spark.executor.memory":"4g"}"""), Text("catalog", "The catalog"), Text("database", "The database"),
        Flag("publish", "True publishes the version"), Text("remark", "Kept with the version"),
    ];

    public static IReadOnlyDictionary<string, OperationParameter[]> Lists { get; } = new Dictionary<string, OperationParameter[]>(StringComparer.Ordinal)
    {
        [$"GET {Tasks}"] = PagesWithSearch,
        [$"POST {Tasks}"] = [Text("name", "Unique in the workspace").Required().Like("daily-sales"), Text("type", "What kind of task it is").Required().Like("SQL"), .. Content],
        [$"GET {Tasks}/{{id}}"] = [Number("version", "Another version than the newest")],
        [$"PUT {Tasks}/{{id}}"] = [Text("name", "Another name"), Text("type", "Another kind than it has is refused"), .. Content],
        [$"GET {Tasks}/{{id}}/versions"] = Pages,
        [$"POST {Tasks}/{{id}}/publish"] = [Number("version", "Another version than the newest")],
    };
}
