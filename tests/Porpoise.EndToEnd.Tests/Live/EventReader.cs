using System.Net.ServerSentEvents;
using System.Text.Json;
using Porpoise.LiveServer.Callers;

namespace Porpoise.EndToEnd.Tests.Live;

/// <summary>Reads a stream of server-sent events with the framework's own parser.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly HttpResponseMessage _response;
    private readonly IAsyncEnumerator<SseItem<string>> _items;

    private EventReader(HttpClient http, HttpResponseMessage response, Stream stream)
    {
        (_http, _response) = (http, response);
        _items = SseParser.Create(stream).EnumerateAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator();
    }

    public string Name => _items.Current.EventType;

    public string? Id => _items.Current.EventId;

    public JsonElement Data { get; private set; }

    public static async Task<EventReader> OpenAsync(Uri url, string token, string path, string? lastId = null)
    {
        var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, path));
        request.Headers.Add("token", token);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastId);
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(200, (int)response.StatusCode);
        return new EventReader(http, response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>False: the stream has ended.</summary>
    public async Task<bool> NextAsync()
    {
        if (!await _items.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60)))
        {
            return false;
        }

        Data = JsonDocument.Parse(_items.Current.Data).RootElement;
        return true;
    }

    /// <summary>Reads on until the event, and stays at it.</summary>
    public async Task UntilAsync(Func<EventReader, bool> isIt)
    {
        while (await NextAsync())
        {
            if (isIt(this))
            {
                return;
            }
        }

        Assert.Fail("The stream ended before the event came.");
    }

    public bool IsTask(string name, string state) => Name == "task" && ApiClient.Text(Data, "name") == name && ApiClient.Text(Data, "state") == state;

    public async ValueTask DisposeAsync()
    {
        await _items.DisposeAsync();
        _response.Dispose();
        _http.Dispose();
    }
}
