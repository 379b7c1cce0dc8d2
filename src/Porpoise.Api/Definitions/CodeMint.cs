using Porpoise.Storage.Workflows;

namespace Porpoise.Api.Definitions;

/// <summary>
/// Mints codes: milliseconds since 2021 (in DolphinScheduler's zone) times 128, plus a running number; so they stay below 2^53 for two thousand
/// years. They are unique also when the clock goes back: a bound ahead of them is written to the store before they are handed out, and the next
/// server starts from it.
/// </summary>
public sealed class CodeMint(IWorkflowStore store, TimeProvider clock) : IDisposable
{
    private const long EpochMilliseconds = 1_609_430_400_000;

    /// <summary>Eight seconds' worth: at most one write in that time, however many codes are minted.</summary>
    private const long ReserveAhead = 1 << 20;

    private readonly SemaphoreSlim _gate = new(1);
    private long _next;
    private long _bound;

    public void Dispose() => _gate.Dispose();

    /// <summary>New codes, ascending.</summary>
    public async Task<long[]> TakeAsync(int count)
    {
        await _gate.WaitAsync();
        try
        {
            var first = Math.Max(_next, (clock.GetUtcNow().ToUnixTimeMilliseconds() - EpochMilliseconds) << 7);
            if (first + count > _bound)
            {
                var bound = first + count + ReserveAhead;
                var before = await store.ReserveCodesAsync(bound);
                if (_next == 0 && before > first)
                {
                    // The first codes of this server, and an earlier one handed out later ones: its clock was ahead.
                    first = before;
                    bound = first + count + ReserveAhead;
                    await store.ReserveCodesAsync(bound);
                }

                _bound = bound;
            }

            _next = first + count;
            var codes = new long[count];
            for (var i = 0; i < count; i++)
            {
                codes[i] = first + i;
            }

            return codes;
        }
        finally
        {
            _gate.Release();
        }
    }
}
