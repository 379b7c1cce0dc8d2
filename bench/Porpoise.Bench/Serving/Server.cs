using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Porpoise.Bench.Machine;

namespace Porpoise.Bench.Serving;

/// <summary>A server of our own, on a free port and a data folder of its own.</summary>
internal sealed class Server : IDisposable
{
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly Process _process;
    private bool _isLeft;

    private Server(string program, string dataFolder, int slots)
    {
        DataFolder = dataFolder;
        Port = FreePort();
        var start = new ProcessStartInfo(program, ["serve", "--data", dataFolder, "--urls", Text($"http://127.0.0.1:{Port}"), "--slots", Text($"{slots}"), "--calls-per-second", "0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var watch = Stopwatch.StartNew();
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start.");
        _process.ErrorDataReceived += (_, line) => _complaints.Enqueue(line.Data ?? "");
        _process.BeginErrorReadLine();
        WaitUntilReady();
        SecondsToReady = watch.Elapsed.TotalSeconds;
        Key = RootKey.Read(dataFolder);
    }

    public string DataFolder { get; }

    public int Port { get; }

    public int Pid => _process.Id;

    public RootKey Key { get; }

    /// <summary>False once it was stopped, crashed or removed.</summary>
    public bool IsRunning { get; private set; } = true;

    /// <summary>From just before the process was made to its ready line.</summary>
    public double SecondsToReady { get; }

    public static Server Start(string program, string dataFolder, int slots) => new(program, dataFolder, slots);

    /// <summary>Kills the server as a crash would, and leaves its data (and its tasks) for the next one.</summary>
    public void Crash()
    {
        _isLeft = true;
        _ = Libc.Kill(Pid, Libc.SigKill);
        _process.WaitForExit();
        End();
    }

    /// <summary>Stops the server in order, and leaves its data for the next one.</summary>
    public void Stop()
    {
        _isLeft = true;
        _ = Libc.Kill(Pid, Libc.SigTerm);
        if (!_process.WaitForExit(StopPatience))
        {
            _ = Libc.Kill(Pid, Libc.SigKill);
            _process.WaitForExit();
        }

        End();
    }

    /// <summary>
    /// Kills the server and the tasks that it leaves. Its data stay until the bench ends: ext4 makes new files several times slower for minutes
    /// after many were removed (without a journal it does not use their inodes again so soon, and looks at each of them), which
    /// would be measured as the next server's time.
    /// </summary>
    public void Dispose()
    {
        if (!_isLeft)
        {
            Crash();
            EndTasks(DataFolder);
        }
    }

    /// <summary>Ends the tasks of the data folders below this one.</summary>
    public static void EndTasks(string folder)
    {
        for (var tasks = ProcessFigures.WithHomeIn(folder); tasks.Count > 0; tasks = ProcessFigures.WithHomeIn(folder))
        {
            tasks.ForEach(static pid => _ = Libc.Kill(pid, Libc.SigKill));
            Thread.Sleep(10);
        }
    }

    private void End()
    {
        IsRunning = false;
        _process.Dispose();
    }

    private void WaitUntilReady()
    {
        using var patience = new Timer(_ => _process.Kill(), null, ReadyPatience, Timeout.InfiniteTimeSpan);
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith("Porpoise is ready", StringComparison.Ordinal))
            {
                return;
            }
        }

        _process.WaitForExit();
        throw new InvalidOperationException("The server did not become ready:\n" + string.Join('\n', _complaints));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
