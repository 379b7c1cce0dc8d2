using System.CommandLine;
using Porpoise.Api.Errors;
using Porpoise.Api.OpenApi;

namespace Porpoise.Commands;

/// <summary><c>porpoise reference …</c>: what the code says about itself.</summary>
internal static class ReferenceCommand
{
    public static Command Create()
    {
        var errors = new Command("errors", "The page docs/reference/errors.md");
        errors.SetAction(_ => Console.Out.Write(ErrorReference.Write()));

        var commands = new Command("cli", "The page docs/reference/cli.md");
        commands.SetAction(_ => Console.Out.Write(CommandReference.Write(CommandLine.Create())));

        var json = new Option<bool>("--json") { Description = "As a JSON array" };
        var operations = new Command("operations", "The page docs/reference/operations.md: every operation of the HTTP API, and the action that a policy must allow") { json };
        operations.SetAction(async (parsed, _) =>
        {
            var all = await ServedOperations.ReadAsync();
            await Console.Out.WriteAsync(parsed.GetValue(json) ? ServedOperations.WriteJson(all) + "\n" : OperationReference.Write(all));
        });
        var configuration = new Command("configuration", "The page docs/reference/configuration.md: every setting of the server");
        configuration.SetAction(_ => Console.Out.Write(ConfigurationReference.Write(ServeCommand.Create())));
        return new Command("reference", "Write what the code says about itself to standard output") { errors, commands, configuration, operations };
    }
}
