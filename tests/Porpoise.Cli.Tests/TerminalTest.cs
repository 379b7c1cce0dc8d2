using Porpoise.LiveServer.Servers;

namespace Porpoise.Cli.Tests;

/// <summary>A test with an installation of its own and somebody at a terminal.</summary>
public abstract class TerminalTest : InstallationTest, IAsyncDisposable
{
    protected CommandProcess Terminal { get; } = new();

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        Terminal.Dispose();
        GC.SuppressFinalize(this);
    }
}
