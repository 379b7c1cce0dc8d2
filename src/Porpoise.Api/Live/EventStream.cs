using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Porpoise.Api.Operations;

namespace Porpoise.Api.Live;

/// <summary>Writes server-sent events: each has a name, and JSON on one line. A comment now and then keeps proxies from taking a quiet stream for a dead one.</summary>
internal sealed class EventStream(HttpResponse response)
{
    /// <summary>How long nothing may be written.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <param name="name">Of the event.</param>
    /// <param name="data">What it says.</param>
    /// <param name="type">How that is written.</param>
    /// <param name="id">Where a reader that lost the connection goes on (header <c>Last-Event-ID</c>).</param>
    public void Write<T>(string name, T data, JsonTypeInfo<T> type, long? id = null)
    {
        var writer = response.BodyWriter;
        var head = id is { } number ? string.Create(CultureInfo.InvariantCulture, $"id: {number}\nevent: {name}\ndata: ") : $"event: {name}\ndata: ";
        writer.Write(Encoding.ASCII.GetBytes(head));
        AnswerJson.WriteTo(writer, data, type);
        writer.Write("\n\n"u8);
    }

    public async Task FlushAsync(CancellationToken ct) => await response.BodyWriter.FlushAsync(ct);

    /// <summary>Waits, and lets the reader know meanwhile that the stream lives.</summary>
    public async Task<T> WaitAsync<T>(Task<T> waiting, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await waiting.WaitAsync(Heartbeat, ct);
            }
            catch (TimeoutException)
            {
                response.BodyWriter.Write(":\n\n"u8);
                await FlushAsync(ct);
            }
        }
    }
}
