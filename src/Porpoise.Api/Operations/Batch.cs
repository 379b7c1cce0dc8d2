using System.Globalization;
using Porpoise.Api.Errors;
using Porpoise.Storage;

namespace Porpoise.Api.Operations;

/// <summary>A call that asks for the same to be done to several things.</summary>
internal static class Batch
{
    /// <summary>What is refused for one keeps none of the others from having it done. A signed call's nonce is used up first, because it stands for all of them.</summary>
    /// <param name="nameOf">How a line of the refusal names an item.</param>
    /// <exception cref="RefusalException">Some were refused: the first one's code, and a line for each.</exception>
    public static async Task ForEachAsync<T>(Call call, IStore store, IReadOnlyList<T> items, Func<T, string> nameOf, Func<T, Task> doAsync)
    {
        await Nonces.UseAsync(call, store);
        var refused = new List<Refusal>();
        foreach (var item in items)
        {
            try
            {
                await doAsync(item);
            }
            catch (RefusalException e)
            {
                refused.Add(e.Refusal with { Message = $"{nameOf(item)}: {e.Refusal.Message}" });
            }
        }

        if (refused.Count > 0)
        {
            var lines = string.Join('\n', refused.Select(r => r.Message));
            var done = items.Count - refused.Count;
            throw new RefusalException(refused[0].Code, done == 0 ? lines : string.Create(CultureInfo.InvariantCulture, $"{done} of {items.Count} are done; refused:\n{lines}"));
        }
    }
}
