using Porpoise.Api.Operations;

namespace Porpoise.Api.OpenApi;

/// <summary>By which people look for operations.</summary>
internal static class OperationGroup
{
    /// <summary>The first whose part is in the path says it.</summary>
    private static readonly (string Part, string Name)[] Rules =
    [
        ("/process-definition", "Workflows"), ("/workflows", "Workflows"), ("/task-definition", "Nodes"), ("/workspaces/{projectCode}/tasks", "Task library"),
        ("/executors", "Runs"), ("/workspaces/{projectCode}/runs", "Runs"), ("/process-instances", "Runs"), ("/task-instances", "Task instances"), ("/login", "Signing in"), ("/signOut", "Signing in"), ("/analysis", "Counts"),
        ("/queues", "Queues"), ("/data-sources", "Data sources"), ("/datasources", "Data sources"), ("/environment", "Environments"), ("/members", "Who may do what"), ("/projects", "Workspaces"), ("/dolphinscheduler/", "Surroundings"), ("/porpoise/v1/", "Who may do what"),
    ];

    public static IReadOnlyList<string> Names { get; } =
        ["Workflows", "Runs", "Task instances", "Nodes", "Task library", "Queues", "Data sources", "Environments", "Workspaces", "Counts", "Signing in", "Who may do what", "Surroundings"];

    public static string Of(Operation operation) =>
        operation.Path.StartsWith("/dolphinscheduler/log/", StringComparison.Ordinal) ? "Task instances"
        : operation.RpcName is not null ? "Signing in"
        : Array.Find(Rules, r => operation.Path.Contains(r.Part, StringComparison.Ordinal)).Name ?? "Surroundings";
}
