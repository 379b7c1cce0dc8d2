using System.Collections.Frozen;

namespace Porpoise.Core.Policies;

/// <summary>
/// What the roles in a workspace may do there: everybody looks, data engineers change and run, owners manage queues, members and the workspace itself.
/// It is the second gate of a call; the first are the policies, which cannot tell workspaces apart. An action that nobody thought of is the owners'.
/// </summary>
public static class WorkspaceRights
{
    private const string Service = "emr-serverless-spark:";

    private static readonly string[] Looking = ["Get", "List", "Query", "Check"];

    private static readonly FrozenSet<string> Engineering = new[]
    {
        "GenerateTaskCodes", "CreateProcessDefinitionWithSchedule", "UpdateProcessDefinitionWithSchedule", "DeleteProcessDefinitionByCode", "PublishWorkflowDefinition",
        "ReleaseWorkflowAndSchedule", "SwitchProcessDefinitionVersion", "DeleteProcessDefinitionVersion", "StartProcessInstance", "Execute", "BatchExecuteProcessInstances",
        "CreateTask", "UpdateTask", "CommitTask", "DeleteTask",
        "OperateInstance", "StopTaskInstance", "ForceTaskInstanceSuccess", "DeleteProcessInstance", "BatchDeleteProcessInstances",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <param name="action">Such as <c>emr-serverless-spark:StartProcessInstance</c>, in any case.</param>
    public static bool Allows(WorkspaceRole role, string action) => role >= LeastRoleFor(action);

    /// <summary>The least role that may do it.</summary>
    public static WorkspaceRole LeastRoleFor(string action)
    {
        if (!action.StartsWith(Service, StringComparison.OrdinalIgnoreCase))
        {
            return WorkspaceRole.Owner;
        }

        var name = action[Service.Length..];
        if (Looking.Any(l => name.StartsWith(l, StringComparison.OrdinalIgnoreCase)))
        {
            return WorkspaceRole.Guest;
        }

        return Engineering.Contains(name) ? WorkspaceRole.DataEngineering : WorkspaceRole.Owner;
    }
}
