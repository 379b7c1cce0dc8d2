using System.Runtime.InteropServices;

namespace Porpoise.Access.Signatures.Nonces;

/// <summary>
/// The nonces used within the clock window, so that a signed request works once. Of any number of simultaneous
/// uses of a nonce exactly one is fresh.
/// <para>
/// A nonce is filed under the minute in which it may be forgotten, and whole minutes are dropped at once:
/// <code>
///   keep until  14:31 ──▶ { hash, hash, … }      now = 14:32: dropped
///               14:32 ──▶ { hash, … }
///               14:47 ──▶ { hash, hash, hash, … }
/// </code>
/// A lookup asks every live minute, about thirty, because a client may repeat a nonce under another date.
/// </para>
/// </summary>
public sealed class NonceBuckets(NonceLimits limits)
{
    private static readonly long BucketTicks = TimeSpan.FromMinutes(1).Ticks;

    private readonly Lock _lock = new();
    private readonly List<Bucket> _buckets = [];
    private readonly Dictionary<AccessKeyId, int> _perKey = [];
    private int _total;
    private long _droppedUntil = long.MinValue;

    /// <summary>Nonces remembered at present.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _total;
            }
        }
    }

    /// <summary>Uses a nonce whose signature has been verified.</summary>
    /// <param name="key">The key that signed; nonces of different keys do not meet.</param>
    /// <param name="nonce">The signed nonce.</param>
    /// <param name="keepUntil">The last instant at which the same request would still be within the clock window.</param>
    /// <param name="now">The server's clock.</param>
    public NonceUse TryUse(AccessKeyId key, string nonce, DateTimeOffset keepUntil, DateTimeOffset now) =>
        TryUse(key, NonceHash.Of(key, nonce), keepUntil, now);

    /// <summary>The same for a nonce that was hashed already, because it is also being written to the store.</summary>
    public NonceUse TryUse(AccessKeyId key, NonceHash hash, DateTimeOffset keepUntil, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keepUntil - now, limits.KeepMax, nameof(keepUntil));
        lock (_lock)
        {
            DropExpired(now);
            // If the clock is set back, minutes already forgotten come round again: nothing in them can be shown fresh.
            if (keepUntil < now || keepUntil.UtcTicks <= _droppedUntil || Contains(hash))
            {
                return NonceUse.Used;
            }
            if (_total >= limits.TotalMax || _perKey.GetValueOrDefault(key) >= limits.PerKeyMax)
            {
                return NonceUse.LimitReached;
            }
            Add(key, hash, keepUntil);
            return NonceUse.Fresh;
        }
    }

    /// <summary>
    /// Takes back what the store remembers, at start. Goes beyond the limits if it must: forgetting would let a replay
    /// in, while being full only slows new requests down.
    /// </summary>
    public void Load(IEnumerable<UsedNonce> used, DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var nonce in used)
            {
                if (nonce.KeepUntil >= now && !Contains(nonce.Hash))
                {
                    Add(nonce.Key, nonce.Hash, nonce.KeepUntil);
                }
            }
        }
    }

    private bool Contains(NonceHash hash)
    {
        foreach (var bucket in _buckets)
        {
            if (bucket.Used.Contains(hash))
            {
                return true;
            }
        }
        return false;
    }

    private void Add(AccessKeyId key, NonceHash hash, DateTimeOffset keepUntil)
    {
        var end = (keepUntil.UtcTicks + BucketTicks - 1) / BucketTicks * BucketTicks;
        var bucket = _buckets.Find(b => b.EndTicks == end);
        if (bucket is null)
        {
            _buckets.Add(bucket = new Bucket(end));
        }
        bucket.Used.Add(hash);
        CollectionsMarshal.GetValueRefOrAddDefault(bucket.PerKey, key, out _)++;
        CollectionsMarshal.GetValueRefOrAddDefault(_perKey, key, out _)++;
        _total++;
    }

    private void DropExpired(DateTimeOffset now)
    {
        for (var i = _buckets.Count - 1; i >= 0; i--)
        {
            var bucket = _buckets[i];
            if (bucket.EndTicks >= now.UtcTicks)
            {
                continue;
            }
            _buckets.RemoveAt(i);
            _droppedUntil = Math.Max(_droppedUntil, bucket.EndTicks);
            _total -= bucket.Used.Count;
            foreach (var (key, count) in bucket.PerKey)
            {
                ref var left = ref CollectionsMarshal.GetValueRefOrNullRef(_perKey, key);
                left -= count;
                if (left == 0)
                {
                    _perKey.Remove(key);
                }
            }
        }
    }

    private sealed class Bucket(long endTicks)
    {
        public long EndTicks { get; } = endTicks;
        public HashSet<NonceHash> Used { get; } = [];
        public Dictionary<AccessKeyId, int> PerKey { get; } = [];
    }
}
