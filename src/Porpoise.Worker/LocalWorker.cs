using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Porpoise.Core.Tasks;
using Porpoise.Engine.Dispatch;
using Porpoise.Worker.Attempts;
using Porpoise.Worker.Processes;

namespace Porpoise.Worker;

/// <summary>
/// Runs attempts as processes of this machine that outlive the server: each has a session of its own, writes its log and its exit code
/// straight to disk, and is found again after a restart. No thread waits for an attempt; one thread watches them all.
/// </summary>
/// <remarks>
/// Disposing leaves the attempts running, for the next worker on the same folder to <see cref="Resume"/>;
/// <see cref="EndAllAsync"/> before it does not.
/// </remarks>
public sealed partial class LocalWorker : IWorker, IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReportDelayMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ReportDelayMax = TimeSpan.FromSeconds(2);
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<AttemptKey, Attempt> _known = new();
    private readonly ConcurrentDictionary<Attempt, Task> _courses = new();
    private readonly TaskCompletionSource<IAttemptReports> _reports = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private readonly LocalWorkerOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<LocalWorker> _log;
    private readonly Spawner _spawner;
    private readonly ExitWatcher _watcher;
    private readonly TreeEnder _ender;
    private readonly AttemptDriver _driver;
    private readonly LogBound _logBound;
    private bool _closed;
    private bool _disposed;

    /// <exception cref="PlatformNotSupportedException">The machine lacks what tasks need; the message says what.</exception>
    public LocalWorker(LocalWorkerOptions options, TimeProvider clock, ILogger<LocalWorker> log)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Tasks run on Linux only.");
        }

        if (options.InstallId.Length == 0 || !options.InstallId.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw new ArgumentException($"The install id '{options.InstallId}' may hold letters, digits, '-' and '_' only.", nameof(options));
        }

        _options = options with { Root = Path.GetFullPath(options.Root) };
        _clock = clock;
        _log = log;
        var machine = Machine.Inspect(options, clock);
        AttemptRoot.Prepare(_options.Root, options.TaskUser);
        _spawner = new Spawner(machine.BootId, options.UseShellShim ? null : Shim.TryInstallNative(_options.Root), options.TaskUser, options.Limits);
        _watcher = new ExitWatcher();
        _ender = new TreeEnder(options.Grace, clock, log);
        _driver = new AttemptDriver(_options, machine, _spawner, _watcher, _ender, log, _stopping.Token);
        _logBound = new LogBound(options.Limits.LogBytesMax, () => _known.Values.Select(static attempt => attempt.Folder.Log), clock, log);
        SayWhoRunsTasks();
    }

    private void SayWhoRunsTasks()
    {
        if (_options.TaskUser is not { } user)
        {
            if (Libc.EffectiveUser() == 0)
            {
                LogTasksAreRoot();
            }
            else
            {
                LogTasksAreTheServer();
            }
        }
        else
        {
            LogTaskUser(user.Name, user.User);
            if (!AttemptRoot.MayRun(user, _options.TaskRunner))
            {
                LogRunnerOutOfReach(user.Name, _options.TaskRunner);
            }
        }
    }

    /// <summary>Says where to report. The engine is built after its worker; reports that are due before wait for this.</summary>
    public void Attach(IAttemptReports reports)
    {
        if (!_reports.TrySetResult(reports))
        {
            throw new InvalidOperationException("This worker reports to somebody already.");
        }
    }

    /// <inheritdoc />
    public void Start(AttemptOrder order) => Take(order, _driver.StartAsync);

    /// <inheritdoc />
    public void Resume(AttemptOrder order) => Take(order, _driver.ResumeAsync);

    /// <inheritdoc />
    public void End(AttemptOrder order)
    {
        // Known: it hears of it. Dropped a moment ago: its place is free now or soon, and the disk says what became of it.
        while (Take(order, _driver.EndAsync, EndKind.Kill) is { } known && !known.TryAsk(EndKind.Kill, order.EndReason))
        {
            _known.TryRemove(KeyValuePair.Create(order.Key, known));
        }
    }

    /// <summary>
    /// Ends every attempt that is running here, its whole process tree, without a report: at the next start <see cref="Resume"/> finds
    /// them lost, and new attempts follow that use up no retry. Nothing can be started here any more afterwards.
    /// </summary>
    public async Task EndAllAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            _closed = true;
        }

        var attempts = _known.Values.ToList();
        foreach (var attempt in attempts)
        {
            attempt.TryAsk(EndKind.Abandon);
        }

        await Task.WhenAll(attempts.Select(static attempt => attempt.Over)).WaitAsync(ct);
    }

    /// <summary>Lets go of everything; the attempts run on.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closed = true;
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        _stopping.Cancel();
        _watcher.Dispose();
        await _logBound.DisposeAsync();
        await _ender.DisposeAsync();
        await Task.WhenAll(_courses.Values);
        _driver.Dispose();
        _spawner.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Begins the course unless the attempt is known already; then that one is returned.</summary>
    private Attempt? Take(AttemptOrder order, Func<Attempt, Task<Ending?>> course, EndKind? asked = null)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return null;
            }

            if (_known.TryGetValue(order.Key, out var known))
            {
                return known;
            }

            var attempt = new Attempt(order, new AttemptFolder(_options.Root, order.Key), _options.InstallId);
            if (asked is { } kind)
            {
                attempt.TryAsk(kind, order.EndReason);
            }

            _known[order.Key] = attempt;
            _courses[attempt] = Task.Run(() => RunAsync(attempt, course));
            return null;
        }
    }

    private async Task RunAsync(Attempt attempt, Func<Attempt, Task<Ending?>> course)
    {
        try
        {
            if (await FindEndingAsync(attempt, course) is { } ending)
            {
                attempt.MarkOver();
                _logBound.Cut(attempt.Folder.Log);
                await ReportAsync(attempt, Close(attempt, ending));
                if (_options.Keep.WorkOfSuccess == TimeSpan.Zero && ending.Outcome is AttemptOutcome.Exited { Code: 0 })
                {
                    RemoveWork(attempt);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The attempt runs on; the next worker resumes it.
        }
        finally
        {
            attempt.MarkOver();
            lock (_gate)
            {
                _known.TryRemove(KeyValuePair.Create(attempt.Key, attempt));
                _courses.TryRemove(attempt, out _);
            }
        }
    }

    /// <summary>Null: nothing to report.</summary>
    private async Task<Ending?> FindEndingAsync(Attempt attempt, Func<Attempt, Task<Ending?>> course)
    {
        while (true)
        {
            try
            {
                if (await course(attempt) is { } ending)
                {
                    return ending;
                }

                if (attempt.TryDrop() || await attempt.Asked is EndKind.Abandon)
                {
                    return null;
                }

                course = _driver.EndAsync; // Asked for in the very moment that it was dropped.
            }
            catch (Exception e) when (!_stopping.IsCancellationRequested)
            {
                LogTroubled(e, attempt.Tag);
                await Task.Delay(RetryDelay, _clock, _stopping.Token);
                course = _driver.ResumeAsync; // Whatever happened, the disk and /proc know how far it came.
            }
        }
    }

    /// <summary>What cannot be removed now is tried again by the sweep.</summary>
    private void RemoveWork(Attempt attempt)
    {
        try
        {
            FolderRemoval.Remove(attempt.Folder.Path);
        }
        catch (IOException e)
        {
            LogWorkStays(attempt.Tag, e.Message);
        }
    }

    /// <summary>What the log says goes into the report, and what the service has to say into the log. A log that cannot be read or written holds up neither.</summary>
    private Ending Close(Attempt attempt, Ending ending)
    {
        if (ending.Outcome is AttemptOutcome.Exited { Code: 0, OutputsFault: "" } && attempt is { IsAdopted: false, LeftProcesses: 0 })
        {
            return ending; // nothing to say, so the log is not even read
        }

        var log = attempt.Folder.Log;
        try
        {
            var (lines, isClosed, reason) = LogEnd.Read(log);
            if (!isClosed && ClosingLine.Of(attempt, ending, attempt.Folder.ReadStart()) is { } line && LogEnd.Append(log, line) is var errno and not (0 or Libc.Enoent))
            {
                LogNotClosed(attempt.Tag, Libc.Describe(errno));
            }

            return ending.Outcome switch
            {
                AttemptOutcome.Exited { Code: 0 } => ending,
                AttemptOutcome.Exited exited when attempt.Order.Program.Language == ProgramLanguage.Job => ending with { Outcome = exited with { LastLines = lines, Reason = reason } },
                var outcome => ending with { Outcome = outcome with { LastLines = lines } },
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotClosed(attempt.Tag, e.Message);
            return ending;
        }
    }

    private async Task ReportAsync(Attempt attempt, Ending ending)
    {
        var reports = await _reports.Task.WaitAsync(_stopping.Token);
        for (var delay = ReportDelayMin; ; delay = delay * 2 < ReportDelayMax ? delay * 2 : ReportDelayMax)
        {
            try
            {
                await reports.ReportAsync(attempt.Order, ending.Outcome, ending.At).WaitAsync(_stopping.Token);
                return;
            }
            catch (Exception e) when (!_stopping.IsCancellationRequested)
            {
                LogReportFailed(e, attempt.Tag);
            }

            await Task.Delay(delay, _clock, _stopping.Token);
        }
    }
}
