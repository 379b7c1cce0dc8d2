using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Porpoise.Worker.Runners;

namespace Porpoise.Worker.Tests.Databases;

/// <summary>A real database server of a test run's own: in a temporary folder, at a free port of this machine, gone afterwards.</summary>
public abstract class DatabaseServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly SemaphoreSlim Installing = new(1);
    private readonly ConcurrentQueue<string> _said = new();
    private Process? _process;
    private string _lastFault = "";

    protected const string Password = "it's \\ a \"password\" 工";

    protected string Folder { get; } = Directory.CreateTempSubdirectory("porpoise-db-").FullName;

    protected int Port { get; } = FreePort();

    public abstract DataSourceAccess Access { get; }

    public async Task StartAsync()
    {
        await PrepareAsync();
        _process = await LaunchAsync();
        for (var watch = Stopwatch.StartNew(); !await IsUpAsync(); await Task.Delay(50))
        {
            Assert.True(watch.Elapsed < Patience && !_process.HasExited, $"The database server did not come up. {_lastFault}\n{string.Join('\n', _said)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected abstract Task PrepareAsync();

    protected abstract Task<Process> LaunchAsync();

    /// <summary>Runs a program to its end; it must succeed.</summary>
    protected static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {await output}{await error}");
    }

    /// <summary>Installs Debian's package when the program is not there. Needs root, as in CI.</summary>
    protected static async Task InstallAsync(string package, Func<string?> find)
    {
        await Installing.WaitAsync();
        try
        {
            if (find() is null)
            {
                await RunAsync("apt-get", "update");
                await RunAsync("apt-get", "install", "-y", "--no-install-recommends", package);
            }
        }
        finally
        {
            Installing.Release();
        }
    }

    /// <summary>Such servers refuse to run as root, so they get a user of their own, which Debian's package made.</summary>
    protected async Task<Process> LaunchAsAsync(string user, string program, params string[] arguments)
    {
        await GiveAsync(user);
        var start = Environment.UserName == "root" ? new ProcessStartInfo("runuser", ["-u", user, "--", program, .. arguments]) : new ProcessStartInfo(program, arguments);
        (start.RedirectStandardOutput, start.RedirectStandardError, start.WorkingDirectory) = (true, true, Folder);
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, e) => _said.Enqueue(e.Data ?? "");
        process.ErrorDataReceived += (_, e) => _said.Enqueue(e.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    protected async Task RunAsAsync(string user, string program, params string[] arguments)
    {
        await GiveAsync(user);
        await (Environment.UserName == "root" ? RunAsync("runuser", ["-u", user, "--", program, .. arguments]) : RunAsync(program, arguments));
    }

    private Task GiveAsync(string user) => Environment.UserName == "root" ? RunAsync("chown", "-R", user, Folder) : Task.CompletedTask;

    private async Task<bool> IsUpAsync()
    {
        await using var log = new StringWriter();
        try
        {
            await using var database = await Worker.Runners.Sql.SqlConnections.OpenAsync(Access, new JobLog(log, TimeProvider.System), CancellationToken.None);
            return true;
        }
        catch (JobException e)
        {
            _lastFault = e.Message;
            return false;
        }
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    protected string PortText => Port.ToString(CultureInfo.InvariantCulture);
}
