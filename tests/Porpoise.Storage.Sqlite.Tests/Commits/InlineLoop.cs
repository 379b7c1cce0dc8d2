using Porpoise.Storage.Commits;

namespace Porpoise.Storage.Sqlite.Tests.Commits;

/// <summary>Commits on the thread that hands the write in, before it goes on: for tests that must know when a commit was tried.</summary>
internal sealed class InlineLoop : ICommitLoop
{
    private Action? _drain;

    public void Start(Action drain) => _drain = drain;

    public void Signal() => _drain!();

    public Task StopAsync()
    {
        _drain!();
        return Task.CompletedTask;
    }
}
