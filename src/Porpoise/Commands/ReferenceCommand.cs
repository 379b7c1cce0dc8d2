using System.CommandLine;
using Porpoise.Api.Errors;

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
        var operations = new Command("operations", "Every operation of the HTTP API: method, path, the action that a policy must allow, and what it does") { json };
        operations.SetAction(async (parsed, _) =>
        {
            var all = await ServedOperations.ReadAsync();
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? ServedOperations.WriteJson(all) : ServedOperations.WriteText(all));
        });
        return new Command("reference", "Write what the code says about itself to standard output") { errors, commands, operations };
    }
}
