using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Porpoise.Engine.Hosting;
using Porpoise.Engine.Runs;

namespace Porpoise.Cluster;

/// <summary>One Orleans silo in this process, a cluster of its own: built with the engine, started before the engine recovers, stopped after it.</summary>
public sealed class OrleansSilo : IAsyncDisposable
{
    private readonly IHost _app;

    private OrleansSilo(IHost app)
    {
        _app = app;
        Host = app.Services.GetRequiredService<OrleansHost>();
    }

    /// <summary>The host of the engine's drivers.</summary>
    public OrleansHost Host { get; }

    /// <summary>Of this silo, for tests that look inside.</summary>
    internal IGrainFactory Grains => _app.Services.GetRequiredService<IGrainFactory>();

    /// <param name="clock">The drivers' time; Orleans keeps its own.</param>
    /// <param name="logs">Makes loggers.</param>
    /// <param name="makeParts">Makes what the drivers work with, given their host.</param>
    public static OrleansSilo Build(TimeProvider clock, ILoggerFactory logs, Func<IDriverHost, RunDriverParts> makeParts)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.Replace(ServiceDescriptor.Singleton(logs));
        builder.UseOrleans(silo => silo.UseLocalhostClustering(FreePort(), gatewayPort: 0));
        builder.Services.AddSingleton(services => new OrleansHost(services.GetRequiredService<IGrainFactory>(), clock, makeParts));
        return new OrleansSilo(builder.Build());
    }

    public Task StartAsync() => _app.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await ((IAsyncDisposable)_app).DisposeAsync();
    }

    /// <summary>Nobody outside this process connects to it.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
