using System.CommandLine;
using Porpoise.Client.Workspaces;
using Porpoise.Commands.Calls;

namespace Porpoise.Commands.Access;

/// <summary><c>porpoise member …</c>: who is a member of a workspace, and as what.</summary>
internal static class MemberCommand
{
    public static Command Create() => ClientCommand.Group("member", "Members of a workspace: beside the policies, this role says what somebody may do there", List(), Add(), Remove());

    private static Command List() => ClientCommand.Of("list", "The members of a workspace", [.. ListOptions.Paging], async (call, ct) =>
        call.Output.Show(
            await call.Client.Workspaces.ListMembersAsync(await call.WorkspaceAsync(ct), call.Page, ct), WorkspaceJson.Default.MemberPage,
            new("KIND", m => m.Kind), new("NAME", m => m.Name), new("AS", m => m.Role), new("SINCE", m => m.AddedAt)));

    private static Command Add()
    {
        var role = new Option<string>("--as") { Description = "Guest, DataScience, DataEngineering or Owner", Required = true };
        role.AcceptOnlyFromAmong("Guest", "DataScience", "DataEngineering", "Owner");
        return ClientCommand.Of("add", "Make a user or a role a member, or give a member another role in the workspace", [IdentityOptions.User, IdentityOptions.Role, role], async (call, ct) =>
        {
            var who = IdentityOptions.Who(call, IdentityOptions.User, IdentityOptions.Role);
            var workspace = await call.WorkspaceAsync(ct);
            await call.Client.Workspaces.SetMemberAsync(workspace, who, call.Get(role), ct);
            call.Output.Done($"The {who.Kind} '{who.Name}' is {call.Get(role)} in {workspace}.");
        });
    }

    private static Command Remove() => ClientCommand.Of("remove", "Take a user or a role out of a workspace", [IdentityOptions.User, IdentityOptions.Role], async (call, ct) =>
    {
        var who = IdentityOptions.Who(call, IdentityOptions.User, IdentityOptions.Role);
        var workspace = await call.WorkspaceAsync(ct);
        await call.Client.Workspaces.RemoveMemberAsync(workspace, who, ct);
        call.Output.Done($"The {who.Kind} '{who.Name}' is no member of {workspace} any more.");
    });
}
