using System.CommandLine;
using Porpoise.Client.Identities;
using Porpoise.Commands.Calls;
using Spectre.Console;

namespace Porpoise.Commands.Access;

/// <summary><c>porpoise user …</c>: the users of the account.</summary>
internal static class UserCommand
{
    public static Command Create() => ClientCommand.Group("user", "Users: who may call", List(), Show(), New(), Update(), Delete(), SetPassword(), RemovePassword());

    /// <summary>How users are listed, also those of a group.</summary>
    public static readonly Column<User>[] Columns =
        [new("NAME", u => u.UserName), new("ID", u => u.UserId), new("PASSWORD", u => u.HasPassword), new("CREATED", u => u.CreatedAt), new("DESCRIPTION", u => u.Description)];

    private static Command List() => ClientCommand.Of("list", "Users by their names", [ListOptions.Search, .. ListOptions.Paging], async (call, ct) =>
        call.Output.Show(await call.Client.Users.ListAsync(call.Get(ListOptions.Search), call.Page, ct), IdentityJson.Default.UserPage, Columns));

    private static Command Show()
    {
        var name = IdentityOptions.Name("Of the user");
        return ClientCommand.Of("show", "A user, with its groups, policies and workspaces", [name], async (call, ct) =>
            call.Output.Show(await call.Client.Users.GetAsync(call.Get(name), ct), IdentityJson.Default.UserDetail, u => call.Output.Fields(
                ("name", u.User.UserName), ("id", u.User.UserId), ("arn", u.User.Arn), ("description", u.User.Description), ("password", u.User.HasPassword), ("created", u.User.CreatedAt),
                ("groups", u.Groups), ("policies", u.Policies.Select(p => p.PolicyName)), ("workspaces", u.Workspaces.Select(w => $"{w.WorkspaceName} ({w.WorkspaceId}) as {w.Role}")))));
    }

    private static Command New()
    {
        var name = IdentityOptions.Name("1 to 64 characters of a-z, A-Z, 0-9 and . @ - _");
        return ClientCommand.Of("create", "Create a user; it may do nothing yet", [name, IdentityOptions.Description], async (call, ct) =>
            call.Output.Show(await call.Client.Users.CreateAsync(call.Get(name), call.Get(IdentityOptions.Description), ct), IdentityJson.Default.User, Fields(call)));
    }

    private static Command Update()
    {
        var name = IdentityOptions.Name("Of the user");
        var newName = new Option<string?>("--name") { Description = "Its new name" };
        return ClientCommand.Of("update", "Rename or describe a user", [name, newName, IdentityOptions.Description], async (call, ct) =>
            call.Output.Show(await call.Client.Users.UpdateAsync(call.Get(name), call.Get(newName), call.Get(IdentityOptions.Description), ct), IdentityJson.Default.User, Fields(call)));
    }

    private static Command Delete()
    {
        var name = IdentityOptions.Name("Of the user");
        return ClientCommand.Of("delete", "Delete a user with its keys, tokens and memberships", [name], async (call, ct) =>
        {
            await call.Client.Users.DeleteAsync(call.Get(name), ct);
            call.Output.Done($"The user '{call.Get(name)}' is deleted.");
        });
    }

    private static Command SetPassword()
    {
        var name = IdentityOptions.Name("Of the user");
        return ClientCommand.Of("set-password", "Set the password with which a user signs in: asked for, or a line of standard input", [name], async (call, ct) =>
        {
            await call.Client.Users.SetPasswordAsync(call.Get(name), await ReadPasswordAsync(ct), ct);
            call.Output.Done($"The user '{call.Get(name)}' signs in with the new password.");
        });
    }

    private static Command RemovePassword()
    {
        var name = IdentityOptions.Name("Of the user");
        return ClientCommand.Of("remove-password", "Take a user's password away, and end its sessions", [name], async (call, ct) =>
        {
            await call.Client.Users.RemovePasswordAsync(call.Get(name), ct);
            call.Output.Done($"The user '{call.Get(name)}' has no password.");
        });
    }

    private static async Task<string> ReadPasswordAsync(CancellationToken ct)
    {
        if (Console.IsInputRedirected)
        {
            return await Console.In.ReadLineAsync(ct) ?? throw new UsageException("Standard input has no password.");
        }

        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var password = terminal.Prompt(new TextPrompt<string>("New password:").Secret());
        return password == terminal.Prompt(new TextPrompt<string>("Again:").Secret()) ? password : throw new UsageException("The two are not the same.");
    }

    private static Action<User> Fields(CommandCall call) => u => call.Output.Fields(("name", u.UserName), ("id", u.UserId), ("arn", u.Arn), ("description", u.Description));
}
