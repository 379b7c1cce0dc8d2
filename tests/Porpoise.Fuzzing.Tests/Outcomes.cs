using System.Globalization;
using Porpoise.LiveServer.Callers;

namespace Porpoise.Fuzzing.Tests;

/// <summary>Counts what came of the requests: a generator whose requests are all taken, or all refused, proves nothing.</summary>
public sealed class Outcomes
{
    private const double LeastShare = 0.05;

    /// <summary>Fewer requests than these, on a slow day or of the large kind, say nothing about shares.</summary>
    private const int Telling = 200;

    private int _taken;
    private int _refused;

    /// <summary>True: the request was taken.</summary>
    public bool Count(Reply reply)
    {
        var isTaken = reply.Json.TryGetProperty("success"u8, out var success) && success.GetBoolean();
        _ = isTaken ? _taken++ : _refused++;
        return isTaken;
    }

    public void AssertBothReached()
    {
        var all = _taken + _refused;
        var told = string.Create(CultureInfo.InvariantCulture, $"{_taken} of {all} requests were taken.");
        TestContext.Current.TestOutputHelper?.WriteLine(told);
        Assert.True(all > 0 && (all < Telling || (_taken > all * LeastShare && _refused > all * LeastShare)), told);
    }
}
