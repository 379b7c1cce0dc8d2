using Porpoise.LiveServer.Callers;

namespace Porpoise.LiveServer.Servers;

/// <summary>One server for all tests that neither stop it nor count what it holds.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    public Installation Installation { get; } = new();

    public async ValueTask InitializeAsync() => await Installation.StartAsync("--slots", "16");

    public ValueTask DisposeAsync() => Installation.DisposeAsync();
}

/// <summary>A test on the shared server.</summary>
public abstract class SharedServerTest(SharedServer shared) : IDisposable
{
    protected Installation Installation => shared.Installation;

    protected DolphinClient Dolphin => Installation.Dolphin;

    protected CloudClient Cloud => Installation.Cloud;

    /// <summary>A client of the wanted dialect: the same call, the same data.</summary>
    protected ApiClient ClientOf(Dialect dialect) => dialect == Dialect.Cloud ? Cloud : Dolphin;

    public void Dispose()
    {
        Transcript.WriteIfFailed(Installation);
        GC.SuppressFinalize(this);
    }
}

public enum Dialect
{
    Cloud,
    Dolphin,
}
