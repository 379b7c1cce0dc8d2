using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Worker.Processes;
using Porpoise.Worker.Runners.DuckDb;
using Porpoise.Worker.Runners.Http;
using Porpoise.Worker.Runners.Sql;
using Porpoise.Worker.Runners.Spark;

namespace Porpoise.Worker.Runners;

/// <summary>
/// The process of a job (<c>porpoise run-task FILE</c>): reads the document, which may hold a password and so is removed at once, runs it, and leaves
/// its output parameters in a file beside it. Standard output is the task's log. TERM ends the job in an orderly way.
/// </summary>
public static class TaskRunner
{
    /// <summary>Instead of a file: the document comes by standard input, and output parameters go nowhere.</summary>
    public const string StandardInput = "-";

    /// <summary>Tells programs that do not bring .NET where it is.</summary>
    internal const string DotnetRootVariable = "DOTNET_ROOT";

    /// <summary>In front of the reason, in the log's last line.</summary>
    internal const string FailureSign = "FAILED: ";

    /// <summary>As a shell says it of a process that TERM ended.</summary>
    private const int Stopped = 128 + 15;

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string file, TextWriter output, TimeProvider clock)
    {
        var log = new JobLog(output, clock);
        using var stop = new CancellationTokenSource();
        using var term = Listen(PosixSignal.SIGTERM, stop);
        using var interrupt = Listen(PosixSignal.SIGINT, stop);
        try
        {
            var job = Take(file);
            var given = await RunAsync(job, log, clock, stop.Token);
            WriteOutputs(file + ".outputs", job, given, log);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            log.Say("Told to end: ended."); // by a stop or a time limit: the line of the service below this one says which
            return Stopped;
        }
        catch (JobException e)
        {
            log.Say(FailureSign + e.Message);
            return e.ExitCode;
        }
        catch (Exception e)
        {
            // Nobody was prepared for it. Whoever reads the log is told so by its last line, and by the lines before it where it was.
            log.Show(e.ToString());
            log.Say($"{FailureSign}{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")} This is a fault of the service's runner for tasks of this type and not of the task; the lines above say where: report them.");
            return 1;
        }
    }

    private static Task<IReadOnlyDictionary<string, string>> RunAsync(Job job, JobLog log, TimeProvider clock, CancellationToken ct)
    {
        job.Check();
        if (job.Fault.Length > 0)
        {
            throw new JobException(job.Fault);
        }

        return KindOf(job, clock).RunAsync(job, log, ct);
    }

    private static IJobKind KindOf(Job job, TimeProvider clock) => job.Kind switch
    {
        TaskTypes.Http => new HttpJob(),
        TaskTypes.Sql => new SqlJob(),
        TaskTypes.DuckDb => new DuckDbJob(),
        ConnectJob.Kind => new ConnectJob(),
        TaskTypes.Spark or TaskTypes.EmrServerlessSpark => new SparkJob(Environment.GetEnvironmentVariable, Environment.CurrentDirectory, clock),
        _ => throw new JobException($"This version has no runner for tasks of type {job.Kind}."),
    };

    /// <summary>Nobody but this process is to see the document from now on.</summary>
    private static Job Take(string file)
    {
        try
        {
            if (file == StandardInput)
            {
                using var input = new MemoryStream();
                Console.OpenStandardInput().CopyTo(input);
                return Job.Read(input.ToArray());
            }

            var text = File.ReadAllBytes(file);
            Clear(file);
            return Job.Read(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new JobException($"The job {file} cannot be read: {e.Message} Run tasks through the server; this command is not for people.", e);
        }
    }

    /// <summary>Under root the task is another user, who can empty the file and not remove it.</summary>
    private static void Clear(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (UnauthorizedAccessException)
        {
            new FileStream(file, FileMode.Truncate, FileAccess.Write).Dispose();
        }
    }

    private static void WriteOutputs(string file, Job job, IReadOnlyDictionary<string, string> given, JobLog log)
    {
        var declared = given.Where(o => job.Outputs.ContainsKey(o.Key)).ToDictionary(StringComparer.Ordinal);
        foreach (var name in job.Outputs.Keys.Where(name => !declared.ContainsKey(name)))
        {
            log.Say($"Output parameter {name}: no value.");
        }

        if (TaskOutputs.Write(declared) is { } text && Keep(file, Encoding.UTF8.GetBytes(text)) is { } problem)
        {
            throw new JobException($"The output parameters cannot be kept in {file}: {problem}.");
        }
    }

    /// <summary>Null, or what stands in the way. Under root the file was made for the task's user.</summary>
    private static string? Keep(string file, byte[] text)
    {
        var failure = SmallFile.Create(file, text);
        if (failure != Libc.Eexist)
        {
            return failure == 0 ? null : Libc.Describe(failure);
        }

        try
        {
            File.WriteAllBytes(file, text);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private static PosixSignalRegistration Listen(PosixSignal signal, CancellationTokenSource stop) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        stop.Cancel();
    });
}
