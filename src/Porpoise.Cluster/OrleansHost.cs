using Porpoise.Core.Runs;
using Porpoise.Engine.Hosting;
using Porpoise.Engine.Runs;
using Porpoise.Storage;

namespace Porpoise.Cluster;

/// <summary>The clustered host: each run's driver lives in a grain, on whichever server Orleans placed it.</summary>
public sealed class OrleansHost(IGrainFactory grains, TimeProvider clock, Func<IDriverHost, RunDriverParts> makeParts) : IRunHost
{
    /// <summary>What the drivers work with, given their host.</summary>
    internal Func<IDriverHost, RunDriverParts> MakeParts => makeParts;

    /// <summary>The grain may be placed elsewhere, so it reads the run from its rows.</summary>
    public void Begin(StartedRun run) => _ = ResumeAsync(run.Id, Task.CompletedTask);

    public async Task DeliverAsync(RunId run, RunEvent e)
    {
        string? refusal;
        try
        {
            refusal = await grains.GetGrain<IRunGrain>(run.Value).DeliverAsync(RunMessage.From(e));
        }
        catch (Exception cause) when (cause is TimeoutException or Orleans.Runtime.OrleansException)
        {
            throw new StoreUnavailableException($"The owner of run {run} did not answer; try again in a second.", cause);
        }

        if (refusal is not null)
        {
            throw new StoreUnavailableException(refusal);
        }
    }

    /// <summary>Has the run read again from its rows after a while, wherever it then lives.</summary>
    internal void Revive(RunId run, RunDriverParts parts) => _ = ResumeAsync(run, parts.UntilRevivalAsync());

    private async Task ResumeAsync(RunId run, Task until)
    {
        try
        {
            await until;
            await DeliverAsync(run, new RunEvent.Resumed(clock.GetUtcNow()));
        }
        catch (Exception)
        {
            // The driver was poisoned, logged why, and asked for its revival itself; or the silo is closing, and the next one recovers the run.
        }
    }
}
