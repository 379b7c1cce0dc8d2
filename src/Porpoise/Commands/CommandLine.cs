using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;
using Porpoise.Commands.Access;
using Porpoise.Commands.Calls;
using Porpoise.Commands.Library;
using Porpoise.Commands.Machine;
using Porpoise.Commands.Runs;
using Porpoise.Commands.Workflows;

namespace Porpoise.Commands;

/// <summary>All commands of the program. docs/reference/cli.md is written from this tree, and a test compares them.</summary>
internal static partial class CommandLine
{
    public static RootCommand Create() => new("Porpoise: a self-hosted workflow service for Spark and data work.")
    {
        ServeCommand.Create(),
        ConfigureCommand.Create(),
        WorkflowCommand.Create(),
        RunCommand.Create(),
        QueueCommand.Create(),
        WorkerCommand.Create(),
        TaskCommand.Create(),
        UserCommand.Create(),
        GroupCommand.Create(),
        RoleCommand.Create(),
        PolicyCommand.Create(),
        KeyCommand.Create(),
        TokenCommand.Create(),
        MemberCommand.Create(),
        AuditCommand.Create(),
        BackupCommand.Create(),
        RestoreCommand.Create(),
        DoctorCommand.Create(),
        MasterKeyCommand.Create(),
        VersionCommand.Create(),
        CompletionCommand.Create(),
        ReferenceCommand.Create(),
        RunTaskCommand.Create(),
    };

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = (args is [RunTaskCommand.Name, ..] ? new RootCommand { RunTaskCommand.Create() } : Create()).Parse(args); // every task waits for the one
        if (parsed.Action is ParseErrorAction error)
        {
            if (parsed.UnmatchedTokens.Count == 0 && parsed.CommandResult.Command.Subcommands.Count > 0)
            {
                // Whoever names no command wants to know which there are.
                await Create().Parse([.. args, "--help"]).InvokeAsync(new InvocationConfiguration { Output = Console.Error });
                return ExitCode.Usage;
            }

            error.ShowHelp = false; // help is data, and belongs to who asks for it
            var faults = new StringWriter(CultureInfo.InvariantCulture);
            await parsed.InvokeAsync(new InvocationConfiguration { Error = faults, Output = TextWriter.Null });
            var named = NoSuchWord().Replace(faults.ToString().TrimEnd(), m => $"{PlaceOf(parsed, m.Value)} takes {string.Join(", ", Word().Matches(m.Groups["words"].Value).Select(w => w.Groups[1].Value))}; not '{m.Groups["value"]}'.");
            await Console.Error.WriteLineAsync(WrongType().Replace(named, m => $"'{m.Groups["value"]}' cannot be {m.Groups["place"]}: it takes {Takes(m.Groups["type"].Value)}."));
            await Console.Error.WriteLineAsync("\n--help says what there is.");
            return ExitCode.Usage;
        }

        // The server takes its time to stop, and bounds it itself.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    /// <summary>The parser names types of the program, which say nothing to people.</summary>
    [GeneratedRegex("Cannot parse argument '(?<value>.*)' for (?:command|option) '(?<place>[^']*)' as expected type '(?<type>[^']*)'\\.")]
    private static partial Regex WrongType();

    /// <summary>The parser says which words there are, and not for what.</summary>
    [GeneratedRegex("Argument '(?<value>.*)' not recognized\\. Must be one of:(?<words>(?:\\s+'[^'\\n]*')+)")]
    private static partial Regex NoSuchWord();

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Word();

    private static string PlaceOf(ParseResult parsed, string error) => parsed.Errors.FirstOrDefault(e => e.Message.StartsWith(error, StringComparison.Ordinal))?.SymbolResult switch
    {
        OptionResult option => option.Option.Name,
        ArgumentResult { Parent: OptionResult option } => option.Option.Name,
        ArgumentResult argument => argument.Argument.Name.ToUpperInvariant(),
        _ => "It",
    };

    private static string Takes(string type) =>
        type.Contains("Int", StringComparison.Ordinal) ? "a whole number"
        : type.Contains("DateTimeOffset", StringComparison.Ordinal) ? "a time such as 2026-11-24T06:00:00Z"
        : type.Contains("Boolean", StringComparison.Ordinal) ? "true or false" : "something else";
}
