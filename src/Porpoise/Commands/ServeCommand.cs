using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Net.Sockets;
using Porpoise.Serving;
using Porpoise.Worker.Attempts;
using Porpoise.Worker.Processes;
using Porpoise.Worker.Runners;

namespace Porpoise.Commands;

/// <summary><c>porpoise serve</c>: the server, with every role in one process.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The data folder; made at the first start", DefaultValueFactory = _ => ".porpoise" };
        var urls = new Option<string>("--urls") { Description = "Where to listen, several separated by ';'", DefaultValueFactory = _ => "http://127.0.0.1:12345" };
        urls.Validators.Add(CheckUrls);
        var slots = new NumberOption("--slots", Math.Max(2, Environment.ProcessorCount * 2), 1, 1024) { Description = "Tasks of the worker group default that may run at once. Named: from now on; else as many as it had, and at the first start twice the processors", DefaultInWords = "twice the processors" };
        var stopTasks = new Option<bool>("--stop-tasks") { Description = "At the end, end the running tasks too; they run again at the next start. Without it they run on and are found again" };
        var allowRoa = new Option<bool>("--allow-roa-signature") { Description = "Take the older HMAC-SHA1 signature too" };
        var calls = new NumberOption("--calls-per-second", 1_000, 0, 1_000_000) { Description = "Calls that one user or role may make in a second, and twice as many at once; 0: no limit. The account's owner has none" };
        var connections = new NumberOption("--connections", 10_000, 1, 1_000_000) { Description = "Connections that are served at once; the next ones are told so (503)" };
        var auditDays = new NumberOption("--audit-days", 400, 0, 36_500) { Description = "How many days the audit log is kept; 0: for ever" };
        var taskUser = new Option<string?>("--task-user")
        {
            Description = "When the server is root: the user that tasks run as, by name, number or USER:GROUP; root: they keep all rights. Else porpoise-task if there is one, or nobody",
        };
        var logMegabytes = new NumberOption("--task-log-mb", 100, 1, 1_000_000) { Description = "How much of a task's log is kept, in MiB: its beginning and its end" };
        var openFiles = new NumberOption("--task-open-files", new TaskLimits().OpenFilesMax, 16, 1_000_000) { Description = "Files that each process of a task may have open" };
        var processes = new NumberOption("--task-processes", new TaskLimits().ProcessesMax, 0, 4_000_000) { Description = "Processes and threads of all tasks together, if they have a user of their own; 0: no limit" };
        var memory = new NumberOption("--task-memory-mb", 0, 0, 16_000_000) { Description = "MiB of memory that each process of a task may use; 0: no limit" };
        var cpu = new NumberOption("--task-cpu-seconds", 0, 0, 100_000_000) { Description = "Seconds of processor time that each process of a task may use; 0: no limit" };
        var keepWork = new NumberOption("--keep-work-hours", 0, 0, 876_000) { Description = "How long the work folder of a task that succeeded is kept; 0: not at all" };
        var keepFailed = new NumberOption("--keep-failed-work-hours", 72, 0, 876_000) { Description = "How long the work folder of a task that did not succeed is kept" };
        var logDays = new NumberOption("--log-days", 30, 0, 36_500) { Description = "How long the logs of tasks are kept; 0: until their run is deleted" };
        var proxies = new Option<IPNetwork[]>("--trusted-proxy")
        {
            Description = "An address or a range (10.0.0.0/8) of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed; several times for several",
            CustomParser = ReadProxies,
            DefaultValueFactory = _ => [],
        };
        var refusePrivate = new Option<bool>("--refuse-private-http") { Description = "HTTP tasks may not reach addresses of private networks, of this machine or of its link" };
        var duckDbMemory = new NumberOption("--duckdb-memory-mib", 1_024, 64, 16_777_216) { Description = "Memory of one DUCKDB task" };
        var duckDbThreads = new NumberOption("--duckdb-threads", 2, 1, 1024) { Description = "Threads of one DUCKDB task" };
        var duckDbFolders = new Option<string[]>("--duckdb-folder")
        {
            Description = "A folder, besides its work folder, below which a DUCKDB task may read and write files; several times for several",
            DefaultValueFactory = _ => [],
        };
        var command = new Command("serve", "Run the server") { data, urls, slots, stopTasks, allowRoa, calls, connections, auditDays, proxies, taskUser, logMegabytes, openFiles, processes, memory, cpu, keepWork, keepFailed, logDays, refusePrivate, duckDbMemory, duckDbThreads, duckDbFolders };
        var spark = new SparkOptions();
        spark.AddTo(command);
        command.SetAction((parsed, ct) => Server.RunAsync(
            new ServeOptions(parsed.GetValue(data)!, parsed.GetValue(urls)!, parsed.GetValue(slots), parsed.GetValue(stopTasks), parsed.GetValue(allowRoa))
            {
                SlotsAreChosen = parsed.GetResult(slots) is { Implicit: false },
                CallsPerSecond = parsed.GetValue(calls),
                Connections = parsed.GetValue(connections),
                AuditDays = parsed.GetValue(auditDays),
                TaskUser = parsed.GetValue(taskUser),
                TaskLimits = new TaskLimits
                {
                    LogBytesMax = parsed.GetValue(logMegabytes) * 1024L * 1024L,
                    OpenFilesMax = parsed.GetValue(openFiles),
                    ProcessesMax = parsed.GetValue(processes),
                    MemoryMegabytesMax = parsed.GetValue(memory),
                    CpuSecondsMax = parsed.GetValue(cpu),
                },
                Keep = new KeepingTimes
                {
                    WorkOfSuccess = TimeSpan.FromHours(parsed.GetValue(keepWork)),
                    WorkOfFailure = TimeSpan.FromHours(parsed.GetValue(keepFailed)),
                    Logs = parsed.GetValue(logDays) is > 0 and var days ? TimeSpan.FromDays(days) : null,
                },
                TrustedProxies = parsed.GetValue(proxies)!,
                Jobs = new JobSettings
                {
                    RefusePrivateAddresses = parsed.GetValue(refusePrivate),
                    DuckDbMemoryMiB = parsed.GetValue(duckDbMemory),
                    DuckDbThreads = parsed.GetValue(duckDbThreads),
                    DuckDbFolders = [.. parsed.GetValue(duckDbFolders)!.Select(Path.GetFullPath)],
                },
                Spark = spark.Read(parsed),
            }));
        return command;
    }

    /// <summary>Kestrel says such things in exceptions only, after the store has been opened; and for no address at all it would choose one.</summary>
    private static void CheckUrls(OptionResult result)
    {
        var urls = (result.GetValueOrDefault<string>() ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (urls.Length == 0 || Array.Find(urls, u => !IsAddress(u)) is not null)
        {
            result.AddError($"--urls takes addresses such as http://127.0.0.1:12345 (TLS is a proxy's work), not '{(urls.Length == 0 ? "" : Array.Find(urls, u => !IsAddress(u)))}'.");
        }
    }

    private static bool IsAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme.Equals(Uri.UriSchemeHttp, StringComparison.OrdinalIgnoreCase) && address.PathBase.Length == 0 && (address.IsUnixPipe || address.Port is >= 0 and <= ushort.MaxValue);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static IPNetwork[] ReadProxies(ArgumentResult result)
    {
        var networks = new List<IPNetwork>();
        foreach (var token in result.Tokens)
        {
            if (IPNetwork.TryParse(token.Value, out var network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(token.Value, out var address))
            {
                networks.Add(new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128));
            }
            else
            {
                result.AddError($"--trusted-proxy takes an address or a range such as 10.0.0.0/8, not '{token.Value}'.");
            }
        }

        return [.. networks];
    }
}
