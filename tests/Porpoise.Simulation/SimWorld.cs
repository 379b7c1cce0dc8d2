using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Porpoise.Core.Queues;
using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Engine;
using Porpoise.Engine.Dispatch;
using Porpoise.Engine.Queues;
using Porpoise.Storage;
using Porpoise.Storage.Queues;
using Porpoise.Storage.Runs;
using Porpoise.Storage.Sqlite;

namespace Porpoise.Simulation;

/// <summary>What came of one simulation.</summary>
/// <param name="Seed">Repeats it exactly.</param>
/// <param name="Violation">The first broken law; null if all held.</param>
/// <param name="TraceHash">Fingerprint of everything that happened.</param>
/// <param name="Runs">Runs that were acknowledged.</param>
/// <param name="Steps">Steps of the scheduler.</param>
/// <param name="Crashes">Deaths of the server.</param>
/// <param name="Retries">Attempts beyond the first.</param>
/// <param name="TimeOuts">Runs and attempts that took too long.</param>
/// <param name="AtLimit">Starts after which a run or a queue had as many attempts as it may.</param>
/// <param name="Restarts">How often runs were begun anew.</param>
public sealed record SimResult(int Seed, string? Violation, string TraceHash, string Trace, int Runs, int Steps, int Crashes, int Retries, int TimeOuts, int AtLimit, int Restarts);

/// <summary>
/// A server with its real engine and real SQLite store, its clients, its workers' processes and its disasters, all on one thread and in virtual
/// time. For twenty seconds everything goes wrong that can; then nothing does any more, and every run has to come to a right end.
/// </summary>
public sealed class SimWorld : IDisposable
{
    private const int Slots = 5;
    public const string SmallGroup = "small";
    private const int SmallGroupSlotsMax = 3;
    private const string MayHang = "-may-hang";
    private static readonly string[] QueueNames = ["root_queue", "narrow"];
    private static readonly TimeSpan Chaos = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly WorkspaceId Workspace = new("w-sim");
    private static readonly byte[] EmptyStore = MakeEmptyStore();

    private readonly string _path;
    private readonly List<SqliteStore> _stores = [];
    private readonly List<WorkflowDefinition> _definitions = [];
    private readonly int _seed;
    private (Incarnation Server, RunEngine Engine, QueueCatalog Queues)? _current;
    private int _clients;
    private int _crashes;

    private SimWorld(int seed, PlantedBug bug)
    {
        _seed = seed;
        Bug = bug;
        Scheduler = new SimScheduler(seed);
        _path = Path.Combine(FastFolder, $"porpoise-sim-{Environment.ProcessId}-{Guid.NewGuid():N}.db");
        File.WriteAllBytes(_path, EmptyStore);
        Checker = new Checker(Scheduler, _path, _definitions);
        _stores.Add(SqliteStore.Open(new SqliteStoreOptions(_path, Scheduler.Clock, new InlineCommitLoop(), () => "sim")));
        Disk = new SimDisk(Scheduler, Checker);
    }

    public PlantedBug Bug { get; }

    public SimScheduler Scheduler { get; }

    public Checker Checker { get; }

    public SimDisk Disk { get; }

    /// <summary>A folder in memory where there is one: the simulator commits some thousand times a second.</summary>
    private static string FastFolder => Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    /// <summary>The first store: where somebody saves workflows and changes queues, beside the servers. It neither fails nor dies.</summary>
    private SqliteStore Administration => _stores[0];

    private bool IsCalm => Scheduler.Clock.GetUtcNow() - SimClock.Beginning > Chaos;

    public static SimResult Run(int seed, PlantedBug bug = PlantedBug.None)
    {
        using var world = new SimWorld(seed, bug);
        return world.Run();
    }

    /// <summary>True when something is to go wrong; never once it is calm.</summary>
    public bool Fault(double probability) => Scheduler.Chance(probability) && !IsCalm;

    /// <summary>Where a time limit will end it, a task may also never end by itself.</summary>
    public SimScript DrawScript(AttemptOrder order) => new(
        order.TaskName.EndsWith(MayHang, StringComparison.Ordinal) && Scheduler.Chance(0.3) ? TimeSpan.FromDays(1) : TimeSpan.FromMilliseconds(Scheduler.Chance(0.1) ? Scheduler.Random.Next(3_000) : Scheduler.Random.Next(200)),
        Scheduler.Chance(0.3) ? 1 + Scheduler.Random.Next(3) : 0,
        Fault(0.03));

    public void Dispose()
    {
        Checker.Dispose();
        foreach (var file in Directory.EnumerateFiles(FastFolder, Path.GetFileName(_path) + "*"))
        {
            File.Delete(file);
        }
    }

    private static byte[] MakeEmptyStore()
    {
        var path = Path.Combine(FastFolder, $"porpoise-sim-{Environment.ProcessId}-{Guid.NewGuid():N}.db");
        var store = SqliteStore.Open(new SqliteStoreOptions(path, TimeProvider.System, new InlineCommitLoop(), () => "sim"));
        store.CreateRootAsync(
            new("1", "root", "", SimClock.Beginning), new("k", "1", [1], true, SimClock.Beginning), new("t", "t", "1", "first token", ExpiresAt: null, SimClock.Beginning), new(Workspace, 1, "default", SimClock.Beginning)).GetAwaiter().GetResult();
        store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        var bytes = File.ReadAllBytes(path);
        File.Delete(path);
        return bytes;
    }

    private SimResult Run()
    {
        Scheduler.Start(RunAllAsync);
        Scheduler.Run(() => Checker.Violation is not null || (_clients == 0 && IsCalm && Checker.Acknowledged.All(Checker.HasEnded)), SimClock.Beginning + Patience);
        if (Checker.Violation is null)
        {
            if (_clients > 0)
            {
                Checker.Fail("A client never got an answer.");
            }

            Checker.CheckEnd();
        }

        var timeOuts = Checker.CountTimeOuts();
        var restarts = Checker.Acknowledged.Sum(Checker.ReadRestarts);
        foreach (var store in _stores)
        {
            store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        var trace = Checker.Trace;
        var retries = trace.Split('\n').Count(l => l.Contains(" start ", StringComparison.Ordinal) && !l.Contains("worker", StringComparison.Ordinal) && !l.EndsWith(".1", StringComparison.Ordinal));
        return new SimResult(
            _seed, Checker.Violation, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(trace)))[..16], trace, Checker.Acknowledged.Count, Scheduler.Steps, _crashes, retries, timeOuts, Checker.AtLimit, restarts);
    }

    private async Task RunAllAsync()
    {
        await Administration.CreateQueueAsync(Workspace, new QueueSettings(QueueNames[1], QueueEnvironment.Both, TasksMax: 0, CuMax: 0), Scheduler.Clock.GetUtcNow(), nonce: null);
        foreach (var name in QueueNames)
        {
            await ChangeQueueAsync(name);
        }

        var now = Scheduler.Clock.GetUtcNow();
        await Administration.CreateWorkerGroupAsync(new WorkerGroupSettings(StandardWorkerGroup.Name, Slots, ""), now, nonce: null);
        Checker.OnGroupChanged(new WorkerGroupSettings(StandardWorkerGroup.Name, Slots, ""));
        await Administration.CreateWorkerGroupAsync(new WorkerGroupSettings(SmallGroup, SmallGroupSlotsMax, ""), now, nonce: null);
        await ChangeGroupAsync();

        Boot();
        for (var i = 0; i < 4; i++)
        {
            var definition = DrawDefinition(i);
            _definitions.Add(definition);
            await Administration.CreateWorkflowAsync(Workspace, new WorkflowCode(i + 1), definition, publish: true, "sim", Scheduler.Clock.GetUtcNow(), nonce: null);
        }

        var runs = 5 + Scheduler.Random.Next(15);
        for (var i = 0; i < runs; i++)
        {
            _clients++;
            Scheduler.Start(() => ClientAsync(string.Create(CultureInfo.InvariantCulture, $"token-{Scheduler.Random.Next()}")));
        }

        Scheduler.Start(DisasterAsync);
        Scheduler.Start(ChangeQueuesAsync);
        Scheduler.Start(ChangeGroupsAsync);
    }

    /// <summary>Somebody changes the limits of the queues from time to time.</summary>
    private async Task ChangeQueuesAsync()
    {
        for (var left = Scheduler.Random.Next(8); left > 0; left--)
        {
            await Scheduler.DelayAsync(Scheduler.RandomTime(5_000));
            if (_current is { } current)
            {
                await ChangeQueueAsync(QueueNames[Scheduler.Random.Next(QueueNames.Length)]);
                await current.Queues.LoadAsync();
            }
        }
    }

    /// <summary>Somebody changes the slots of the small worker group from time to time.</summary>
    private async Task ChangeGroupsAsync()
    {
        for (var left = Scheduler.Random.Next(5); left > 0; left--)
        {
            await Scheduler.DelayAsync(Scheduler.RandomTime(5_000));
            if (_current is { } current)
            {
                var settings = await ChangeGroupAsync();
                current.Engine.Queue.SetSlots(settings.Name, settings.Slots);
            }
        }
    }

    private async Task<WorkerGroupSettings> ChangeGroupAsync()
    {
        var group = (await Administration.ListWorkerGroupsAsync()).Single(g => g.Settings.Name == SmallGroup);
        var settings = group.Settings with { Slots = 1 + Scheduler.Random.Next(SmallGroupSlotsMax) };
        Checker.OnGroupChanged(settings);
        await Administration.UpdateWorkerGroupAsync(group.Id, settings, Scheduler.Clock.GetUtcNow(), nonce: null);
        return settings;
    }

    private async Task ChangeQueueAsync(string name)
    {
        var queue = (await Administration.ListQueuesAsync(Workspace)).Single(q => q.Settings.Name == name);
        var settings = queue.Settings with { TasksMax = Scheduler.Random.Next(4) };
        Checker.OnQueueChanged(settings);
        await Administration.UpdateQueueAsync(Workspace, queue.Id, settings, Scheduler.Clock.GetUtcNow(), nonce: null);
    }

    /// <summary>Starts a run some time, repeats the call until it is answered, and sometimes stops the run later.</summary>
    private async Task ClientAsync(string token)
    {
        await Scheduler.DelayAsync(Scheduler.RandomTime((int)Chaos.TotalMilliseconds));
        var code = new WorkflowCode(1 + Scheduler.Random.Next(_definitions.Count));
        var strategy = Scheduler.Chance(0.5) ? FailureStrategy.End : FailureStrategy.Continue;
        var priority = (Priority)Scheduler.Random.Next(5);
        var queue = QueueNames[Scheduler.Random.Next(QueueNames.Length)];
        var (isProduction, isChosen) = (Scheduler.Chance(0.7), Scheduler.Chance(0.3));
        var group = Scheduler.Chance(0.2) ? SmallGroup : StandardWorkerGroup.Name;
        var run = await InsistAsync(async engine =>
        {
            var version = (await engine.Catalog.LoadAsync(code, 1))!;
            var key = new IdempotencyKey("sim", "start", token, "h", DateTimeOffset.UnixEpoch);
            return await engine.StartAsync(new StartOrder(Workspace, version, strategy, priority, isProduction, queue, "sim", "", key, null) { QueueIsChosen = isChosen, WorkerGroup = group }) switch
            {
                StartRunResult.Started started => started.Run,
                StartRunResult.Repeated repeated => repeated.Run,
                var other => throw new InvalidOperationException(other.ToString()),
            };
        });
        Checker.OnAcknowledged(token, run, _definitions[(int)code.Value - 1]);
        for (var begun = 1 + Scheduler.Random.Next(3); begun > 0; begun--)
        {
            await MeddleAsync(run, _definitions[(int)code.Value - 1].Tasks.Count);
            if (begun > 1)
            {
                await RunAgainAsync(run);
            }
        }

        _clients--;
    }

    /// <summary>Sometimes stops one of its tasks, sometimes all of it.</summary>
    private async Task MeddleAsync(RunId run, int tasks)
    {
        if (Scheduler.Chance(0.3))
        {
            await Scheduler.DelayAsync(Scheduler.RandomTime(2_000));
            var index = Scheduler.Random.Next(tasks);
            await InsistAsync(engine => engine.StopTaskAsync(run, index));
            Checker.OnTaskStopAcknowledged(run, index);
        }

        if (Scheduler.Chance(0.2))
        {
            await Scheduler.DelayAsync(Scheduler.RandomTime(3_000));
            await InsistAsync(engine => engine.StopAsync(run));
            Checker.OnStopAcknowledged(run);
        }
    }

    /// <summary>Waits for the end of the run, perhaps lets a task that failed count as succeeded, and begins the run anew.</summary>
    private async Task RunAgainAsync(RunId run)
    {
        while (!Checker.HasEnded(run))
        {
            await Scheduler.DelayAsync(Scheduler.RandomTime(1_000));
        }

        if (Scheduler.Chance(0.3) && Checker.FindFailed(run) is { } failed)
        {
            await InsistAsync(engine => engine.ForceSuccessAsync(run, failed));
            Checker.OnForceAcknowledged(run, failed);
        }

        var before = Checker.ReadRestarts(run);
        var scope = Checker.HasSucceeded(run) || Scheduler.Chance(0.3) ? RerunScope.All : RerunScope.FromFailure;
        await InsistAsync(engine => engine.RerunAsync(run, scope));
        Checker.OnRerunAcknowledged(run, before);
    }

    private Task<bool> InsistAsync(Func<RunEngine, Task> call) => InsistAsync(async engine =>
    {
        await call(engine);
        return true;
    });

    /// <summary>Calls whatever server is there until one answers. A server that dies meanwhile never does, so the caller gives up on it in time.</summary>
    private async Task<T> InsistAsync<T>(Func<RunEngine, Task<T>> call)
    {
        while (true)
        {
            if (_current is { } current)
            {
                try
                {
                    var answer = call(current.Engine);
                    await Task.WhenAny(answer, Scheduler.DelayAsync(TimeSpan.FromSeconds(5)));
                    if (answer.IsCompleted && current.Server.IsAlive)
                    {
                        return await answer;
                    }
                }
                catch (StoreUnavailableException)
                {
                    // As an HTTP caller: try again.
                }
            }

            await Scheduler.DelayAsync(Scheduler.RandomTime(300));
        }
    }

    private async Task DisasterAsync()
    {
        for (var left = Scheduler.Random.Next(6); left > 0; left--)
        {
            await Scheduler.DelayAsync(Scheduler.RandomTime(5_000));
            while (_current is null)
            {
                await Scheduler.DelayAsync(TimeSpan.FromMilliseconds(10));
            }

            if (IsCalm)
            {
                return;
            }

            var dying = _current.Value.Server;
            _current = null;
            _crashes++;
            Checker.Note($"crash");
            if (Scheduler.Chance(0.3))
            {
                dying.BecomeZombie();
                Scheduler.Start(async () =>
                {
                    await Scheduler.DelayAsync(Scheduler.RandomTime(3_000));
                    dying.Die();
                    dying.Bury();
                });
            }
            else
            {
                dying.Die();
            }

            await Scheduler.DelayAsync(Scheduler.RandomTime(500));
            dying.Bury();
            Boot();
        }
    }

    private void Boot()
    {
        var server = new Incarnation();
        var real = SqliteStore.Open(new SqliteStoreOptions(_path, Scheduler.Clock, new SimCommitLoop(Scheduler, server), () => "sim"));
        _stores.Add(real);
        var store = new FaultyStore(this, server, real);
        var worker = new SimWorker(this, server);
        Scheduler.Start(async () =>
        {
            var (queues, groups) = (new QueueCatalog(real), new WorkerGroupCatalog(real));
            await queues.LoadAsync();
            await groups.LoadAsync(Slots, isChosen: false, Scheduler.Clock.GetUtcNow());
            var options = new EngineOptions(Slots) { Groups = groups, Decorate = effects => new FaultyEffects(this, server, effects) };
            var engine = new RunEngine(store, worker, options, Scheduler.Clock, NullLoggerFactory.Instance, makeParts => new SimHost(Scheduler, server, makeParts), queues);
            worker.Reports = engine;
            await engine.RecoverAsync();
            if (server.IsAlive && !server.IsZombie)
            {
                _current = (server, engine, queues);
            }
        });
    }

    /// <summary>One to ten nodes in a random acyclic graph, with random retries and limits.</summary>
    private WorkflowDefinition DrawDefinition(int number)
    {
        var random = Scheduler.Random;
        var count = 1 + random.Next(10);
        var limit = random.Next(3) == 0 ? DrawLimit(5, 15) : null;
        var tasks = Enumerable.Range(0, count).Select(i =>
        {
            var taskLimit = random.Next(4) == 0 ? DrawLimit(1, 3) : null;
            var mayHang = limit is { Fails: true } || taskLimit is { Fails: true };
            return new TaskDefinition(
                new TaskCode(i + 1), string.Create(CultureInfo.InvariantCulture, $"t{i}{(mayHang ? MayHang : "")}"), "", random.Next(3) == 0 ? TaskTypes.Noop : TaskTypes.Shell,
                "{\"rawScript\":\"true\"}", random.Next(3), TimeSpan.FromSeconds(random.Next(3)), (Priority)random.Next(5))
            {
                TimeLimit = taskLimit,
                Queue = random.Next(4) == 0 ? "narrow" : "",
                WorkerGroup = random.Next(6) switch { 0 => SmallGroup, 1 => StandardWorkerGroup.Name, _ => "" },
                Delay = TimeSpan.FromSeconds(random.Next(6) == 0 ? 1 + random.Next(2) : 0),
                IsDisabled = i > 0 && random.Next(8) == 0, // somebody has to run
            };
        }).ToList();
        var edges = new List<Edge>();
        for (var to = 1; to < count; to++)
        {
            for (var from = 0; from < to; from++)
            {
                if (random.Next(count) < 2)
                {
                    edges.Add(new Edge(new TaskCode(from + 1), new TaskCode(to + 1)));
                }
            }
        }

        return new WorkflowDefinition(string.Create(CultureInfo.InvariantCulture, $"w{number}"), "", tasks, edges, "") { TimeLimit = limit, ParallelismMax = random.Next(4) };
    }

    private TimeLimit DrawLimit(int secondsMin, int secondsMax) =>
        new(TimeSpan.FromSeconds(Scheduler.Random.Next(secondsMin, secondsMax + 1)), (TimeLimitAction)Scheduler.Random.Next(3));

    /// <summary>Commits at once, for preparing the empty store.</summary>
    private sealed class InlineCommitLoop : Storage.Commits.ICommitLoop
    {
        private Action _drain = () => { };

        public void Start(Action drain) => _drain = drain;

        public void Signal() => _drain();

        public Task StopAsync() => Task.CompletedTask;
    }
}
