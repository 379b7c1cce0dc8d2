using Porpoise.Storage;

namespace Porpoise.Serving;

/// <summary>Once a minute, removes nonces and idempotency tokens that have served their time, in bounded bites.</summary>
internal sealed partial class Sweeper : IDisposable
{
    private const int BiteMax = 2_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(24);

    private readonly IStore _store;
    private readonly TimeProvider _clock;
    private readonly ILogger<Sweeper> _log;
    private readonly CancellationTokenSource _stop = new();

    public Sweeper(IStore store, TimeProvider clock, ILogger<Sweeper> log)
    {
        _store = store;
        _clock = clock;
        _log = log;
        _ = SweepAsync(_stop.Token);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task SweepAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Interval, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                await SweepOnceAsync(ct);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task SweepOnceAsync(CancellationToken ct)
    {
        try
        {
            var now = _clock.GetUtcNow();
            while (!ct.IsCancellationRequested && await _store.PruneAsync(now, now - TokenLife, BiteMax) >= BiteMax)
            {
            }
        }
        catch (StoreUnavailableException e)
        {
            LogSkipped(e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Nothing was swept this time: {Reason}")]
    private partial void LogSkipped(string reason);
}
