using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Porpoise.LiveServer.Servers;

/// <summary>How a server process ended, and how long that took from when it was asked to.</summary>
public sealed record Exit(int Code, TimeSpan Took, string Output);

/// <summary>One process of the built server. What it prints is kept for the failure messages.</summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    /// <summary>Generous: the machine is shared. A server that takes this long has hung.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const int SigAbort = 6;
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process) => _process = process;

    public Uri Url { get; private set; } = new("http://127.0.0.1:1");

    public int Id => _process.Id;

    /// <summary>Standard output and error, as they came.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Where the build puts the server: beside the tests, in the same configuration.</summary>
    public static string Binary { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "Porpoise", new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Name, "porpoise"));

    /// <summary>Starts a server on a port that is free, and waits until it says that it is ready.</summary>
    public static Task<ServerProcess> StartAsync(string folder, params string[] options) => StartAsync(Binary, folder, new Dictionary<string, string>(), options);

    /// <param name="program">What is started.</param>
    /// <param name="folder">The data folder.</param>
    /// <param name="variables">For its environment, beside the test's own.</param>
    /// <param name="options">Of <c>porpoise serve</c>.</param>
    public static async Task<ServerProcess> StartAsync(string program, string folder, IReadOnlyDictionary<string, string> variables, params string[] options)
    {
        var server = Launch(program, folder, "http://127.0.0.1:0", options, variables);
        try
        {
            server.Url = await server._ready.Task.WaitAsync(Patience);
            return server;
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            await server.DisposeAsync();
            throw new InvalidOperationException($"The server did not become ready: {e.Message}\n{server.Output}", e);
        }
    }

    /// <summary>For a server that is expected to end by itself.</summary>
    public static async Task<Exit> RunToEndAsync(string folder, string urls, params string[] options)
    {
        await using var server = Launch(Binary, folder, urls, options);
        return await server.WaitForExitAsync();
    }

    /// <summary>SIGKILL: nothing of the server's own runs any more when this returns.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>SIGTERM: how it ends then.</summary>
    public Task<Exit> StopAsync()
    {
        Send(SigTerm);
        return WaitForExitAsync();
    }

    /// <summary>SIGABRT, as when the runtime itself fails: how it ends then. The runtime's handler gives the first one back to the system, which acts on the next.</summary>
    public async Task<Exit> CrashAsync()
    {
        var ended = _process.WaitForExitAsync();
        await Eventually.TrueAsync(
            () =>
            {
                Send(SigAbort);
                return ended.IsCompleted;
            },
            "a server that fails ends", Patience);
        return await WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static ServerProcess Launch(string program, string folder, string urls, string[] options, IReadOnlyDictionary<string, string>? variables = null)
    {
        // Under root, tasks would be another user, who does not get at the files by which tests hear of them. What that user may do has its own tests.
        string[] user = Environment.IsPrivilegedProcess && !options.Contains("--task-user") ? ["--task-user", "root"] : [];
        var start = new ProcessStartInfo(program, ["serve", "--data", folder, "--urls", urls, .. user, .. options])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("PORPOISE_MASTER_KEY_FILE");
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var server = new ServerProcess(new Process { StartInfo = start, EnableRaisingEvents = true });
        server._process.OutputDataReceived += (_, line) => server.Keep(line.Data);
        server._process.ErrorDataReceived += (_, line) => server.Keep(line.Data);
        server._process.Exited += (_, _) => server._ready.TrySetException(new InvalidOperationException("it ended."));
        server._process.Start();
        server._process.StandardInput.Close();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    private void Send(int signal)
    {
        if (!_process.HasExited && Kill(_process.Id, signal) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    private async Task<Exit> WaitForExitAsync()
    {
        var since = Stopwatch.StartNew();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"The server did not end within {Patience}.\n{Output}", e);
        }

        return new Exit(_process.ExitCode, since.Elapsed, Output);
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (ReadyLine().Match(line) is { Success: true } ready)
        {
            _ready.TrySetResult(new Uri(ready.Groups["url"].Value));
        }
    }

    [GeneratedRegex(@"^Porpoise is ready at (?<url>http://\S+) \(workspace (?<workspace>w-[0-9a-z]+)\)$")]
    public static partial Regex ReadyLine();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
