using Porpoise.Api.DataSources;
using Porpoise.Api.Definitions;
using Porpoise.Api.Identities;
using Porpoise.Api.Library;
using Porpoise.Api.Operations;
using Porpoise.Api.Queues;
using Porpoise.Api.Runs;
using Porpoise.Api.Workspaces;
using static Porpoise.Api.OpenApi.OperationParameter;

namespace Porpoise.Api.OpenApi;

/// <summary>
/// The parameters of every operation. Each part of the API has its list beside its operations, by <see cref="NameOf"/>; what is in a path is known from the path. A test holds the
/// lists against the operations, the code that reads parameters, and the reference.
/// </summary>
internal static class OperationParameters
{
    /// <summary>What a list in pages takes.</summary>
    public static readonly OperationParameter[] Pages =
    [
        Number("pageNo", "Which page, from 1").Like("1"),
        Number("pageSize", "Rows of a page, at most 1,000").Like("10"),
    ];

    public static readonly OperationParameter[] PagesWithSearch = [Text("searchVal", "Part of the name"), .. Pages];

    /// <summary>What official clients send with every call.</summary>
    public static readonly OperationParameter[] Cloud =
    [
        (Only("productNamespace", "SS") with { Description = "The cloud product" }).RequiredOfSigned(),
        Text("regionId", "Whatever it names: this server is every region").Like("cn-hangzhou"),
    ];

    private static readonly OperationParameter[] Places =
    [
        Text("projectCode", "The workspace: its id, or its project code").Like("w-0123456789abcdef"),
        Code("code", "The code of the workflow, or of the node").Like("17580000000001"),
        Text("version", "The version's number").Like("1"),
        Number("id", "The number of the run, of the task instance or of the queue").Like("1"),
        Text("userName", "The user"), Text("groupName", "The group"), Text("roleName", "The role"), Text("policyName", "The policy"),
        Text("accessKeyId", "The access key's id"), Text("tokenId", "The token's id"), Text("taskBizId", "The development task's id"),
    ];

    public static IReadOnlyDictionary<string, OperationParameter[]> Lists { get; } = new[]
    {
        DefinitionParameters.Lists, RunParameters.Lists, QueueParameters.Lists, WorkspaceParameters.Lists, IdentityParameters.Lists, LibraryParameters.Lists, DataSourceParameterLists.Lists,
    }.SelectMany(l => l).ToDictionary(StringComparer.Ordinal);

    /// <summary>How the lists name an operation: <c>POST /path</c>, and for those that are told apart by a name that too.</summary>
    public static string NameOf(Operation operation) => operation.RpcName is { } rpc ? $"{operation.Method} {operation.Path} {rpc}" : $"{operation.Method} {operation.Path}";

    /// <summary>Those in the path, in its order.</summary>
    public static IEnumerable<OperationParameter> InPath(Operation operation) =>
        operation.Path.Split('{').Skip(1).Select(p => p[..p.IndexOf('}', StringComparison.Ordinal)]).Select(name => (Array.Find(Places, p => p.Name == name) ?? Text(name, "")).Required());

    /// <summary>The others.</summary>
    public static IReadOnlyList<OperationParameter> Of(Operation operation) => Lists.GetValueOrDefault(NameOf(operation), []);
}
