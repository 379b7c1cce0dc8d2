using System.ComponentModel;
using System.Diagnostics;

namespace Porpoise.Commands.Machine;

/// <summary>What tasks are run with: shells, languages, and Spark.</summary>
internal static class ProgramChecks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<IReadOnlyList<Finding>> AllAsync(CancellationToken ct) =>
    [
        await LookAsync("bash", ["--version"], "Install bash: SHELL tasks need it.", isNeeded: true, ct),
        await LookAsync("python3", ["--version"], "Install python3, if there are PYTHON tasks.", isNeeded: false, ct),
        await LookAsync("java", ["-version"], "Install Java 17, if tasks are submitted with spark-submit on this machine.", isNeeded: false, ct),
        SparkHome(),
    ];

    /// <summary>Found, and not run: that takes seconds.</summary>
    private static Finding SparkHome()
    {
        const string Remedy = "Set SPARK_HOME for the service to a Spark distribution, if tasks are submitted with spark-submit on this machine.";
        if (Environment.GetEnvironmentVariable("SPARK_HOME") is { Length: > 0 } home)
        {
            var submit = Path.Combine(home, "bin", "spark-submit");
            return File.Exists(submit) ? Finding.Ok("Spark", submit) : Finding.Problem("Spark", $"SPARK_HOME is {home}, where there is no bin/spark-submit", Remedy);
        }

        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(p => Path.Combine(p, "spark-submit")).FirstOrDefault(File.Exists);
        return onPath is null ? Finding.Warning("Spark", "no SPARK_HOME, and no spark-submit on the PATH", Remedy) : Finding.Ok("Spark", onPath);
    }

    private static async Task<Finding> LookAsync(string program, string[] arguments, string remedy, bool isNeeded, CancellationToken ct)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
            process.StandardInput.Close();
            var (output, error) = (process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
            await process.WaitForExitAsync(ct).WaitAsync(Patience, ct);
            var version = ((await output) + (await error)).Split('\n')[0].Trim();
            return process.ExitCode == 0 ? Finding.Ok(program, version) : Finding.Warning(program, $"it ends with {process.ExitCode}: {version}", remedy);
        }
        catch (Win32Exception)
        {
            return isNeeded ? Finding.Problem(program, "not on the PATH", remedy) : Finding.Warning(program, "not on the PATH", remedy);
        }
        catch (TimeoutException)
        {
            return Finding.Warning(program, "it does not answer", remedy);
        }
    }
}
