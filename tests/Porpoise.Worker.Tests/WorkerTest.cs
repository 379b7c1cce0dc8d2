using System.Diagnostics;
using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Engine.Dispatch;
using Porpoise.Worker.Attempts;
using Porpoise.Worker.Processes;

namespace Porpoise.Worker.Tests;

/// <summary>A root folder of its own, workers on it, and whatever a test leaves running is ended after it.</summary>
public abstract partial class WorkerTest : IAsyncLifetime
{
    protected static readonly AttemptKey Key = new(new TaskId(12345), 1);
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly List<LocalWorker> _workers = [];

    protected string Root { get; } = Directory.CreateTempSubdirectory("porpoise-worker-").FullName;

    protected string InstallId { get; } = Guid.NewGuid().ToString("N");

    internal RecordedReports Reports { get; } = new();

    internal AttemptFolder Folder => new(Root, Key);

    protected string Tag => $"{InstallId}/{Key}";

    public static AttemptOrder Order(string script, ProgramLanguage language = ProgramLanguage.Shell) => new(new RunId(7), 3, Key, "SHELL", "naïve 任务", new TaskProgram(language, script)) { WorkflowName = "nightly 流程", Workspace = "w-0123456789abcdef" };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }

        foreach (var process in ProcessTable.Read(0).Where(process => ProcessTable.ReadTag(process.Identity.Pid)?.StartsWith(InstallId, StringComparison.Ordinal) == true))
        {
            _ = Libc.Kill(process.Identity.Pid, Libc.SigKill);
        }

        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (IOException)
        {
            // A process that was just killed may still have written; the folder is in /tmp.
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>The suites run once with each shim.</summary>
    protected virtual bool UseShellShim => false;

    protected LocalWorker NewWorker(Func<LocalWorkerOptions, LocalWorkerOptions>? change = null, bool attach = true)
    {
        var options = new LocalWorkerOptions { Root = Root, InstallId = InstallId, Grace = TimeSpan.FromSeconds(1), UseShellShim = UseShellShim, Keep = new KeepingTimes { WorkOfSuccess = TimeSpan.FromHours(1) } };
        var worker = new LocalWorker(change?.Invoke(options) ?? options, TimeProvider.System, NullLogger<LocalWorker>.Instance);
        if (attach)
        {
            worker.Attach(Reports);
        }

        _workers.Add(worker);
        return worker;
    }

    protected async Task<AttemptOutcome> RunAsync(string script)
    {
        NewWorker().Start(Order(script));
        return await Reports.OfAsync(Key);
    }

    /// <summary>What the task wrote, without the line in which the service says how it ended.</summary>
    protected string ReadLog()
    {
        var log = ReadWholeLog();
        var closing = log.LastIndexOf(ClosingLine.Mark, StringComparison.Ordinal);
        return closing >= 0 && log.IndexOf('\n', closing) == log.Length - 1 ? log[..closing] : log;
    }

    protected string ReadWholeLog() => File.ReadAllText(Folder.Log);

    /// <summary>A named pipe: a script that writes to it says how far it is, one that reads from it waits to be let go.</summary>
    protected Pipe NewPipe()
    {
        var path = Path.Combine(Root, "pipe-" + Guid.NewGuid().ToString("N"));
        Assert.Equal(0, MakeFifo(path, 0x180));
        return new Pipe(path);
    }

    protected List<int> TaggedProcesses() =>
        [.. ProcessTable.Read(0).Where(process => process.IsAlive && ProcessTable.ReadTag(process.Identity.Pid) == Tag).Select(static process => process.Identity.Pid)];

    /// <summary>For what nobody announces: looks again until it holds, for at most half a minute.</summary>
    protected static async Task EventuallyAsync(Func<bool> holds)
    {
        for (var watch = Stopwatch.StartNew(); !holds(); await Task.Delay(5))
        {
            Assert.True(watch.Elapsed < Patience, "It did not come to that.");
        }
    }

    protected static bool IsAlive(int pid) => ProcessStat.Read(pid) is { IsAlive: true };

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFifo(string path, int mode);

    protected sealed class Pipe(string path)
    {
        public override string ToString() => path;

        public async Task<string> ReadAsync() => await Task.Run(() => File.ReadAllText(path)).WaitAsync(Patience);

        public async Task<int> ReadPidAsync() => int.Parse(await ReadAsync(), CultureInfo.InvariantCulture);

        public async Task WriteAsync() => await Task.Run(() => File.WriteAllText(path, "go\n")).WaitAsync(Patience);
    }
}

/// <summary>Remembers reports; can fail the first ones.</summary>
internal sealed class RecordedReports(int failures = 0) : IAttemptReports
{
    private readonly ConcurrentDictionary<AttemptKey, TaskCompletionSource<AttemptOutcome>> _first = new();
    private int _failures = failures;

    public ConcurrentQueue<(AttemptOrder Order, AttemptOutcome Outcome, DateTimeOffset At)> Accepted { get; } = new();

    public int Refused { get; private set; }

    public Task ReportAsync(AttemptOrder order, AttemptOutcome outcome, DateTimeOffset at)
    {
        if (_failures-- > 0)
        {
            Refused++;
            throw new InvalidOperationException("The store is not there.");
        }

        Accepted.Enqueue((order, outcome, at));
        First(order.Key).TrySetResult(outcome);
        return Task.CompletedTask;
    }

    /// <summary>Without what the task wrote last: most tests care how it ended.</summary>
    public async Task<AttemptOutcome> OfAsync(AttemptKey key) => await First(key).Task.WaitAsync(TimeSpan.FromSeconds(30)) with { LastLines = "" };

    public async Task<string> LastLinesOfAsync(AttemptKey key) => (await First(key).Task.WaitAsync(TimeSpan.FromSeconds(30))).LastLines;

    public bool Has(AttemptKey key) => First(key).Task.IsCompleted;

    private TaskCompletionSource<AttemptOutcome> First(AttemptKey key) =>
        _first.GetOrAdd(key, static _ => new TaskCompletionSource<AttemptOutcome>(TaskCreationOptions.RunContinuationsAsynchronously));
}
