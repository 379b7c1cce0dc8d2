using Porpoise.LiveServer.Callers;

namespace Porpoise.LiveServer.Servers;

/// <summary>A test with an installation of its own; it starts the servers itself.</summary>
public abstract class InstallationTest : IAsyncDisposable
{
    protected Installation Installation { get; } = new();

    protected DolphinClient Dolphin => Installation.Dolphin;

    protected CloudClient Cloud => Installation.Cloud;

    public virtual async ValueTask DisposeAsync()
    {
        Transcript.WriteIfFailed(Installation);
        await Installation.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
