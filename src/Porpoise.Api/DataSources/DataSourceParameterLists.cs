using Porpoise.Api.OpenApi;
using static Porpoise.Api.OpenApi.OperationParameter;
using static Porpoise.Api.OpenApi.OperationParameters;

namespace Porpoise.Api.DataSources;

/// <summary>The parameters of the operations on data sources, for the documentation.</summary>
internal static class DataSourceParameterLists
{
    private const string Dolphin = "/dolphinscheduler/datasources";
    private const string Own = "/porpoise/v1/workspaces/{projectCode}/data-sources";

    private static readonly OperationParameter[] Settings =
    [
        Text("name", "Unique").Like("sales"), Text("type", "The kind of database").Like("POSTGRESQL"), Text("note", "For people"), Text("host", "Where it is").Like("127.0.0.1"),
        Number("port", "The type's own if it is not said").Like("5432"), Text("database", "Its name there"), Text("userName", "As whom"), Text("password", "Kept encrypted, and never shown"),
        Json("other", "Options of the connection"),
        .. new[] { "principal", "javaSecurityKrb5Conf", "loginUserKeytabUsername", "loginUserKeytabPath", "connectType", "catalog", "endpoint", "dbUser" }.Select(n => Text(n, "Refused")),
    ];

    private static readonly OperationParameter[] New = [.. Settings.Select(p => p.Name is "name" or "type" ? p.Required() : p)];

    public static IReadOnlyDictionary<string, OperationParameter[]> Lists { get; } = new Dictionary<string, OperationParameter[]>(StringComparer.Ordinal)
    {
        [$"GET {Dolphin}"] = PagesWithSearch,
        [$"GET {Dolphin}/list"] = [Text("type", "Only of this type")],
        [$"POST {Dolphin}"] = New,
        [$"POST {Dolphin}/connect"] = New,
        [$"GET {Dolphin}/verify-name"] = [Text("name", "The name").Required().Like("sales")],
        [$"PUT {Dolphin}/{{id}}"] = Settings,
        [$"POST {Own}"] = New,
        [$"POST {Own}/connect"] = New,
        [$"PUT {Own}/{{id}}"] = Settings,
    };
}
