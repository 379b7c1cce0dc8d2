namespace Porpoise.Access.Secrets;

/// <summary>
/// Checks passwords slowly enough for those who guess: a few wrong ones for a name, or from an address, close it for a while, and only one is computed at a
/// time, as each costs a tenth of a second of a processor. An unknown name costs the same time as a wrong password.
/// </summary>
public sealed class PasswordGate(TimeProvider clock) : IDisposable
{
    /// <summary>Wrong passwords for a name (or, four times as many, from an address) within <see cref="Window"/>.</summary>
    public const int FailuresMax = 5;

    /// <summary>How long a wrong password counts.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private const int AddressFailuresMax = 4 * FailuresMax;
    private const int RememberedMax = 10_000;
    private const int WaitingMax = 32;

    private static readonly string NobodysHash = PasswordHash.Of(RandomText.Letters(20));

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<DateTimeOffset>> _failures = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim _turn = new(1);
    private int _waiting;

    public void Dispose() => _turn.Dispose();

    /// <param name="storedHash">Null: there is no such user, or none with a password.</param>
    public async Task<PasswordVerdict> CheckAsync(string userName, string address, string password, string? storedHash)
    {
        var (name, from) = ("user " + userName, "address " + address);
        if ((WaitOf(name, FailuresMax) ?? WaitOf(from, AddressFailuresMax)) is { } wait)
        {
            return new PasswordVerdict(false, wait);
        }

        if (Interlocked.Increment(ref _waiting) > WaitingMax)
        {
            Interlocked.Decrement(ref _waiting);
            return new PasswordVerdict(false, TimeSpan.FromSeconds(1));
        }

        await _turn.WaitAsync();
        try
        {
            if (WaitOf(name, FailuresMax) is { } late)
            {
                return new PasswordVerdict(false, late); // those in front of it were wrong too
            }

            var isRight = await Task.Run(() => PasswordHash.Verify(password, storedHash ?? NobodysHash)) && storedHash is not null;
            Note(isRight, name, from);
            return new PasswordVerdict(isRight, null);
        }
        finally
        {
            _turn.Release();
            Interlocked.Decrement(ref _waiting);
        }
    }

    private void Note(bool isRight, string name, string from)
    {
        using var scope = _lock.EnterScope();
        if (isRight)
        {
            _failures.Remove(name);
        }
        else
        {
            NoteFailure(name);
            NoteFailure(from);
        }
    }

    private TimeSpan? WaitOf(string subject, int max)
    {
        using var scope = _lock.EnterScope();
        if (!_failures.TryGetValue(subject, out var times))
        {
            return null;
        }

        var now = clock.GetUtcNow();
        while (times.TryPeek(out var oldest) && now - oldest >= Window)
        {
            times.Dequeue();
        }

        return times.Count >= max ? times.Peek() + Window - now : null;
    }

    private void NoteFailure(string subject)
    {
        if (!_failures.TryGetValue(subject, out var times))
        {
            if (_failures.Count >= RememberedMax)
            {
                _failures.Clear();
            }

            _failures[subject] = times = new Queue<DateTimeOffset>();
        }

        times.Enqueue(clock.GetUtcNow());
    }
}

/// <summary>What came of a password.</summary>
/// <param name="Wait">Set when it was not even looked at: too many were wrong; how long to wait.</param>
public readonly record struct PasswordVerdict(bool IsRight, TimeSpan? Wait);
