using Porpoise.Core.Policies;

namespace Porpoise.Core.Tests.Policies;

/// <summary>The vendor's table of what the roles in a workspace may do.</summary>
public sealed class WorkspaceRightsTests
{
    [Theory]
    [InlineData("GetProcessDefinition", WorkspaceRole.Guest)]
    [InlineData("ListProcessInstances", WorkspaceRole.Guest)]
    [InlineData("QueryTaskLog", WorkspaceRole.Guest)]
    [InlineData("ListWorkspaceQueues", WorkspaceRole.Guest)]
    [InlineData("CheckProcessDefinition", WorkspaceRole.Guest)]
    [InlineData("CreateProcessDefinitionWithSchedule", WorkspaceRole.DataEngineering)]
    [InlineData("UpdateProcessDefinitionWithSchedule", WorkspaceRole.DataEngineering)]
    [InlineData("DeleteProcessDefinitionByCode", WorkspaceRole.DataEngineering)]
    [InlineData("GenerateTaskCodes", WorkspaceRole.DataEngineering)]
    [InlineData("ReleaseWorkflowAndSchedule", WorkspaceRole.DataEngineering)]
    [InlineData("StartProcessInstance", WorkspaceRole.DataEngineering)]
    [InlineData("CommitTask", WorkspaceRole.DataEngineering)]
    [InlineData("startprocessinstance", WorkspaceRole.DataEngineering)]
    [InlineData("Execute", WorkspaceRole.DataEngineering)]
    [InlineData("ForceTaskInstanceSuccess", WorkspaceRole.DataEngineering)]
    [InlineData("DeleteProcessInstance", WorkspaceRole.DataEngineering)]
    [InlineData("CreateWorkspaceQueue", WorkspaceRole.Owner)]
    [InlineData("EditWorkspaceQueue", WorkspaceRole.Owner)]
    [InlineData("AddMembers", WorkspaceRole.Owner)]
    [InlineData("RemoveMember", WorkspaceRole.Owner)]
    [InlineData("GrantRoleToUsers", WorkspaceRole.Owner)]
    [InlineData("UpdateWorkspace", WorkspaceRole.Owner)]
    [InlineData("DeleteWorkspace", WorkspaceRole.Owner)]
    [InlineData("SomethingThatNobodyThoughtOf", WorkspaceRole.Owner)]
    public void Each_action_needs_a_role_and_every_higher_one_will_do(string action, WorkspaceRole least)
    {
        foreach (var role in Enum.GetValues<WorkspaceRole>())
        {
            Assert.Equal(role >= least, WorkspaceRights.Allows(role, "emr-serverless-spark:" + action));
        }
    }

    [Fact]
    public void What_is_not_of_the_product_is_the_owners() => Assert.Equal(WorkspaceRole.Owner, WorkspaceRights.LeastRoleFor("ram:GetUser"));
}
