using Porpoise.Api.Operations;

namespace Porpoise.Api.Workspaces;

/// <summary>What DolphinScheduler's UI asks for when it opens its start and edit dialogs, and of which nothing can exist here yet.</summary>
public static class EmptyListOperations
{
    public static IEnumerable<Operation> Table =>
    [
        Page("/dolphinscheduler/alert-groups", "ListAlertGroups", "A page of alert groups: none"),
        List("/dolphinscheduler/alert-groups/list", "ListAlertGroups", "All alert groups: none"),
        List("/dolphinscheduler/alert-groups/normal-list", "ListAlertGroups", "All alert groups but the standard one: none"),
        Page("/dolphinscheduler/task-group/list-paging", "ListTaskGroups", "A page of task groups: none"),
        Page("/dolphinscheduler/task-group/query-list-by-projectCode", "ListTaskGroups", "The task groups of a workspace: none"),
        Page("/dolphinscheduler/task-group/query-list-by-status", "ListTaskGroups", "The task groups in a state: none"),
        Page("/dolphinscheduler/task-group/query-list-by-group-id", "ListTaskGroups", "The tasks that wait for a task group: none"),
        List("/dolphinscheduler/resources/list", "ListResources", "All resources: none"),
        List("/dolphinscheduler/resources/query-by-type", "ListResources", "The resources of a type: none"),
    ];

    private static Operation Page(string path, string action, string summary) => new("GET", path, "emr-serverless-spark:" + action, summary, call => Task.FromResult(EmptyList.Page(call)));

    private static Operation List(string path, string action, string summary) => new("GET", path, "emr-serverless-spark:" + action, summary, _ => Task.FromResult(EmptyList.All));
}
