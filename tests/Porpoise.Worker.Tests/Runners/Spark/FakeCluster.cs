using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Porpoise.Worker.Tests.Runners.Spark;

/// <summary>An HTTP server on a free port that answers as a cluster's REST API does; what it knows is the tests' to say.</summary>
internal abstract class FakeCluster : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _loop;

    protected FakeCluster()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Url = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
        }

        _listener.Prefixes.Add(Url.ToString());
        _listener.Start();
        _loop = ServeAsync();
    }

    public Uri Url { get; }

    /// <summary>Method and path of each call, in their order.</summary>
    public List<string> Calls { get; } = [];

    protected Lock Gate { get; } = new();

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _loop;
        _listener.Close();
    }

    protected abstract (int Status, object Body) Answer(string method, string path, string query, string body);

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext call;
            try
            {
                call = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var reader = new StreamReader(call.Request.InputStream);
            var body = await reader.ReadToEndAsync();
            (int Status, object Body) answer;
            lock (Gate)
            {
                Calls.Add($"{call.Request.HttpMethod} {call.Request.Url!.AbsolutePath}");
                answer = Answer(call.Request.HttpMethod, call.Request.Url.AbsolutePath, Uri.UnescapeDataString(call.Request.Url.Query), body);
            }

            call.Response.StatusCode = answer.Status;
            call.Response.Close(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(answer.Body)), willBlock: false);
        }
    }
}

/// <summary>YARN's resource manager. It knows what the tests' spark-submit has submitted, by its tags.</summary>
internal sealed class FakeYarn(string home) : FakeCluster
{
    private readonly Dictionary<string, (string State, string Final, string Diagnostics)> _states = [];
    private bool _forgets;

    public List<string> Killed { get; } = [];

    /// <summary>From now on the only application stands there.</summary>
    public void Set(string state, string final, string diagnostics = "")
    {
        lock (Gate)
        {
            _states["application_1_1"] = (state, final, diagnostics);
        }
    }

    /// <summary>From now on no application is known.</summary>
    public void Forget()
    {
        lock (Gate)
        {
            _forgets = true;
        }
    }

    protected override (int Status, object Body) Answer(string method, string path, string query, string body)
    {
        var all = _forgets ? [] : Directory.GetFiles(Path.Combine(home, "submitted")).Order().Select((file, i) => (Id: $"application_1_{i + 1}", Tags: TagsOf(file))).ToList();
        if (path == "/ws/v1/cluster/apps")
        {
            var tag = query["?applicationTags=".Length..];
            var found = all.Where(a => a.Tags.Contains(tag)).Select(a => Describe(a.Id)).ToList();
            return (200, new { apps = found.Count == 0 ? null : new { app = found } });
        }

        var id = path.Split('/')[5];
        if (all.All(a => a.Id != id))
        {
            return (404, new { RemoteException = new { exception = "NotFoundException" } });
        }

        if (method == "PUT")
        {
            Assert.Equal("KILLED", JsonElement.Parse(body).GetProperty("state").GetString());
            Killed.Add(id);
            _states[id] = ("KILLED", "KILLED", "Application killed by user.");
            return (202, new { state = "KILLING" });
        }

        return (200, new { app = Describe(id) });
    }

    private object Describe(string id)
    {
        var (state, final, diagnostics) = _states.GetValueOrDefault(id, ("ACCEPTED", "UNDEFINED", ""));
        return new { id, state, finalStatus = final, diagnostics, trackingUrl = $"http://rm/{id}", startedTime = 1 };
    }

    private static string[] TagsOf(string file) => File.ReadLines(file).Single(l => l.StartsWith("spark.yarn.tags=", StringComparison.Ordinal))["spark.yarn.tags=".Length..].Split(',');
}

/// <summary>The REST gateway of a standalone master.</summary>
internal sealed class FakeGateway : FakeCluster
{
    private readonly Dictionary<string, (string State, string Message)> _drivers = [];

    /// <summary>What was sent to create submissions.</summary>
    public List<JsonElement> Created { get; } = [];

    public int CreateStatus { get; set; } = 200;

    public void Set(string state, string message = "")
    {
        lock (Gate)
        {
            _drivers["driver-1"] = (state, message);
        }
    }

    public void Forget()
    {
        lock (Gate)
        {
            _drivers.Clear();
        }
    }

    protected override (int Status, object Body) Answer(string method, string path, string query, string body)
    {
        var parts = path.Split('/');
        switch (parts[3])
        {
            case "create" when CreateStatus != 200:
                return (CreateStatus, new { action = "ErrorResponse", message = "Malformed request", highestProtocolVersion = "v1" });
            case "create":
                Created.Add(JsonElement.Parse(body));
                _drivers[$"driver-{Created.Count}"] = ("SUBMITTED", "");
                return (200, new { action = "CreateSubmissionResponse", success = true, submissionId = $"driver-{Created.Count}", message = "Driver successfully submitted" });
            case "status":
                return _drivers.TryGetValue(parts[4], out var driver)
                    ? (200, new { action = "SubmissionStatusResponse", success = true, driverState = driver.State, message = driver.Message, workerHostPort = "10.0.0.1:7078" })
                    : (200, new { action = "SubmissionStatusResponse", success = false, submissionId = parts[4] });
            default:
                var isKilled = _drivers.TryGetValue(parts[4], out var running) && running.State is "SUBMITTED" or "RUNNING";
                if (isKilled)
                {
                    _drivers[parts[4]] = ("KILLED", "");
                }

                return (200, new { action = "KillSubmissionResponse", success = isKilled, submissionId = parts[4] });
        }
    }
}
