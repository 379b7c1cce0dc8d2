using System.CommandLine;
using Porpoise.Client.Identities;
using Porpoise.Commands.Calls;

namespace Porpoise.Commands.Access;

/// <summary><c>porpoise group …</c>: what is attached to a group holds for all of its users.</summary>
internal static class GroupCommand
{
    public static Command Create() => ClientCommand.Group("group", "Groups: policies for several users at once", List(), Show(), New(), Update(), Delete(), Users(), Add(), Remove());

    private static Command List() => ClientCommand.Of("list", "Groups by their names", [ListOptions.Search, .. ListOptions.Paging], async (call, ct) =>
        call.Output.Show(
            await call.Client.Groups.ListAsync(call.Get(ListOptions.Search), call.Page, ct), IdentityJson.Default.GroupPage,
            new("NAME", g => g.GroupName), new("ID", g => g.GroupId), new("CREATED", g => g.CreatedAt), new("DESCRIPTION", g => g.Description)));

    private static Command Show()
    {
        var name = IdentityOptions.Name("Of the group");
        return ClientCommand.Of("show", "A group, with its policies", [name], async (call, ct) =>
            call.Output.Show(await call.Client.Groups.GetAsync(call.Get(name), ct), IdentityJson.Default.GroupDetail, g => call.Output.Fields(
                ("name", g.Group.GroupName), ("id", g.Group.GroupId), ("arn", g.Group.Arn), ("description", g.Group.Description), ("policies", g.Policies.Select(p => p.PolicyName)))));
    }

    private static Command New()
    {
        var name = IdentityOptions.Name("1 to 64 characters of a-z, A-Z, 0-9 and . @ - _");
        return ClientCommand.Of("create", "Create a group", [name, IdentityOptions.Description], async (call, ct) =>
            call.Output.Show(await call.Client.Groups.CreateAsync(call.Get(name), call.Get(IdentityOptions.Description), ct), IdentityJson.Default.Group, Fields(call)));
    }

    private static Command Update()
    {
        var name = IdentityOptions.Name("Of the group");
        var newName = new Option<string?>("--name") { Description = "Its new name" };
        return ClientCommand.Of("update", "Rename or describe a group", [name, newName, IdentityOptions.Description], async (call, ct) =>
            call.Output.Show(await call.Client.Groups.UpdateAsync(call.Get(name), call.Get(newName), call.Get(IdentityOptions.Description), ct), IdentityJson.Default.Group, Fields(call)));
    }

    private static Command Delete()
    {
        var name = IdentityOptions.Name("Of the group");
        return ClientCommand.Of("delete", "Delete a group; its users leave it", [name], async (call, ct) =>
        {
            await call.Client.Groups.DeleteAsync(call.Get(name), ct);
            call.Output.Done($"The group '{call.Get(name)}' is deleted.");
        });
    }

    private static Command Users()
    {
        var name = IdentityOptions.Name("Of the group");
        return ClientCommand.Of("users", "The users of a group", [name, .. ListOptions.Paging], async (call, ct) =>
            call.Output.Show(await call.Client.Groups.ListUsersAsync(call.Get(name), call.Page, ct), IdentityJson.Default.UserPage, UserCommand.Columns));
    }

    private static Command Add()
    {
        var (name, user) = (IdentityOptions.Name("Of the group"), new Argument<string>("user") { Description = "Who joins it" });
        return ClientCommand.Of("add", "Put a user into a group", [name, user], async (call, ct) =>
        {
            await call.Client.Groups.AddUserAsync(call.Get(name), call.Get(user), ct);
            call.Output.Done($"'{call.Get(user)}' is in the group '{call.Get(name)}'.");
        });
    }

    private static Command Remove()
    {
        var (name, user) = (IdentityOptions.Name("Of the group"), new Argument<string>("user") { Description = "Who leaves it" });
        return ClientCommand.Of("remove", "Take a user out of a group", [name, user], async (call, ct) =>
        {
            await call.Client.Groups.RemoveUserAsync(call.Get(name), call.Get(user), ct);
            call.Output.Done($"'{call.Get(user)}' is not in the group '{call.Get(name)}' any more.");
        });
    }

    private static Action<Group> Fields(CommandCall call) => g => call.Output.Fields(("name", g.GroupName), ("id", g.GroupId), ("arn", g.Arn), ("description", g.Description));
}
