using Porpoise.Access.Signatures;
using Porpoise.Access.Signatures.Nonces;

namespace Porpoise.Access.Tests.Signatures.Nonces;

public sealed class NonceBucketsTests
{
    private static readonly AccessKeyId Key = new("ak");
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 14, 21, 46, TimeSpan.Zero);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    [Fact]
    public void A_nonce_is_fresh_once()
    {
        var nonces = new NonceBuckets(new());
        Assert.Equal(NonceUse.Fresh, nonces.TryUse(Key, "n", Now + Window, Now));
        Assert.Equal(NonceUse.Used, nonces.TryUse(Key, "n", Now + Window, Now));
        Assert.Equal(NonceUse.Fresh, nonces.TryUse(Key, "N", Now + Window, Now));
        Assert.Equal(2, nonces.Count);
    }

    [Fact]
    public void A_nonce_repeated_under_another_date_is_used()
    {
        var nonces = new NonceBuckets(new());
        Assert.Equal(NonceUse.Fresh, nonces.TryUse(Key, "n", Now + Window, Now));
        Assert.Equal(NonceUse.Used, nonces.TryUse(Key, "n", Now + (2 * Window), Now));
        Assert.Equal(NonceUse.Used, nonces.TryUse(Key, "n", Now, Now));
    }

    [Fact]
    public void Nonces_of_different_keys_do_not_meet()
    {
        var nonces = new NonceBuckets(new());
        Assert.Equal(NonceUse.Fresh, nonces.TryUse(new("ab"), "c", Now + Window, Now));
        Assert.Equal(NonceUse.Fresh, nonces.TryUse(new("a"), "bc", Now + Window, Now));
    }

    [Fact]
    public void Fifty_uses_at_once_are_one_fresh_and_the_rest_used()
    {
        var nonces = new NonceBuckets(new());
        for (var round = 0; round < 20; round++)
        {
            var answers = new NonceUse[50];
            using var start = new Barrier(answers.Length);
            var threads = Enumerable.Range(0, answers.Length).Select(i => new Thread(() =>
            {
                start.SignalAndWait();
                answers[i] = nonces.TryUse(Key, $"n{round}", Now + Window, Now);
            })).ToList();
            threads.ForEach(t => t.Start());
            threads.ForEach(t => t.Join());
            Assert.Equal(1, answers.Count(a => a == NonceUse.Fresh));
            Assert.Equal(49, answers.Count(a => a == NonceUse.Used));
        }
    }

    [Fact]
    public void A_nonce_is_remembered_to_its_last_instant_and_forgotten_within_a_minute_after()
    {
        var nonces = new NonceBuckets(new());
        var keepUntil = Now + Window;
        Assert.Equal(NonceUse.Fresh, nonces.TryUse(Key, "n", keepUntil, Now));
        Assert.Equal(NonceUse.Used, nonces.TryUse(Key, "n", keepUntil, keepUntil));

        var later = keepUntil + TimeSpan.FromMinutes(1);
        Assert.Equal(NonceUse.Fresh, nonces.TryUse(Key, "m", later + Window, later));
        Assert.Equal(1, nonces.Count);
        Assert.Equal(NonceUse.Fresh, nonces.TryUse(Key, "n", later + Window, later));
    }

    [Fact]
    public void A_nonce_that_is_already_too_old_cannot_be_used()
    {
        var nonces = new NonceBuckets(new());
        Assert.Equal(NonceUse.Used, nonces.TryUse(Key, "n", Now.AddTicks(-1), Now));
        Assert.Equal(0, nonces.Count);
    }

    [Fact]
    public void Setting_the_clock_back_lets_no_forgotten_nonce_in_again()
    {
        var nonces = new NonceBuckets(new());
        Assert.Equal(NonceUse.Fresh, nonces.TryUse(Key, "n", Now, Now));
        Assert.Equal(NonceUse.Fresh, nonces.TryUse(Key, "m", Now + Window, Now.AddMinutes(2)));
        Assert.Equal(1, nonces.Count);

        Assert.Equal(NonceUse.Used, nonces.TryUse(Key, "n", Now, Now.AddMinutes(-5)));
        Assert.Equal(NonceUse.Fresh, nonces.TryUse(Key, "o", Now.AddMinutes(10), Now.AddMinutes(-5)));
    }

    [Fact]
    public void One_key_reaching_its_limit_leaves_room_for_others_and_recovers()
    {
        var nonces = new NonceBuckets(new() { PerKeyMax = 3 });
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(NonceUse.Fresh, nonces.TryUse(Key, $"n{i}", Now + Window, Now));
        }
        Assert.Equal(NonceUse.LimitReached, nonces.TryUse(Key, "n3", Now + Window, Now));
        Assert.Equal(NonceUse.Used, nonces.TryUse(Key, "n0", Now + Window, Now));
        Assert.Equal(NonceUse.Fresh, nonces.TryUse(new("other"), "n3", Now + Window, Now));

        var later = Now + Window + TimeSpan.FromMinutes(1);
        Assert.Equal(NonceUse.Fresh, nonces.TryUse(Key, "n3", later + Window, later));
    }

    [Fact]
    public void The_total_is_bounded_over_all_keys()
    {
        var nonces = new NonceBuckets(new() { TotalMax = 1000 });
        var fresh = Enumerable.Range(0, 5000).Count(i => nonces.TryUse(new($"ak{i % 100}"), $"n{i}", Now + Window, Now) == NonceUse.Fresh);
        Assert.Equal(1000, fresh);
        Assert.Equal(1000, nonces.Count);
    }

    [Fact]
    public void A_nonce_takes_less_than_a_hundred_bytes()
    {
        var nonces = new NonceBuckets(new());
        var before = GC.GetAllocatedBytesForCurrentThread();
        nonces.Load(Enumerable.Range(0, 100_000).Select(i => new UsedNonce(Key, new NonceHash((UInt128)(uint)i), Now + Window)), Now);
        // What growing threw away counts twice here; what stays is less than half of it.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 100_000 * 100L * 2);
        Assert.Equal(100_000, nonces.Count);
    }

    [Fact]
    public void Nonces_read_back_from_the_store_are_used()
    {
        var stored = NonceHash.Of(Key, "n").ToArray();
        var nonces = new NonceBuckets(new() { PerKeyMax = 1 });
        nonces.Load(
            [
                new(Key, NonceHash.From(stored), Now + Window),
                new(Key, NonceHash.From(stored), Now + Window),
                new(Key, NonceHash.Of(Key, "m"), Now + Window),
                new(Key, NonceHash.Of(Key, "old"), Now.AddTicks(-1)),
            ],
            Now);
        Assert.Equal(2, nonces.Count);
        Assert.Equal(NonceUse.Used, nonces.TryUse(Key, "n", Now + Window, Now));
        Assert.Equal(NonceUse.Used, nonces.TryUse(Key, "m", Now + Window, Now));
        Assert.Equal(NonceUse.LimitReached, nonces.TryUse(Key, "x", Now + Window, Now));
    }

    [Fact]
    public void Asking_to_keep_a_nonce_for_days_is_a_programming_error() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new NonceBuckets(new()).TryUse(Key, "n", Now.AddDays(1), Now));
}
