using System.Globalization;
using Porpoise.Core.Queues;
using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Queues;
using Porpoise.Engine.Workflows;
using Porpoise.Storage.Commits;
using Porpoise.Storage.Queues;
using Porpoise.Storage.Runs;
using Porpoise.Storage.Sqlite;
using Porpoise.Storage.Workflows;

namespace Porpoise.Engine.Suite.Benches;

/// <summary>A whole engine over a real store in a folder of its own, with a scripted worker. It can die and come back.</summary>
public sealed class EngineBench : IAsyncDisposable
{
    private static readonly WorkspaceId Workspace = new("w-bench");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("porpoise-engine-");
    private readonly IEngineHosting _hosting;
    private readonly int _slots;
    private OpenEngine? _open;
    private ObservedStore? _store;
    private int _codes;

    private EngineBench(IEngineHosting hosting, int slots, TimeProvider? clock)
    {
        _hosting = hosting;
        _slots = slots;
        Clock = clock ?? TimeProvider.System;
        Worker = new ScriptedWorker(Happenings, Clock);
        Effects = new ObservedEffects(Happenings);
    }

    public Happenings Happenings { get; } = new();

    public TimeProvider Clock { get; }

    public ScriptedWorker Worker { get; }

    public ObservedEffects Effects { get; }

    public ObservedStore Store => _store!;

    public RunEngine Engine => _open!.Engine;

    public QueueCatalog Queues { get; private set; } = null!;

    public static async Task<EngineBench> OpenAsync(IEngineHosting hosting, int slots = 8, TimeProvider? clock = null)
    {
        var bench = new EngineBench(hosting, slots, clock);
        await bench.BootAsync();
        await bench.Store.CreateRootAsync(
            new("1", "root", "", bench.Clock.GetUtcNow()), new("k", "1", [1], true, bench.Clock.GetUtcNow()), new("t", "t", "1", "first token", ExpiresAt: null, bench.Clock.GetUtcNow()),
            new(Workspace, 1, "bench", bench.Clock.GetUtcNow()));
        await bench.Queues.LoadAsync(); // those of the new workspace
        return bench;
    }

    /// <summary>The engine and its store are gone; whatever the worker started goes on.</summary>
    public async Task DieAsync()
    {
        Worker.Attach(null);
        await _open!.CloseAsync();
        await _store!.DisposeAsync();
    }

    public async Task BootAsync()
    {
        var path = Path.Combine(_folder.FullName, "porpoise.db");
        _store = new ObservedStore(SqliteStore.Open(new SqliteStoreOptions(path, Clock, new CommitThread(), () => "bench")), Happenings);
        Queues = new QueueCatalog(_store);
        await Queues.LoadAsync();
        _open = await _hosting.OpenAsync(_store, Worker, new EngineOptions(_slots) { Decorate = Effects.Decorate }, Clock, Queues);
        Worker.Attach(Engine);
        await Engine.RecoverAsync();
    }

    public async Task RestartAsync()
    {
        await DieAsync();
        await BootAsync();
    }

    public async Task<CompiledVersion> SaveAsync(Shape shape)
    {
        var definition = shape.Build();
        var code = new WorkflowCode(Interlocked.Increment(ref _codes));
        definition = definition with { Name = string.Create(CultureInfo.InvariantCulture, $"{definition.Name[..Math.Min(20, definition.Name.Length)]}-{code.Value}") };
        Assert.IsType<SaveWorkflowResult.Saved>(await Store.CreateWorkflowAsync(Workspace, code, definition, publish: true, "bench", Clock.GetUtcNow(), nonce: null));
        return (await Engine.Catalog.LoadAsync(code, 1))!;
    }

    public async Task<RunId> StartAsync(Shape shape, FailureStrategy strategy = FailureStrategy.End, Priority priority = Priority.Medium) =>
        await StartAsync(await SaveAsync(shape), strategy, priority);

    public async Task<RunId> StartAsync(CompiledVersion version, FailureStrategy strategy = FailureStrategy.End, Priority priority = Priority.Medium) =>
        Assert.IsType<StartRunResult.Started>(await Engine.StartAsync(Order(version, strategy, priority))).Run;

    public async Task<RunId> StartAsync(Shape shape, Func<StartOrder, StartOrder> change) =>
        Assert.IsType<StartRunResult.Started>(await Engine.StartAsync(change(Order(await SaveAsync(shape))))).Run;

    /// <summary>Makes the queue, or changes its limit.</summary>
    public async Task LimitAsync(string queue, int tasksMax) =>
        Assert.IsType<SaveQueueResult.Saved>(Queues.Find(new QueueKey(Workspace, queue)) is { } known
            ? await Queues.UpdateAsync(Workspace, known.Id, now => now with { TasksMax = tasksMax }, Clock.GetUtcNow(), nonce: null)
            : await Queues.CreateAsync(Workspace, new QueueSettings(queue, QueueEnvironment.Both, tasksMax, CuMax: 0), Clock.GetUtcNow(), nonce: null));

    public static StartOrder Order(CompiledVersion version, FailureStrategy strategy = FailureStrategy.End, Priority priority = Priority.Medium, IdempotencyKey? key = null) =>
        new(Workspace, version, strategy, priority, true, "root_queue", "bench", "", key, null);

    /// <summary>Waits until the run has ended.</summary>
    public async Task<RunRow> EndAsync(RunId run)
    {
        using var wait = Engine.Ends.Register(run);
        if (await FindAsync(run) is { } row && row.State.IsFinal())
        {
            return row;
        }

        await Happenings.WithinPatienceAsync(wait.Ended, () => $"the end of run {run}, whose tasks are {Describe(run)}");
        return await FindAsync(run);
    }

    public async Task<RunRow> FindAsync(RunId run) => Assert.IsType<RunRow>(await Store.FindRunAsync(Workspace, run));

    public async Task<long> CountRunsAsync() => (await Store.CountRunsAsync(Workspace, null, null)).Values.Sum();

    public Task<IReadOnlyList<TaskRow>> TasksAsync(RunId run) => Store.ListTasksAsync(run, WorkflowLimits.TasksMax);

    /// <summary>Every slot can be had again: none leaked, and nothing runs.</summary>
    public async Task AssertSlotsAreFreeAsync()
    {
        await Happenings.UntilAsync(() => Worker.Running == 0, "the end of the last attempt");
        var probe = Shape.Wide("probe", _slots);
        for (var i = 0; i < _slots; i++)
        {
            Worker.Hold(string.Create(CultureInfo.InvariantCulture, $"probe{i}"));
        }

        var run = await StartAsync(probe);
        await Happenings.UntilAsync(() => Worker.Running == _slots, $"{_slots} attempts in all {_slots} slots");
        Worker.FinishRunning();
        Assert.Equal(RunState.Succeeded, (await EndAsync(run)).State);
    }

    public async ValueTask DisposeAsync()
    {
        Worker.Attach(null);
        await _open!.CloseAsync();
        await _store!.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private string Describe(RunId run) => string.Join(
        ", ", TasksAsync(run).GetAwaiter().GetResult().Take(20).Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Index}: {t.State} after {t.Attempt} attempts")));
}
