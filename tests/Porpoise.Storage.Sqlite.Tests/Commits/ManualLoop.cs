using Porpoise.Storage.Commits;

namespace Porpoise.Storage.Sqlite.Tests.Commits;

/// <summary>Commits when the test says so.</summary>
internal sealed class ManualLoop : ICommitLoop
{
    private Action? _drain;

    public int Signals { get; private set; }

    public void Start(Action drain)
    {
        Assert.Null(_drain);
        _drain = drain;
    }

    public void Signal() => Signals++;

    public void Drain() => _drain!();

    public Task StopAsync()
    {
        Drain();
        return Task.CompletedTask;
    }
}
