using System.Diagnostics;
using System.Text.Json.Nodes;
using Porpoise.Bench.Load;

namespace Porpoise.Bench.Serving;

/// <summary>One caller of the server: prepares workflows, starts runs, waits for them.</summary>
internal sealed class Caller(Server server) : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly Connection _connection = new(server.Port);

    public Calls Calls { get; } = new(server);

    /// <summary>Stores the workflow and publishes it; its code.</summary>
    public long Define(Shape shape)
    {
        var code = (long)Read(_connection.Exchange(Calls.Define(shape.Name, shape.TasksJson(), shape.EdgesJson())))["data"]!["code"]!;
        _ = Read(_connection.Exchange(Calls.Publish(code)));
        return code;
    }

    public int Start(ReadOnlySpan<byte> request) => _connection.Exchange(request).RunId();

    public void Wait(int run) => _connection.Exchange(Calls.Wait(run)).RequireSuccess();

    /// <summary>Seconds from the start call to the answer that the run succeeded.</summary>
    public double TimeRun(ReadOnlySpan<byte> start)
    {
        var watch = Stopwatch.StartNew();
        Wait(Start(start));
        return watch.Elapsed.TotalSeconds;
    }

    public int CountSucceeded() =>
        (int)Read(_connection.Exchange(Calls.Counts()))["data"]!["taskCountDtos"]!.AsArray().Single(static c => (string)c!["taskStateType"]! == "SUCCESS")!["count"]!;

    public void WaitForSucceeded(int count)
    {
        while (CountSucceeded() < count)
        {
            Thread.Sleep(PollInterval);
        }
    }

    public void Dispose() => _connection.Dispose();

    private static JsonNode Read(Answer answer)
    {
        var json = JsonNode.Parse(answer.Body);
        return answer.Status is 200 or 201 && (int)json!["code"]! == 0 ? json : throw answer.Unexpected();
    }
}
