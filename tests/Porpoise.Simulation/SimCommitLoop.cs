using Porpoise.Storage.Commits;

namespace Porpoise.Simulation;

/// <summary>Commits in the simulator's own order: whatever was handed in until the drain is drawn is one batch. A server that has died commits with a last breath, or not at all.</summary>
public sealed class SimCommitLoop(SimScheduler scheduler, Incarnation server) : ICommitLoop
{
    private Action _drain = () => { };

    public void Start(Action drain) => _drain = drain;

    public void Signal() => scheduler.Post(
        _ =>
        {
            if (server.IsAlive || (!server.IsBuried && scheduler.Chance(0.5)))
            {
                _drain();
            }
        },
        null);

    public Task StopAsync()
    {
        _drain();
        return Task.CompletedTask;
    }
}
