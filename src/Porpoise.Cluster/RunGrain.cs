using Orleans.Concurrency;
using Porpoise.Core.Runs;
using Porpoise.Engine.Hosting;
using Porpoise.Engine.Runs;
using Porpoise.Storage;

namespace Porpoise.Cluster;

/// <summary>
/// A shell over one <see cref="RunDriver"/>: Orleans says where it lives, the driver does the rest. Reentrant, so that events reach the
/// driver's mailbox while it waits for a commit. Idle grains are collected by Orleans; that of an ended run goes at once.
/// </summary>
[Reentrant]
internal sealed class RunGrain : Grain, IRunGrain, IDriverHost
{
    private readonly OrleansHost _host;
    private readonly RunDriverParts _parts;
    private RunDriver? _driver;
    private TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RunGrain(OrleansHost host)
    {
        _host = host;
        _parts = host.MakeParts(this);
    }

    public async Task<string?> DeliverAsync(RunMessage message)
    {
        var e = message.ToEvent();
        try
        {
            // Off the grain's scheduler: what the driver sets going (claims of other runs, the worker's work) must not be bound to a grain that may go.
            await Task.Run(() => DeliverAsync(e));
            return null;
        }
        catch (StoreUnavailableException unavailable)
        {
            return unavailable.Message;
        }
    }

    /// <summary>Waits for the turn under way: NOOPs are completed in turns that no call waits for. If that takes too long, the successor's epoch fences this driver off.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            while (_driver?.TryRetire() == false)
            {
                await _quiet.Task.WaitAsync(cancellationToken);
                _quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
        catch (OperationCanceledException)
        {
            // The silo is in a hurry.
        }
    }

    public void OnIdle(RunDriver driver) => _quiet.TrySetResult();

    public void OnEnded(RunDriver driver)
    {
        _quiet.TrySetResult();
        GrainContext.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "The run has ended."));
    }

    public void OnPoisoned(RunDriver driver, bool isOwner) => _host.Revive(driver.Id, _parts);

    private Task DeliverAsync(RunEvent e)
    {
        while (true)
        {
            var driver = _driver ?? Interlocked.CompareExchange(ref _driver, new RunDriver(new RunId((int)this.GetPrimaryKeyLong()), _parts), null) ?? _driver;
            if (driver.Deliver(e) is { } done)
            {
                return done;
            }

            Interlocked.CompareExchange(ref _driver, null, driver);
        }
    }
}
