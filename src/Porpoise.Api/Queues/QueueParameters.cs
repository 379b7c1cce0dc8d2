using Porpoise.Api.OpenApi;
using static Porpoise.Api.OpenApi.OperationParameter;
using static Porpoise.Api.OpenApi.OperationParameters;

namespace Porpoise.Api.Queues;

/// <summary>The parameters of the operations on queues, worker groups, tenants and environments, for the documentation.</summary>
internal static class QueueParameters
{
    private const string Own = "/porpoise/v1/workspaces/{projectCode}/queues";
    private const string Dolphin = "/dolphinscheduler/queues";

    private static readonly OperationParameter Workspace = Text("projectCode", "The workspace; the oldest if it is not said");

    private static readonly OperationParameter[] Limits =
    [
        Word("environment", "Whose runs it takes", "DEVELOPMENT", "PRODUCTION", "BOTH"), Number("tasksMax", "Tasks that run at once; 0: no limit"),
        Number("cuMax", "Compute units of its Spark jobs; 0: no limit"),
    ];

    private static readonly OperationParameter[] Group =
    [
        Number("slots", "Attempts of its tasks that run at once, 0 to 1,024; 0: its tasks wait").Like("4"), Text("description", "At most 1,000 characters"),
    ];

    private static readonly OperationParameter[] Names = [Text("queueName", "The queue's name").Like("etl_queue"), Text("queue", "The same name"), Workspace];

    private static readonly OperationParameter EnvironmentCode = Code("environmentCode", "The environment").Required().Like("17580000000001");

    private static readonly OperationParameter[] Environment =
    [
        Text("name", "At most 100 characters").Like("spark-3.5"), Text("config", "Lines export NAME=value").Like("export SPARK_HOME=/opt/spark"), Text("description", "For people"),
        Json("workerGroups", "A list of names").Like("[\"default\"]"),
    ];

    public static IReadOnlyDictionary<string, OperationParameter[]> Lists { get; } = new Dictionary<string, OperationParameter[]>(StringComparer.Ordinal)
    {
        [$"POST {Own}"] = [Text("name", "At most 200 characters; a queue keeps it").Required().Like("etl_queue"), .. Limits],
        [$"PUT {Own}/{{id}}"] = [Text("name", "Another name than it has is refused"), .. Limits],
        [$"GET {Dolphin}"] = [Workspace, .. PagesWithSearch],
        [$"GET {Dolphin}/list"] = [Workspace],
        [$"POST {Dolphin}"] = [.. Names, .. Limits],
        [$"PUT {Dolphin}/{{id}}"] = [.. Names, .. Limits],
        [$"POST {Dolphin}/verify"] = Names,
        ["GET /dolphinscheduler/worker-groups"] = PagesWithSearch,
        ["POST /dolphinscheduler/worker-groups"] =
        [
            Number("id", "Above 0: changes this one"), Text("name", "At most 100 characters; a group keeps it").Required().Like("gpu"), Text("addrList", "Empty, or this machine"), .. Group,
        ],
        ["POST /porpoise/v1/worker-groups"] = [Text("name", "At most 100 characters; a group keeps it").Required().Like("gpu"), .. Group],
        ["PUT /porpoise/v1/worker-groups/{id}"] = [Text("name", "Another name than it has is refused"), .. Group],
        ["GET /dolphinscheduler/tenants"] = PagesWithSearch,
        ["GET /dolphinscheduler/tenants/verify-code"] = [Text("tenantCode", "The tenant").Required().Like("default")],
        ["GET /dolphinscheduler/environment/list-paging"] = PagesWithSearch,
        ["GET /dolphinscheduler/environment/query-by-code"] = [EnvironmentCode],
        ["POST /dolphinscheduler/environment/verify-environment"] = [Text("environmentName", "The name that is to be free").Required().Like("spark-3.5")],
        ["POST /dolphinscheduler/environment/create"] = Environment,
        ["POST /dolphinscheduler/environment/update"] = [Code("code", "The environment").Required().Like("17580000000001"), .. Environment],
        ["POST /dolphinscheduler/environment/delete"] = [EnvironmentCode],
        ["POST /porpoise/v1/environments"] = Environment,
        ["PUT /porpoise/v1/environments/{code}"] = Environment,
    };
}
