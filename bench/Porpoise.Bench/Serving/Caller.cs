using System.Diagnostics;
using System.Text.Json.Nodes;
using Porpoise.Bench.Load;
using Porpoise.Client;

namespace Porpoise.Bench.Serving;

/// <summary>One caller of the server: prepares workflows, starts runs, waits for them.</summary>
internal sealed class Caller(Server server) : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private const string OfficeHours =
        """
        {"Version":"1","Statement":[
        {"Effect":"Deny","Action":"emr-serverless-spark:Delete*","Resource":"*","Condition":{"NotIpAddress":{"acs:SourceIp":["127.0.0.0/8","10.0.0.0/8"]}}},
        {"Effect":"Allow","Action":["emr-serverless-spark:Start*"],"Resource":"*","Condition":{"DateGreaterThan":{"acs:CurrentTime":"2026-01-01T00:00:00Z"}}}]}
        """;

    private readonly Connection _connection = new(server.Port);

    public Calls Calls { get; } = new(server);

    /// <summary>Stores the workflow and publishes it; its code.</summary>
    public long Define(Shape shape)
    {
        var code = (long)Read(_connection.Exchange(Calls.Define(shape.Name, shape.TasksJson(), shape.EdgesJson())))["data"]!["code"]!;
        _ = Read(_connection.Exchange(Calls.Publish(code)));
        return code;
    }

    /// <summary>A user with a key, policies of its own and of a group, and a role in the workspace, who may start workflows.</summary>
    public AcsCredentials CreateUser(string name)
    {
        Administer("/users", ("userName", name));
        Administer("/groups", ("groupName", "readers"));
        Administer($"/groups/readers/users/{name}");
        Administer("/groups/readers/policies/AliyunEmrServerlessSparkReadOnlyAccess");
        Administer($"/users/{name}/policies/AliyunEMRServerlessSparkDeveloperAccess");
        Administer("/policies", ("policyName", "office-hours"), ("document", OfficeHours));
        Administer($"/users/{name}/policies/office-hours");
        Administer($"/workspaces/{server.Key.WorkspaceId}/members", ("userName", name), ("role", "DataEngineering"));
        var key = Read(_connection.Exchange(Calls.Administer($"/users/{name}/access-keys")))["data"]!;
        return new AcsCredentials((string)key["accessKeyId"]!, (string)key["accessKeySecret"]!);
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

    private void Administer(string path, params ReadOnlySpan<(string Name, string Value)> form) => _ = Read(_connection.Exchange(Calls.Administer(path, form)));

    private static JsonNode Read(Answer answer)
    {
        var json = JsonNode.Parse(answer.Body);
        return answer.Status is 200 or 201 && (int)json!["code"]! == 0 ? json : throw answer.Unexpected();
    }
}
