using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace Porpoise.Client.Calls;

/// <summary>Reads streams of server-sent events to their event <c>end</c>, and opens a stream that broke again, where it was.</summary>
internal static class EventReader
{
    private const string End = "end";

    /// <summary>Streams that broke without a single event before nobody believes in the next one any more.</summary>
    private const int FailuresMax = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <param name="client">Whose calls they are.</param>
    /// <param name="call">The call that opens the stream behind the event with this id; null: from the beginning.</param>
    /// <param name="ct">Ends the reading.</param>
    public static async IAsyncEnumerable<SseItem<string>> ReadAsync(PorpoiseClient client, Func<string?, ApiCall> call, [EnumeratorCancellation] CancellationToken ct)
    {
        string? lastId = null;
        for (var failures = 0; ;)
        {
            await using (var stream = await client.OpenAsync(call(lastId), ct))
            {
                var parser = SseParser.Create(stream);
                await using var items = parser.EnumerateAsync(ct).GetAsyncEnumerator(ct);
                while (await TryMoveAsync(items))
                {
                    failures = 0;
                    lastId = parser.LastEventId is { Length: > 0 } id ? id : lastId;
                    yield return items.Current;
                    if (items.Current.EventType == End)
                    {
                        yield break;
                    }
                }
            }

            if (++failures > FailuresMax)
            {
                throw new PorpoiseException(PorpoiseException.Unreachable, $"The stream of events from {client.Endpoint} ends again and again.");
            }

            await Task.Delay(Pause, ct);
        }
    }

    /// <summary>False at the end of the stream, also when it broke: whoever watches opens the next one.</summary>
    private static async Task<bool> TryMoveAsync(IAsyncEnumerator<SseItem<string>> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return false;
        }
    }
}
