using System.Text;
using Porpoise.LiveServer.Callers;

namespace Porpoise.LiveServer.Servers;

/// <summary>A data folder with at most one server on it at a time. Disposing leaves neither a process nor the folder behind.</summary>
public sealed class Installation : IAsyncDisposable
{
    private readonly List<ServerProcess> _servers = [];
    private readonly bool _ownsFolder;
    private readonly string _program;
    private volatile ServerProcess? _server;
    private RootKey? _key;
    private DolphinClient? _dolphin;
    private CloudClient? _cloud;

    /// <param name="folder">The data folder; null: a fresh one of the test's own.</param>
    /// <param name="program">What is started as the server; null: the built one.</param>
    public Installation(string? folder = null, string? program = null)
    {
        _ownsFolder = folder is null;
        _program = program ?? ServerProcess.Binary;
        Folder = folder ?? Path.Combine(Directory.CreateTempSubdirectory("porpoise-e2e-").FullName, "data");
    }

    public string Folder { get; }

    /// <summary>For the environment of servers that are started from now on.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>The newest; clients on other threads use it while the next one starts.</summary>
    public ServerProcess Server => _server ?? throw new InvalidOperationException("No server was started yet.");

    public Uri Url => Server.Url;

    public RootKey Key => _key ??= RootKey.Read(Folder);

    /// <summary>Calls by token, at whatever server is running.</summary>
    public DolphinClient Dolphin => _dolphin ??= new DolphinClient(() => Url, Key);

    /// <summary>Signed calls, at whatever server is running.</summary>
    public CloudClient Cloud => _cloud ??= new CloudClient(() => Url, Key);

    /// <summary>All that the servers printed.</summary>
    public string Transcript
    {
        get
        {
            var text = new StringBuilder();
            foreach (var server in _servers)
            {
                text.AppendLine("── server ──").Append(server.Output);
            }

            return text.ToString();
        }
    }

    public async Task StartAsync(params string[] options)
    {
        _server = await ServerProcess.StartAsync(_program, Folder, Variables, options);
        _servers.Add(_server);
    }

    /// <summary>kill -9, and the next server.</summary>
    public async Task KillAndStartAsync(params string[] options)
    {
        await Server.KillAsync();
        await StartAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        _dolphin?.Dispose();
        _cloud?.Dispose();
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        TaskProcesses.Kill(Folder);
        if (_ownsFolder)
        {
            Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
        }
    }
}
