using Microsoft.Extensions.Logging;

namespace Porpoise.Worker.Attempts;

/// <summary>
/// Keeps the logs of running attempts below their bound: looks at their sizes once a second and cuts the middle out of those that are too long.
/// So a log may be longer for as long as a second.
/// </summary>
internal sealed partial class LogBound : IAsyncDisposable
{
    private static readonly TimeSpan LookDelay = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly long _bytesMax;
    private readonly Func<IEnumerable<string>> _logs;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Task _loop;
    private string? _problem;

    /// <param name="bytesMax">What a log may have.</param>
    /// <param name="logs">The logs that are being written now.</param>
    /// <param name="clock">When to look.</param>
    /// <param name="log">Says what stands in the way.</param>
    public LogBound(long bytesMax, Func<IEnumerable<string>> logs, TimeProvider clock, ILogger log)
    {
        _bytesMax = bytesMax;
        _logs = logs;
        _clock = clock;
        _log = log;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Cuts one that is too long. What stands in the way is said once, not every second.</summary>
    public void Cut(string log)
    {
        string? problem;
        try
        {
            problem = LogGap.Cut(log, _bytesMax);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = e.Message;
        }

        if (problem is not null && Interlocked.Exchange(ref _problem, problem) != problem)
        {
            LogNotCut(log, problem);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _stopping.Cancel();
        await _loop;
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(LookDelay, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                foreach (var log in _logs())
                {
                    Cut(log);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The worker lets go.
        }
    }

    [LoggerMessage(LogLevel.Warning, "The log {Log} is longer than it may be, and cannot be cut: {Reason}")]
    private partial void LogNotCut(string log, string reason);
}
