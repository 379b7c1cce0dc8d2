using Microsoft.Extensions.Logging;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Engine.Dispatch;
using Porpoise.Engine.Hosting;
using Porpoise.Engine.Runs;
using Porpoise.Engine.Workflows;
using Porpoise.Storage;
using Porpoise.Storage.Runs;

namespace Porpoise.Engine;

/// <summary>
/// The engine as the API sees it: starts runs, stops them, waits for them. Composes the drivers' host, the worker group's queue, the timers and
/// the worker; after a restart it sets going whatever the rows say is unfinished.
/// </summary>
public sealed partial class RunEngine : IAttemptReports, IAsyncDisposable
{
    /// <summary>Tasks that may wait for a slot; beyond it no run is started.</summary>
    public const int BacklogMax = 1_000_000;

    private const int RecoveryPage = 1_000;
    private const int RecoveriesAtOnce = 64;

    private readonly IStore _store;
    private readonly TimeProvider _clock;
    private readonly ILogger<RunEngine> _log;
    private readonly WorkerGroupQueue _queue;
    private readonly RetryTimers _timers;
    private readonly IRunHost _host;

    /// <param name="store">Where the rows are.</param>
    /// <param name="worker">Runs the attempts.</param>
    /// <param name="options">How many slots.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logs">Makes loggers.</param>
    /// <param name="makeHost">Makes the host of the drivers; null: in this process.</param>
    public RunEngine(IStore store, IWorker worker, EngineOptions options, TimeProvider clock, ILoggerFactory logs, Func<Func<IDriverHost, RunDriverParts>, IRunHost>? makeHost = null)
    {
        _store = store;
        _clock = clock;
        _log = logs.CreateLogger<RunEngine>();
        Catalog = new WorkflowCatalog(store);
        _queue = new WorkerGroupQueue("default", options.Slots, clock, logs.CreateLogger<WorkerGroupQueue>());
        _timers = new RetryTimers(clock, () => _host!);
        var effects = options.Decorate(new EffectPerformer(_queue, _timers, worker, Ends));
        var driverLog = logs.CreateLogger<RunDriver>();
        RunDriverParts MakeParts(IDriverHost host) => new(store, Catalog, effects, host, clock, driverLog);
        _host = makeHost?.Invoke(MakeParts) ?? new InProcessHost(clock, MakeParts);
    }

    public WorkflowCatalog Catalog { get; }

    public RunEnds Ends { get; } = new();

    /// <summary>The worker group <c>default</c>.</summary>
    public WorkerGroupQueue Queue => _queue;

    /// <summary>
    /// Reads what is unfinished and sets it going. Completes when the backlog and the running attempts are known and slots are handed out; runs
    /// that need their driver at once are taken over in the background.
    /// </summary>
    public async Task RecoverAsync()
    {
        var due = await ReadUnfinishedAsync(isStart: true);
        LogRecovering(_log, due.Count, _queue.Waiting);
        _queue.Open(_host);
        _store.Recovered += OnStoreRecovered;
        _ = ResumeAllAsync(due);
    }

    /// <summary>Starts a run; when the task completes with <see cref="StartRunResult.Started"/>, the run is durable.</summary>
    /// <exception cref="StoreUnavailableException">The store takes no writes, or the backlog is full.</exception>
    public async Task<StartRunResult> StartAsync(StartOrder order)
    {
        if (_queue.Waiting >= BacklogMax)
        {
            throw new StoreUnavailableException($"{BacklogMax} tasks are waiting for a slot; no more runs are started until some have run.");
        }

        var at = _clock.GetUtcNow();
        var decision = new Decision();
        var run = Run.Start(order.Version.Graph, order.FailureStrategy, at, decision);
        var result = await _store.StartRunAsync(new NewRun(
            order.Workspace, order.Version.Row.Code, order.Version.Row.Version, RunName(order.Version, at), order.FailureStrategy, order.Priority,
            order.IsProduction, order.Queue, order.StartedBy, order.Remarks, order.Version.Graph.Count, at, decision, order.Idempotency, order.Nonce));
        if (result is StartRunResult.Started started)
        {
            _host.Begin(new StartedRun(started.Run, new OwnedState(run, started.Epoch, started.FirstTaskId, order.Priority, order.Version), decision.Effects));
        }

        return result;
    }

    /// <summary>Asks a run to stop; completes when the request is durable. A run that has ended is left as it is.</summary>
    public Task StopAsync(RunId run) => _host.DeliverAsync(run, new RunEvent.StopRequested(_clock.GetUtcNow()));

    public Task ReportAsync(AttemptOrder order, AttemptOutcome outcome, DateTimeOffset at) =>
        _host.DeliverAsync(order.Run, new RunEvent.AttemptEnded(order.Index, order.Key.Number, outcome, at));

    public async ValueTask DisposeAsync()
    {
        _store.Recovered -= OnStoreRecovered;
        Ends.Close();
        _queue.Close();
        await _timers.DisposeAsync();
    }

    /// <summary>DolphinScheduler's form: definition, version, start time to the millisecond.</summary>
    private static string RunName(CompiledVersion version, DateTimeOffset at) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{version.Row.Definition.Name}-{version.Row.Version}-{at.UtcDateTime:yyyyMMddHHmmssfff}");

    /// <summary>
    /// A write that failed may have been carried out all the same: a run may stand in the rows that nobody here knows. Everything that is set
    /// going twice by this is recognised as such where it arrives.
    /// </summary>
    private void OnStoreRecovered() => _ = ReconcileAsync();

    private async Task ReconcileAsync()
    {
        try
        {
            await ResumeAllAsync(await ReadUnfinishedAsync(isStart: false));
        }
        catch (StoreUnavailableException e)
        {
            LogReconcileFailed(_log, e.Message); // the store will say again when it has recovered
        }
    }

    /// <summary>Enqueues what waits for a slot or a time, and answers the runs that need their driver at once; the others stay on disk until their turn comes.</summary>
    private async Task<List<RunId>> ReadUnfinishedAsync(bool isStart)
    {
        var due = new List<RunId>();
        var after = new RunId(0);
        while (await _store.ListUnfinishedRunsAsync(after, RecoveryPage) is { Count: > 0 } page)
        {
            due.AddRange(page.Where(run => SetGoing(run, isStart)).Select(run => run.Run));
            after = page[^1].Run;
        }

        return due;
    }

    /// <summary>True when the run needs its driver.</summary>
    private bool SetGoing(UnfinishedRun run, bool isStart)
    {
        var needsDriver = run.State == RunState.Stopping;
        foreach (var task in run.ActiveTasks)
        {
            var id = new TaskId(run.FirstTaskId + task.Index);
            switch (task.State)
            {
                case TaskState.Queued:
                    _queue.Enqueue(run.Run, task.Index, id, run.Priority);
                    break;
                case TaskState.RetryWaiting:
                    _timers.Add(run.Run, task.Index, task.Due!.Value);
                    break;
                default:
                    if (isStart && task.Attempt > 0)
                    {
                        _queue.Occupy(id); // before the first slot is handed out; later the driver does it, in the right order
                    }

                    needsDriver = true;
                    break;
            }
        }

        return needsDriver;
    }

    private async Task ResumeAllAsync(List<RunId> runs)
    {
        foreach (var chunk in runs.Chunk(RecoveriesAtOnce))
        {
            await Task.WhenAll(chunk.Select(ResumeAsync));
        }
    }

    private async Task ResumeAsync(RunId run)
    {
        try
        {
            await _host.DeliverAsync(run, new RunEvent.Resumed(_clock.GetUtcNow()));
        }
        catch (Exception e)
        {
            LogResumeFailed(_log, run.Value, e.Message); // the host revives it
        }
    }

    [LoggerMessage(LogLevel.Information, "Recovered: {DueRuns} runs go on at once, {WaitingTasks} tasks wait for a slot")]
    private static partial void LogRecovering(ILogger log, int dueRuns, int waitingTasks);

    [LoggerMessage(LogLevel.Warning, "The unfinished runs could not be read again: {Reason}")]
    private static partial void LogReconcileFailed(ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "Run {RunId} could not be taken over yet: {Reason}")]
    private static partial void LogResumeFailed(ILogger log, int runId, string reason);
}
