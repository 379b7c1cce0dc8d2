using System.Diagnostics;
using Porpoise.EndToEnd.Tests.Installing;
using Porpoise.EndToEnd.Tests.RealClients;

[assembly: AssemblyFixture(typeof(Published))]

namespace Porpoise.EndToEnd.Tests.Installing;

/// <summary>What <c>./run publish</c> makes, each form once for all tests. The lock files have to hold, as in CI.</summary>
public sealed class Published : IAsyncDisposable
{
    /// <summary>Two runtimes are fetched at the first time, and the machine may be busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("porpoise-published-");
    private readonly SemaphoreSlim _gate = new(1);
    private readonly HashSet<string> _made = [];
    private BaseRegistry? _registry;

    /// <summary>The folder with the form in it: program, tool or image.</summary>
    public async Task<string> MakeAsync(string form)
    {
        await _gate.WaitAsync();
        try
        {
            if (_made.Add(form))
            {
                File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0b111_101_101); // the tasks' user starts it, too
                await RunAsync(form);
            }

            return _folder.FullName;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }

        _folder.Delete(recursive: true);
        _gate.Dispose();
    }

    private async Task RunAsync(string form)
    {
        var start = new ProcessStartInfo(Path.Combine(NodeSession.Repository, "run"), ["publish", "--out", _folder.FullName, form]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CI"] = "true";
        if (form == "image")
        {
            _registry ??= new BaseRegistry();
            start.Environment["ContainerBaseImage"] = _registry.Image;
        }

        using var publish = Process.Start(start)!;
        var (output, error) = (publish.StandardOutput.ReadToEndAsync(), publish.StandardError.ReadToEndAsync());
        await publish.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(publish.ExitCode == 0, $"./run publish {form} ended with {publish.ExitCode}:\n{await output}\n{await error}");
    }
}
