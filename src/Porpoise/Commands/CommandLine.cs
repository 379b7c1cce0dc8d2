using System.CommandLine;
using System.CommandLine.Invocation;
using Porpoise.Commands.Access;
using Porpoise.Commands.Calls;
using Porpoise.Commands.Library;
using Porpoise.Commands.Machine;
using Porpoise.Commands.Runs;
using Porpoise.Commands.Workflows;

namespace Porpoise.Commands;

/// <summary>All commands of the program. docs/reference/cli.md is written from this tree, and a test compares them.</summary>
internal static class CommandLine
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
        var wasUnderstood = true;
        if (parsed.Action is ParseErrorAction error)
        {
            (wasUnderstood, error.ShowHelp) = (false, false); // help is data, and belongs to who asks for it
        }

        // The server takes its time to stop, and bounds it itself.
        var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
        if (!wasUnderstood)
        {
            await Console.Error.WriteLineAsync("--help says what there is.");
            return ExitCode.Usage;
        }

        return code;
    }
}
