using Porpoise.Bench.Machine;
using Porpoise.Bench.Serving;

namespace Porpoise.Bench.Workloads;

/// <summary>One run of one workload: gives it servers and takes its figures.</summary>
internal sealed class Trial(string program, string dataRoot) : IDisposable
{
    private readonly Busyness.Watch _watch = Busyness.Begin();
    private readonly List<Server> _servers = [];
    private readonly List<(string Name, string Unit, double Value)> _figures = [];
    private int _folders;

    public IReadOnlyList<(string Name, string Unit, double Value)> Figures => _figures;

    /// <summary>Where the workload may write.</summary>
    public string DataRoot => dataRoot;

    /// <summary>A server with a fresh data folder.</summary>
    public Server StartServer(int slots) => StartServer(Path.Combine(dataRoot, $"data-{++_folders}"), slots);

    /// <summary>A server on a folder that another one left.</summary>
    public Server StartServer(string dataFolder, int slots)
    {
        var server = Server.Start(program, dataFolder, slots);
        _servers.Add(server);
        return server;
    }

    public void Add(string name, string unit, double value) => _figures.Add((name, unit, value));

    /// <summary>The share of the machine that others used during this run. Ended servers count as the bench's own children.</summary>
    public double BusyByOthers() => _watch.Others([.. _servers.Where(static s => s.IsRunning).Select(static s => s.Pid)]);

    public void Dispose() => _servers.ForEach(static s => s.Dispose());
}
