using System.Collections.Concurrent;

namespace Porpoise.EndToEnd.Tests.Security;

/// <summary>Looks again and again, as <c>ps</c> would, at the arguments and the environments of all processes that have to do with some folders; an empty name stands for all processes.</summary>
internal sealed class ProcessWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, bool> _seen = new();
    private int _rounds;
    private readonly string[] _folders;
    private readonly Task _loop;

    public ProcessWatch(params string[] folders)
    {
        _folders = folders;
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>How often all processes were looked at.</summary>
    public int Rounds => Volatile.Read(ref _rounds);

    /// <summary>Each different one once.</summary>
    public ICollection<string> Seen => _seen.Keys;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(p => char.IsAsciiDigit(p[6])))
            {
                var text = Read(process + "/cmdline") + "\n" + Read(process + "/environ");
                if (_folders.Any(f => text.Contains(f, StringComparison.Ordinal)))
                {
                    _seen.TryAdd(text, true);
                }
            }

            Interlocked.Increment(ref _rounds);
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // it ended meanwhile
        }
    }
}
