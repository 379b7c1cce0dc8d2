using System.CommandLine;
using Porpoise.Client.Identities;
using Porpoise.Commands.Calls;

namespace Porpoise.Commands.Access;

/// <summary><c>porpoise token …</c>: tokens, as DolphinScheduler's clients send them.</summary>
internal static class TokenCommand
{
    public static Command Create() => ClientCommand.Group("token", "Tokens: with them DolphinScheduler's clients call", List(), New(), Delete());

    private static Command List()
    {
        var user = new Argument<string>("user") { Description = "Whose; the account's owner has the name root" };
        return ClientCommand.Of("list", "The tokens and sessions of a user, and when each was last used", [user], async (call, ct) =>
            call.Output.Show(
                await call.Client.Credentials.ListTokensAsync(call.Get(user), ct), IdentityJson.Default.ApiTokenPage,
                new("ID", t => t.TokenId), new("NAME", t => t.Name), new("EXPIRES", t => t.ExpiresAt), new("CREATED", t => t.CreatedAt), new("LAST USED", t => t.LastUsedAt)));
    }

    private static Command New()
    {
        var user = new Argument<string>("user") { Description = "For whom" };
        var name = new Option<string>("--name") { Description = "What it is for", Required = true };
        var expires = new Option<TimeSpan?>("--expires-in") { Description = "How long it holds, such as 90d, 12h or 30m; else for ever", CustomParser = TimeText.Read };
        return ClientCommand.Of("create", "Create a token; it is shown now and never again", [user, name, expires], async (call, ct) =>
            call.Output.Show(await call.Client.Credentials.CreateTokenAsync(call.Get(user), call.Get(name), call.Get(expires), ct), IdentityJson.Default.ApiToken, t => call.Output.Fields(
                ("id", t.TokenId), ("token", t.Token), ("expires", t.ExpiresAt))));
    }

    private static Command Delete()
    {
        var id = new Argument<string>("id") { Description = "Of the token, as the list has it" };
        return ClientCommand.Of("delete", "Delete a token", [id], async (call, ct) =>
        {
            await call.Client.Credentials.DeleteTokenAsync(call.Get(id), ct);
            call.Output.Done($"The token {call.Get(id)} is deleted.");
        });
    }
}
