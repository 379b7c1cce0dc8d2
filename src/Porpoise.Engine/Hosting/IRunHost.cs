using Porpoise.Core.Runs;
using Porpoise.Engine.Runs;

namespace Porpoise.Engine.Hosting;

/// <summary>
/// Where run drivers live: in this process (the embedded default), in Orleans grains (a cluster), or in the simulator. A host makes sure that
/// a run has at most one driver here, brings it events, pages idle drivers out, and revives those whose commit failed.
/// </summary>
public interface IRunHost
{
    /// <summary>A run was started by this process: sets it going.</summary>
    void Begin(StartedRun run);

    /// <summary>
    /// Brings an event to the run's driver, loading it if need be. Completes when what the event changed is durable and its effects are
    /// performed; throws <see cref="Storage.StoreUnavailableException"/> when that could not be written: whether it was is then unknown.
    /// </summary>
    Task DeliverAsync(RunId run, RunEvent e);
}

/// <summary>What a driver asks of its host.</summary>
public interface IDriverHost
{
    /// <summary>Nothing is left to do for now: the driver may be paged out.</summary>
    void OnIdle(RunDriver driver);

    /// <summary>The run has ended, or does not exist: the driver is not needed any more.</summary>
    void OnEnded(RunDriver driver);

    /// <summary>
    /// A commit failed or was refused, and the driver forgot what it knew. Deliver <see cref="RunEvent.Resumed"/> after a while, so that
    /// whatever was lost with the memory is derived again from the rows.
    /// </summary>
    void OnPoisoned(RunDriver driver, bool isOwner);
}
