using System.CommandLine;
using Porpoise.Client.Identities;
using Porpoise.Commands.Calls;

namespace Porpoise.Commands.Access;

/// <summary><c>porpoise key …</c>: access keys, with which calls are signed.</summary>
internal static class KeyCommand
{
    public static Command Create() => ClientCommand.Group("key", "Access keys: with them programs sign calls", List(), New(), Set("enable", "Let an access key be used again", isActive: true), Set("disable", "Let nobody use an access key until it is enabled", isActive: false), Delete());

    private static Command List()
    {
        var user = new Argument<string>("user") { Description = "Whose; the account's owner has the name root" };
        return ClientCommand.Of("list", "The access keys of a user, and when each was last used", [user], async (call, ct) =>
            call.Output.Show(
                await call.Client.Credentials.ListKeysAsync(call.Get(user), ct), IdentityJson.Default.AccessKeyPage,
                new("ID", k => k.AccessKeyId), new("STATUS", k => k.Status), new("CREATED", k => k.CreatedAt), new("LAST USED", k => k.LastUsedAt)));
    }

    private static Command New()
    {
        var user = new Argument<string>("user") { Description = "For whom; two at most" };
        return ClientCommand.Of("create", "Create an access key; its secret is shown now and never again", [user], async (call, ct) =>
            call.Output.Show(await call.Client.Credentials.CreateKeyAsync(call.Get(user), ct), IdentityJson.Default.AccessKey, k => call.Output.Fields(
                ("access key id", k.AccessKeyId), ("secret", k.AccessKeySecret))));
    }

    private static Command Set(string name, string description, bool isActive)
    {
        var id = new Argument<string>("id") { Description = "Of the access key" };
        return ClientCommand.Of(name, description, [id], async (call, ct) =>
        {
            await call.Client.Credentials.SetKeyStatusAsync(call.Get(id), isActive, ct);
            call.Output.Done($"The access key {call.Get(id)} is {name}d.");
        });
    }

    private static Command Delete()
    {
        var id = new Argument<string>("id") { Description = "Of the access key" };
        return ClientCommand.Of("delete", "Delete an access key", [id], async (call, ct) =>
        {
            await call.Client.Credentials.DeleteKeyAsync(call.Get(id), ct);
            call.Output.Done($"The access key {call.Get(id)} is deleted.");
        });
    }
}
