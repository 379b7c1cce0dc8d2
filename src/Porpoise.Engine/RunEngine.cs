using Microsoft.Extensions.Logging;
using Porpoise.Core.Parameters;
using Porpoise.Core.Queues;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Engine.Dispatch;
using Porpoise.Engine.Environments;
using Porpoise.Engine.Hosting;
using Porpoise.Engine.Library;
using Porpoise.Engine.Live;
using Porpoise.Engine.Queues;
using Porpoise.Engine.Runs;
using Porpoise.Engine.Workflows;
using Porpoise.Storage;
using Porpoise.Storage.Queues;
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
    private readonly QueueCatalog? _queues;
    private readonly WorkerGroupCatalog? _groups;
    private readonly WorkerGroupQueue _queue;
    private readonly RunTimers _timers;
    private readonly IRunHost _host;

    /// <param name="store">Where the rows are.</param>
    /// <param name="worker">Runs the attempts.</param>
    /// <param name="options">How many slots.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logs">Makes loggers.</param>
    /// <param name="makeHost">Makes the host of the drivers; null: in this process.</param>
    /// <param name="queues">Knows the limits of the queues, and is loaded before <see cref="RecoverAsync"/>. A queue that it does not know has none; null: no queue has.</param>
    public RunEngine(
        IStore store, IWorker worker, EngineOptions options, TimeProvider clock, ILoggerFactory logs, Func<Func<IDriverHost, RunDriverParts>, IRunHost>? makeHost = null, QueueCatalog? queues = null)
    {
        _store = store;
        _clock = clock;
        _queues = queues;
        _log = logs.CreateLogger<RunEngine>();
        Catalog = new WorkflowCatalog(store);
        Library = new TaskLibrary(store);
        Environments = new EnvironmentCatalog(store);
        _queue = new WorkerGroupQueue(StandardWorkerGroup.Name, options.Slots, key => queues?.Find(key)?.Settings.TasksMax ?? 0, clock, logs.CreateLogger<WorkerGroupQueue>())
        {
            MayClaim = () => store.Health.IsHealthy,
        };
        _timers = new RunTimers(clock, () => _host!);
        var effects = options.Decorate(new EffectPerformer(_queue, _timers, worker, Ends, Environments, logs.CreateLogger<EffectPerformer>()));
        var driverLog = logs.CreateLogger<RunDriver>();
        RunDriverParts MakeParts(IDriverHost host) => new(store, Catalog, Library, effects, host, clock, driverLog) { Feed = Feed };
        _host = makeHost?.Invoke(MakeParts) ?? new InProcessHost(clock, MakeParts);
        _queues?.Changed += OnQueueChanged;
        _groups = options.Groups;
        _groups?.Changed += _queue.SetSlots;
        foreach (var group in _groups?.All ?? [])
        {
            _queue.SetSlots(group.Settings.Name, group.Settings.Slots);
        }
    }

    public WorkflowCatalog Catalog { get; }

    public TaskLibrary Library { get; }

    /// <summary>Known from <see cref="RecoverAsync"/> on.</summary>
    public EnvironmentCatalog Environments { get; }

    public RunEnds Ends { get; } = new();

    /// <summary>What changes in runs, for whoever watches.</summary>
    public RunFeed Feed { get; } = new();

    /// <summary>The slots of the worker groups, and who waits for them.</summary>
    public WorkerGroupQueue Queue => _queue;

    /// <summary>Retries and time limits whose time is still to come.</summary>
    public int Timers => _timers.Count;

    /// <summary>
    /// Reads what is unfinished and sets it going. Completes when the backlog and the running attempts are known and slots are handed out; runs
    /// that need their driver at once are taken over in the background.
    /// </summary>
    public async Task RecoverAsync()
    {
        await Environments.LoadAsync();
        var due = await ReadUnfinishedAsync(isStart: true);
        LogRecovering(_log, due.Count, _queue.Waiting);
        _queue.Open(_host);
        _store.Recovered += OnStoreRecovered;
        _ = ResumeAllAsync(due);
    }

    /// <summary>Starts a run; when the task completes with <see cref="StartRunResult.Started"/>, the run is durable.</summary>
    /// <exception cref="StoreUnavailableException">The store takes no writes, or the backlog is full.</exception>
    /// <exception cref="ArgumentException">The version has nodes that cannot be run (<see cref="CompiledVersion.NotRunnable"/>): the caller looks first. Nothing was written.</exception>
    /// <exception cref="System.Text.Json.JsonException">The start parameters are no JSON object. Nothing was written.</exception>
    public async Task<StartRunResult> StartAsync(StartOrder order)
    {
        if (order.Version.NotRunnable is [var node, ..])
        {
            throw new ArgumentException($"Node '{node.Name}' is of the type {node.Type}, which cannot be run.", nameof(order));
        }

        CheckBacklog();
        var startParams = StartParameters.Read(order.StartParams);
        var at = _clock.GetUtcNow();
        var decision = new Decision();
        var run = Run.Start(order.Version.Graph, order.FailureStrategy, at, decision);
        var result = await _store.StartRunAsync(new NewRun(
            order.Workspace, order.Version.Row.Code, order.Version.Row.Version, RunName(order.Version, at), order.FailureStrategy, order.Priority,
            order.IsProduction, order.Queue, order.StartedBy, order.Remarks, order.Version.Graph.Count, at, decision, order.Idempotency, order.Nonce)
        {
            QueueIsChosen = order.QueueIsChosen,
            WorkerGroup = order.WorkerGroup,
            StartParams = order.StartParams,
            ScheduleTime = order.ScheduleTime,
            TimeZone = order.TimeZone,
            LibraryPins = order.Library.Write(),
            Environment = order.Environment,
        });
        if (result is StartRunResult.Started started)
        {
            _host.Begin(new StartedRun(started.Run, new OwnedState(run, started.Epoch, started.FirstTaskId, RunTerms.Of(order), startParams, order.Version)
            {
                Time = new ParameterTime(order.ScheduleTime ?? at, order.TimeZone),
                Library = order.Library,
            }, decision.Effects));
        }

        return result;
    }

    /// <summary>Asks a run to stop; completes when the request is durable. A run that has ended is left as it is.</summary>
    public Task StopAsync(RunId run) => _host.DeliverAsync(run, new RunEvent.StopRequested(_clock.GetUtcNow()));

    /// <summary>Asks a task to stop; completes when the request is durable. One that has ended, or whose run is being ended, is left as it is.</summary>
    public Task StopTaskAsync(RunId run, int index) => _host.DeliverAsync(run, new RunEvent.TaskStopRequested(index, _clock.GetUtcNow()));

    /// <summary>Lets a task that failed or was ended count as succeeded; completes when that is durable. Any other is left as it is, and one whose run is being ended.</summary>
    public Task ForceSuccessAsync(RunId run, int index) => _host.DeliverAsync(run, new RunEvent.SuccessForced(index, _clock.GetUtcNow()));

    /// <summary>Runs a run again that has ended; completes when that is durable. One that has not ended is left as it is.</summary>
    /// <exception cref="StoreUnavailableException">The store takes no writes, or the backlog is full.</exception>
    public Task RerunAsync(RunId run, RerunScope scope)
    {
        CheckBacklog();
        return _host.DeliverAsync(run, new RunEvent.RerunRequested(scope, _clock.GetUtcNow()));
    }

    public Task ReportAsync(AttemptOrder order, AttemptOutcome outcome, DateTimeOffset at) =>
        _host.DeliverAsync(order.Run, new RunEvent.AttemptEnded(order.Index, order.Key.Number, outcome, at));

    public async ValueTask DisposeAsync()
    {
        _store.Recovered -= OnStoreRecovered;
        _queues?.Changed -= OnQueueChanged;
        _groups?.Changed -= _queue.SetSlots;
        Ends.Close();
        Feed.Dispose();
        _queue.Close();
        await _timers.DisposeAsync();
        Environments.Dispose();
    }

    private void CheckBacklog()
    {
        if (_queue.Waiting >= BacklogMax)
        {
            throw new StoreUnavailableException($"{BacklogMax} tasks are waiting for a slot; no more runs are started until some have run.");
        }
    }

    /// <summary>DolphinScheduler's form: definition, version, start time to the millisecond.</summary>
    private static string RunName(CompiledVersion version, DateTimeOffset at) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{version.Row.Definition.Name}-{version.Row.Version}-{at.UtcDateTime:yyyyMMddHHmmssfff}");

    private void OnQueueChanged(QueueRow queue) => _queue.Refresh(new QueueKey(queue.Workspace, queue.Settings.Name));

    /// <summary>
    /// A write that failed may have been carried out all the same: a run may stand in the rows that nobody here knows. Everything that is set
    /// going twice by this is recognised as such where it arrives.
    /// </summary>
    private void OnStoreRecovered()
    {
        _queue.GoOn();
        _ = ReconcileAsync();
    }

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
            foreach (var run in page)
            {
                // Without its version a run cannot go on; its driver will say so.
                if (await Catalog.LoadAsync(run.Workflow, run.Version) is not { } version || SetGoing(run, version, isStart))
                {
                    due.Add(run.Run);
                }
            }

            after = page[^1].Run;
        }

        return due;
    }

    /// <summary>True when the run needs its driver.</summary>
    private bool SetGoing(UnfinishedRun run, CompiledVersion version, bool isStart)
    {
        var terms = RunTerms.Of(run);
        var wakeUps = new List<RunEvent>();
        var needsDriver = run.State == RunState.Stopping;
        foreach (var task in run.ActiveTasks)
        {
            switch (task.State)
            {
                case TaskState.Queued:
                    _queue.EnqueueUnlessRunning(terms.RequestSlot(run.Run, run.FirstTaskId, version, task.Index));
                    break;
                case TaskState.RetryWaiting:
                    wakeUps.Add(new RunEvent.RetryDue(task.Index, task.Due!.Value));
                    break;
                default:
                    if (isStart && task.Attempt > 0)
                    {
                        _queue.Occupy(terms.RequestSlot(run.Run, run.FirstTaskId, version, task.Index)); // before the first slot is handed out; later the driver does it, in the right order
                    }

                    needsDriver = true;
                    break;
            }
        }

        // Also of a run whose driver is not needed yet: it may wait for a slot longer than it may take.
        if (version.Graph.TimeLimit is { } limit && (isStart || limit.Fails))
        {
            wakeUps.Add(new RunEvent.RunTimeUp(run.BegunAt + limit.After));
        }

        wakeUps.ForEach(e => _timers.Set(run.Run, e)); // last: what is due already may wake the driver at once
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
