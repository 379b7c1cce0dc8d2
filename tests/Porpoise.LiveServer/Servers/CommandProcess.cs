using System.Diagnostics;
using System.Text.Json;

namespace Porpoise.LiveServer.Servers;

/// <summary>What a command printed, and how it ended.</summary>
public sealed record CommandResult(int Code, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement.Clone();

    /// <summary>This one, done.</summary>
    public CommandResult Done()
    {
        Assert.True(Code == 0, $"Exit code {Code}.\n{Error}\n{Output}");
        return this;
    }
}

/// <summary>A person at a terminal: runs the built program with a home folder and an environment of its own.</summary>
public sealed class CommandProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5); // a page has dozens of commands, and the machine may be busy

    public string Home { get; } = Directory.CreateTempSubdirectory("porpoise-home-").FullName;

    /// <summary>Variables for the commands that follow; none of the test's own begin with PORPOISE_.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    public Task<CommandResult> RunAsync(params string[] arguments) => RunAsync(ServerProcess.Binary, arguments);

    /// <summary>With standard input.</summary>
    public Task<CommandResult> RunWithInputAsync(string input, params string[] arguments) => RunAsync(ServerProcess.Binary, arguments, input);

    /// <summary>A script of bash, for which the program is called <c>porpoise</c>.</summary>
    public Task<CommandResult> RunScriptAsync(string script) => RunAsync("bash", ["-euo", "pipefail", "-c", script]);

    public void Dispose() => Directory.Delete(Home, recursive: true);

    private async Task<CommandResult> RunAsync(string program, string[] arguments, string input = "")
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Home };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("PORPOISE_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["HOME"] = Home;
        start.Environment["PATH"] = Path.GetDirectoryName(ServerProcess.Binary) + ":" + start.Environment["PATH"];
        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Patience);
        return new CommandResult(process.ExitCode, await output, await error);
    }
}
