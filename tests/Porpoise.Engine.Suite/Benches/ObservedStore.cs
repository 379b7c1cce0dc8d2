using Porpoise.Core.Runs;
using Porpoise.Storage;
using Porpoise.Storage.Decorators;
using Porpoise.Storage.Runs;

namespace Porpoise.Engine.Suite.Benches;

/// <summary>Where a write fails: not at all, before it did anything, or after it did everything.</summary>
public enum Fault
{
    None,
    Before,
    After,
}

/// <summary>The real store, with faults on order, and notice of what became durable.</summary>
public sealed class ObservedStore(IStore inner, Happenings happenings) : StoreDecorator(inner)
{
    private readonly Lock _gate = new();
    private readonly HashSet<RunId> _ended = [];
    private readonly HashSet<(RunId Run, int Index, Type Change)> _changes = [];
    private int _saves;
    private int _takeOvers;

    /// <summary>Asked at each save.</summary>
    public Func<Decision, Fault> OnSave { get; set; } = _ => Fault.None;

    /// <summary>Asked at each start of a run.</summary>
    public Func<Fault> OnStart { get; set; } = () => Fault.None;

    /// <summary>Why the store takes no writes; null: it does.</summary>
    public string? Outage { get; set; }

    /// <summary>Saves wait until it completes.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Saves so far.</summary>
    public int SaveCount => Volatile.Read(ref _saves);

    /// <summary>How often a run was read from its rows.</summary>
    public int TakeOverCount => Volatile.Read(ref _takeOvers);

    public override StoreHealth Health => Outage is { } reason ? new StoreHealth(reason) : Inner.Health;

    public void RaiseRecovered() => OnRecovered();

    /// <summary>Completes when the end of the run is durable, whether anybody was told or not.</summary>
    public Task EndIsDurableAsync(RunId run) => happenings.UntilAsync(() => Locked(() => _ended.Contains(run)), $"the commit of the end of run {run}");

    public Task ChangeIsDurableAsync<T>(RunId run, int index = 0)
        where T : TaskChange =>
        happenings.UntilAsync(() => Locked(() => _changes.Contains((run, index, typeof(T)))), $"the commit of {typeof(T).Name} for task {index} of run {run}");

    public override async Task<StartRunResult> StartRunAsync(NewRun run)
    {
        ThrowIf(Outage is not null);
        var fault = OnStart();
        ThrowIf(fault == Fault.Before);
        var result = await Inner.StartRunAsync(run);
        ThrowIf(fault == Fault.After);
        return result;
    }

    public override async Task<bool> SaveRunAsync(RunId run, OwnerEpoch epoch, Decision decision)
    {
        Interlocked.Increment(ref _saves);
        happenings.Note();
        ThrowIf(Outage is not null);
        await Gate;
        var fault = OnSave(decision);
        ThrowIf(fault == Fault.Before);
        var saved = await Inner.SaveRunAsync(run, epoch, decision);
        if (saved)
        {
            lock (_gate)
            {
                _changes.UnionWith(decision.Changes.Select(c => (run, c.Index, c.GetType())));
                if (decision.State?.IsFinal() == true)
                {
                    _ended.Add(run);
                }
            }

            happenings.Note();
        }

        ThrowIf(fault == Fault.After);
        return saved;
    }

    public override Task<OwnedRun?> TakeOverRunAsync(RunId run)
    {
        Interlocked.Increment(ref _takeOvers);
        return Outage is { } reason ? Task.FromException<OwnedRun?>(new StoreUnavailableException(reason)) : Inner.TakeOverRunAsync(run);
    }

    private static void ThrowIf(bool failed)
    {
        if (failed)
        {
            throw new StoreUnavailableException("The disk is on strike.");
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}
