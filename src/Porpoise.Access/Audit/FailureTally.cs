namespace Porpoise.Access.Audit;

/// <summary>
/// Which failed authentications get a row of their own: the first few of each address in each minute, so that somebody who guesses cannot fill the disk. The
/// others are counted, and the next row of the address says how many they were.
/// </summary>
public sealed class FailureTally(TimeProvider clock)
{
    /// <summary>Rows of one address in a minute.</summary>
    public const int RowsPerMinute = 10;

    /// <summary>Addresses that are remembered; when there are more, all are forgotten.</summary>
    public const int AddressesMax = 10_000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Count> _counts = new(StringComparer.Ordinal);

    /// <summary>Null: write nothing. Otherwise how many of this address were left out since its last row.</summary>
    public int? Note(string address)
    {
        var now = clock.GetUtcNow();
        using var turn = _gate.EnterScope();
        if (_counts.Count >= AddressesMax && !_counts.ContainsKey(address))
        {
            _counts.Clear();
        }

        var count = _counts.GetValueOrDefault(address);
        if (now - count.Since >= Window || now < count.Since)
        {
            _counts[address] = new Count(now, 1, 0);
            return count.LeftOut;
        }

        if (count.Written < RowsPerMinute)
        {
            _counts[address] = count with { Written = count.Written + 1 };
            return 0;
        }

        _counts[address] = count with { LeftOut = count.LeftOut + 1 };
        return null;
    }

    private readonly record struct Count(DateTimeOffset Since, int Written, int LeftOut);
}
