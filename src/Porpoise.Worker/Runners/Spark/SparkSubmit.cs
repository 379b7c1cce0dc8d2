using System.Collections.Frozen;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Porpoise.Worker.Processes;

namespace Porpoise.Worker.Runners.Spark;

/// <summary>The program <c>spark-submit</c> of a Spark distribution.</summary>
internal sealed class SparkSubmit(string home)
{
    /// <summary>Options that say where and as what something is submitted: they are never a node's own.</summary>
    public static readonly FrozenSet<string> Owned = new[]
    {
        "--master", "--deploy-mode", "--name", "--class", "--properties-file", "--kill", "--status", "--load-spark-defaults", "--help", "-h", "--version", "--usage-error",
    }.ToFrozenSet(StringComparer.Ordinal);

    private const int OutputMax = 1024 * 1024;

    /// <summary>Where it is.</summary>
    /// <exception cref="JobException">There is none; the message says how to configure one.</exception>
    public static SparkSubmit In(string home)
    {
        if (home.Length == 0)
        {
            throw new JobException("No Spark is configured: set SPARK_HOME or --spark-home for the server, or SPARK_HOME in an environment of the task, to the folder of a Spark distribution.");
        }

        var program = Path.Combine(home, "bin", "spark-submit");
        return File.Exists(program) ? new SparkSubmit(home) : throw new JobException($"SPARK_HOME is {home}, and there is no {program}. It is the folder of a Spark distribution.");
    }

    /// <summary>What it is started with. Everything is one argument each, and the program's own come last.</summary>
    public static IReadOnlyList<string> Arguments(SparkWork work, string properties, string program, IReadOnlyList<string> arguments, string? file)
    {
        var options = work.Options.ToList();
        if (file is not null && options.IndexOf("--files") is >= 0 and var at && at + 1 < options.Count)
        {
            options[at + 1] += "," + file;
        }
        else if (file is not null)
        {
            options.AddRange(["--files", file]);
        }

        return
        [
            "--master", work.Master, "--deploy-mode", work.InCluster ? "cluster" : "client", "--name", work.Name, "--properties-file", properties,
            .. work.MainClass.Length > 0 ? new[] { "--class", work.MainClass } : [],
            .. options, program, .. arguments,
        ];
    }

    /// <summary>Runs it with this process's own output, which is the task's log; gives its exit code. Stopped, it is sent TERM and waited for.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken ct)
    {
        using var process = Start(arguments, isAsked: false);
        await using var stop = ct.Register(() => _ = process.HasExited ? 0 : Libc.Kill(process.Id, Libc.SigTerm));
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }

    /// <summary>Runs it and gives what it says.</summary>
    public async Task<string> AskAsync(IReadOnlyList<string> arguments, CancellationToken ct)
    {
        using var process = Start(arguments, isAsked: true);
        try
        {
            var said = await Task.WhenAll(ReadAsync(process.StandardOutput, ct), ReadAsync(process.StandardError, ct));
            await process.WaitForExitAsync(ct);
            return string.Concat(said);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private Process Start(IReadOnlyList<string> arguments, bool isAsked)
    {
        var start = new ProcessStartInfo(Path.Combine(home, "bin", "spark-submit"), arguments) { RedirectStandardOutput = isAsked, RedirectStandardError = isAsked };
        start.Environment["SPARK_HOME"] = home;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new JobException($"{start.FileName} cannot be started: {e.Message}.", e);
        }
    }

    private static async Task<string> ReadAsync(StreamReader from, CancellationToken ct)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        while (await from.ReadAsync(buffer, ct) is > 0 and var read)
        {
            text.Append(buffer, 0, Math.Min(read, OutputMax - text.Length));
        }

        return text.ToString();
    }
}
