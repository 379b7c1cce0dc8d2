namespace Porpoise.Storage.Sqlite;

/// <summary>Times are stored as microseconds since 1970-01-01 UTC.</summary>
internal static class StoredTime
{
    public static long ToNumber(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromNumber(long number) => new(DateTimeOffset.UnixEpoch.Ticks + (number * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
