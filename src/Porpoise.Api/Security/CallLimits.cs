using System.Threading.RateLimiting;
using Porpoise.Access.Identities;
using Porpoise.Api.Errors;

namespace Porpoise.Api.Security;

/// <summary>How many calls one user or role may make. The account's owner is not limited: whoever is on call needs a way in while something else floods the server.</summary>
/// <param name="callsPerSecond">With bursts of twice as many; 0: no limit.</param>
public sealed class CallLimits(int callsPerSecond) : IDisposable
{
    private const int PeriodsPerSecond = 10;

    private readonly PartitionedRateLimiter<string>? _limiter = callsPerSecond == 0 ? null : PartitionedRateLimiter.Create<string, string>(caller =>
        RateLimitPartition.GetTokenBucketLimiter(caller, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = 2 * callsPerSecond,
            TokensPerPeriod = TokensPerPeriod(callsPerSecond),
            ReplenishmentPeriod = TimeSpan.FromSeconds(1) * TokensPerPeriod(callsPerSecond) / callsPerSecond,
            QueueLimit = 0,
            AutoReplenishment = true,
        }));

    public void Dispose() => _limiter?.Dispose();

    /// <summary>Calls without credentials are counted by the address that they come from, so that none takes the others' turn.</summary>
    /// <exception cref="RefusalException">Too many.</exception>
    public void Check(Principal caller, string address)
    {
        if (_limiter is null || caller.IsRoot)
        {
            return;
        }

        using var lease = _limiter.AttemptAcquire(caller.Kind == CallerKind.Nobody ? "address " + address : caller.Id);
        if (!lease.IsAcquired)
        {
            throw new RefusalException(new Refusal(ErrorCodes.TooManyCalls, $"{caller.UserName} may make {callsPerSecond} calls a second, and {2 * callsPerSecond} at once.")
            {
                RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1),
            });
        }
    }

    /// <summary>Rounded up, with a period that fits: then also 15 calls a second are 15.</summary>
    private static int TokensPerPeriod(int callsPerSecond) => (callsPerSecond + PeriodsPerSecond - 1) / PeriodsPerSecond;
}
