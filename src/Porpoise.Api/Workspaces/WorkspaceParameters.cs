using Porpoise.Api.OpenApi;
using static Porpoise.Api.OpenApi.OperationParameter;
using static Porpoise.Api.OpenApi.OperationParameters;

namespace Porpoise.Api.Workspaces;

/// <summary>The parameters of the operations on workspaces and on what stands beside them, for the documentation.</summary>
internal static class WorkspaceParameters
{
    private const string Projects = "/dolphinscheduler/projects";

    private static readonly OperationParameter[] Named =
    [
        Text("projectName", "Unique, at most 200 characters").Required().Like("data"), Text("description", "For people"), Text("userName", "Another user than the caller is refused"),
    ];

    private static readonly OperationParameter User = Number("userId", "The owner's is 1");

    public static IReadOnlyDictionary<string, OperationParameter[]> Lists { get; } = new Dictionary<string, OperationParameter[]>(StringComparer.Ordinal)
    {
        [$"GET {Projects}"] = PagesWithSearch,
        [$"POST {Projects}"] = Named,
        [$"PUT {Projects}/{{projectCode}}"] = Named,
        [$"GET {Projects}/authed-project"] = [User],
        [$"GET {Projects}/unauth-project"] = [User],
        [$"GET {Projects}/authed-user"] = [Text("projectCode", "The workspace").Required()],
        ["GET /dolphinscheduler/users/list-paging"] = PagesWithSearch,
        ["GET /dolphinscheduler/alert-groups"] = PagesWithSearch,
        ["GET /dolphinscheduler/task-group/list-paging"] = Pages,
        ["GET /dolphinscheduler/task-group/query-list-by-projectCode"] = Pages,
        ["GET /dolphinscheduler/task-group/query-list-by-status"] = Pages,
        ["GET /dolphinscheduler/task-group/query-list-by-group-id"] = Pages,
    };
}
