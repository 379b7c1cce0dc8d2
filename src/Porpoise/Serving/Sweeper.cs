using Porpoise.Access.Identities;
using Porpoise.Storage;
using Porpoise.Storage.Audit;
using Porpoise.Storage.Identities;
using Porpoise.Worker.Attempts;

namespace Porpoise.Serving;

/// <summary>
/// Once a minute, in bounded bites: writes down when credentials were last used, and removes nonces, idempotency tokens, audit rows, and what attempts left on the disk,
/// when they have served their time.
/// </summary>
internal sealed partial class Sweeper : IDisposable
{
    private const int BiteMax = 2_000;
    private const int AttemptStepsMax = 20;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(24);

    private readonly IStore _store;
    private readonly IAccessStore _access;
    private readonly IAuditStore _audit;
    private readonly KeyRing _keys;
    private readonly AttemptSweep _attempts;
    private readonly TimeSpan? _auditLife;
    private readonly TimeProvider _clock;
    private readonly ILogger<Sweeper> _log;
    private readonly CancellationTokenSource _stop = new();

    /// <param name="auditDays">0: for ever.</param>
    public Sweeper(IStore store, IAccessStore access, IAuditStore audit, KeyRing keys, AttemptSweep attempts, int auditDays, TimeProvider clock, ILogger<Sweeper> log)
    {
        _store = store;
        _access = access;
        _audit = audit;
        _keys = keys;
        _attempts = attempts;
        _auditLife = auditDays == 0 ? null : TimeSpan.FromDays(auditDays);
        _clock = clock;
        _log = log;
        _ = SweepAsync(_stop.Token);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    /// <summary>Also at the server's end.</summary>
    public async Task SaveUsesAsync()
    {
        try
        {
            if (_keys.TakeUses() is { Count: > 0 } uses)
            {
                await _access.SaveUsesAsync(uses);
            }
        }
        catch (StoreUnavailableException e)
        {
            LogSkipped(e.Message);
        }
    }

    private async Task SweepAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Interval, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                await SaveUsesAsync();
                await SweepOnceAsync(ct);
                SweepAttempts(ct);
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

            while (_auditLife is { } life && !ct.IsCancellationRequested && await _audit.PruneAuditAsync(now - life, BiteMax) >= BiteMax)
            {
            }
        }
        catch (StoreUnavailableException e)
        {
            LogSkipped(e.Message);
        }
    }

    private void SweepAttempts(CancellationToken ct)
    {
        try
        {
            for (var step = 0; step < AttemptStepsMax && _attempts.Step(ct); step++)
            {
            }

            if (_attempts.Problem is { } problem)
            {
                LogNotRemoved(problem);
            }
        }
        catch (IOException e)
        {
            LogNotRemoved(e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Something that attempts left on the disk is kept longer than it should be: {Reason}")]
    private partial void LogNotRemoved(string reason);

    [LoggerMessage(LogLevel.Warning, "Nothing was swept this time: {Reason}")]
    private partial void LogSkipped(string reason);
}
