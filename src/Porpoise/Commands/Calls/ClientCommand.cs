using System.Buffers;
using System.CommandLine;
using System.Text;
using System.Text.Json;
using Porpoise.Client;
using Porpoise.Commands.Connections;

namespace Porpoise.Commands.Calls;

/// <summary>Makes commands that call a server. Errors become messages and exit codes here and nowhere else.</summary>
internal static class ClientCommand
{
    /// <summary>A command with others below it, all of which take the options of the connection.</summary>
    public static Command Group(string name, string description, params ReadOnlySpan<Command> commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands)
        {
            group.Add(command);
        }

        ConnectionOptions.AddTo(group);
        return group;
    }

    /// <param name="takes">Its options and arguments, in the order in which the help lists them.</param>
    /// <param name="callAsync">Does it.</param>
    public static Command Of(string name, string description, Symbol[] takes, Func<CommandCall, CancellationToken, Task> callAsync) =>
        Of(name, description, takes, async (call, ct) =>
        {
            await callAsync(call, ct);
            return ExitCode.Done;
        });

    /// <summary>One that chooses its exit code.</summary>
    public static Command Of(string name, string description, Symbol[] takes, Func<CommandCall, CancellationToken, Task<int>> callAsync)
    {
        var command = new Command(name, description);
        foreach (var symbol in takes)
        {
            switch (symbol)
            {
                case Option option:
                    command.Add(option);
                    break;
                case Argument argument:
                    command.Add(argument);
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException($"{symbol.Name} is neither an option nor an argument.");
            }
        }

        command.SetAction((parsed, ct) => RunAsync(parsed, callAsync, ct));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Func<CommandCall, CancellationToken, Task<int>> callAsync, CancellationToken ct)
    {
        using var call = new CommandCall(parsed);
        try
        {
            return await callAsync(call, ct);
        }
        catch (PorpoiseException e)
        {
            await Console.Error.WriteLineAsync(call.Output.IsJson ? JsonOf(e) : "porpoise: " + TextOf(e));
            return ExitCode.Of(e);
        }
        catch (Exception e) when (e is UsageException or NotFoundException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync("porpoise: " + e.Message);
            return e switch { UsageException => ExitCode.Usage, NotFoundException => ExitCode.NotFound, _ => ExitCode.Failed };
        }
    }

    private static string TextOf(PorpoiseException e)
    {
        var text = new StringBuilder(e.Message);
        if (e.DeniedAction is { } action && !e.Message.Contains(action, StringComparison.Ordinal))
        {
            text.Append(" No policy of yours allows ").Append(action).Append(", or one forbids it.");
        }

        if (e.RequestId is { } request)
        {
            text.Append(" (").Append(e.Code).Append(", request ").Append(request).Append(')');
        }

        return text.ToString();
    }

    private static string JsonOf(PorpoiseException e)
    {
        var text = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("code", e.Code);
        json.WriteString("message", e.Message);
        json.WriteString("requestId", e.RequestId);
        json.WriteString("deniedAction", e.DeniedAction);
        json.WriteString("diagnosticMessage", e.DiagnosticMessage);
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
