using System.Diagnostics;

namespace Porpoise.LiveServer.Servers;

/// <summary>Waits for what no process can announce; says what never came.</summary>
public static class Eventually
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null)
    {
        var patience = within ?? TimeSpan.FromSeconds(30);
        var since = Stopwatch.StartNew();
        while (!await condition())
        {
            if (since.Elapsed > patience)
            {
                throw new TimeoutException($"Within {patience} it did not come true that {what}.");
            }

            await Task.Delay(Look);
        }
    }

    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? within = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, within);
}
