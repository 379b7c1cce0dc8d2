using System.Globalization;
using System.Text.Json;
using Porpoise.Fuzzing.Tests.Requests;
using Porpoise.LiveServer.Servers;

namespace Porpoise.Fuzzing.Tests.Oracles;

/// <summary>What a request that was taken asked for, read in the simplest way there is; compared with what the service gives back.</summary>
public sealed class SentDefinition(FuzzRequest request)
{
    private const string SparkWithHyphens = "EMR-SERVERLESS-SPARK";
    private const string Spark = "EMR_SERVERLESS_SPARK";

    public string Name { get; } = request.ValueOf("name")!.Trim();

    /// <summary>Compares with the answer of GET process-definition/{code}.</summary>
    /// <param name="before">That answer before an update; null: it was new. A signed update leaves as it was what the cloud's operation has no field for.</param>
    public void AssertReadBack(JsonElement read, JsonElement? before)
    {
        var workflow = read.GetProperty("processDefinition");
        Assert.Equal(Name, workflow.GetProperty("name").GetString());
        Assert.Equal(request.ValueOf("description") ?? "", workflow.GetProperty("description").GetString());
        Assert.Equal("PARALLEL", workflow.GetProperty("executionType").GetString());
        AssertParameters(Parse(request.ValueOf("globalParams") ?? "[]"), workflow.GetProperty("globalParamList"));
        var kept = request.Dialect == Dialect.Cloud && before is { } was ? was : (JsonElement?)null;
        Assert.Equal(request.ValueOf("locations") ?? kept?.GetProperty("processDefinition").GetProperty("locations").GetString() ?? "", workflow.GetProperty("locations").GetString());
        AssertTasks(read.GetProperty("taskDefinitionList"), kept?.GetProperty("taskDefinitionList").EnumerateArray().ToDictionary(t => t.GetProperty("code").GetInt64()) ?? []);
        AssertEdges(read.GetProperty("processTaskRelationList"));
    }

    private void AssertTasks(JsonElement read, Dictionary<long, JsonElement> before)
    {
        var sent = Parse(request.ValueOf("taskDefinitionJson")!);
        var byCode = read.EnumerateArray().ToDictionary(t => t.GetProperty("code").GetInt64());
        Assert.Equal(sent.GetArrayLength(), byCode.Count);
        var retries = Number(request.ValueOf("retryTimes"));
        foreach (var task in sent.EnumerateArray())
        {
            var found = byCode[Number(Text(task, "code"))];
            Assert.Equal(Text(task, "name")!.Trim(), found.GetProperty("name").GetString());
            Assert.Equal(Text(task, "description") ?? "", found.GetProperty("description").GetString());
            var type = Text(task, "taskType")!;
            Assert.Equal(type == SparkWithHyphens ? Spark : type, found.GetProperty("taskType").GetString());
            Assert.Equal(Text(task, "failRetryTimes") is { } own ? Number(own) : retries, found.GetProperty("failRetryTimes").GetInt64());
            var interval = Text(task, "failRetryInterval") ?? (before.TryGetValue(Number(Text(task, "code")), out var was) ? Text(was, "failRetryInterval") : null);
            Assert.Equal(Number(interval), found.GetProperty("failRetryInterval").GetInt64());
            if (task.TryGetProperty("taskParams", out var taskParams) && !IsEmpty(taskParams))
            {
                AssertTaskParams(taskParams, found.GetProperty("taskParams"));
            }
        }
    }

    /// <summary>All that was sent comes back; the service may add members that were not sent.</summary>
    private static void AssertTaskParams(JsonElement sent, JsonElement read)
    {
        if (sent.ValueKind == JsonValueKind.String)
        {
            sent = Parse(sent.GetString()!);
        }

        Assert.Equal(JsonValueKind.Object, read.ValueKind);
        foreach (var name in sent.EnumerateObject().Select(m => m.Name).Distinct())
        {
            var value = sent.GetProperty(name);
            if (name == "localParams")
            {
                AssertParameters(value, read.GetProperty(name));
            }
            else if (!IsEmpty(value))
            {
                Assert.True(read.TryGetProperty(name, out var found) && Canonical(value) == Canonical(found), $"taskParams.{name} was sent as {value}, and read as {found}.");
            }
        }
    }

    /// <summary>Directions and types are words of capitals, however they were written; spaces around a name are dropped.</summary>
    private static void AssertParameters(JsonElement sent, JsonElement read)
    {
        if (sent.ValueKind == JsonValueKind.String && sent.GetString() is { Length: > 0 } text)
        {
            sent = Parse(text);
        }

        var expected = sent.ValueKind == JsonValueKind.Array
            ? sent.EnumerateArray().Select(p => (Text(p, "prop")?.Trim(), Text(p, "direct")?.ToUpperInvariant() ?? "IN", Text(p, "type")?.ToUpperInvariant() ?? "VARCHAR", Text(p, "value") ?? ""))
            : [];
        var found = read.EnumerateArray().Select(p => (Text(p, "prop"), Text(p, "direct")!, Text(p, "type")!, Text(p, "value") ?? ""));
        Assert.Equal(expected.ToList(), found.ToList());
    }

    /// <summary>Edges between nodes, and a root's edge from 0 for every node that none leads to. An edge that was sent twice is one edge. No row leads to a node that is not there.</summary>
    private void AssertEdges(JsonElement read)
    {
        var rows = Parse(request.ValueOf("taskRelationJson")!).EnumerateArray().Select(e => (From: Number(Text(e, "preTaskCode")), To: Number(Text(e, "postTaskCode")))).ToHashSet();
        var codes = Parse(request.ValueOf("taskDefinitionJson")!).EnumerateArray().Select(t => Number(Text(t, "code"))).ToHashSet();
        Assert.All(rows, row => Assert.Contains(row.To, codes));
        var sent = rows.Where(e => e.From != 0).ToHashSet();
        var expected = sent.Concat(codes.Where(c => !sent.Any(e => e.To == c)).Select(c => (From: 0L, To: c)));
        var found = read.EnumerateArray().Select(e => (From: e.GetProperty("preTaskCode").GetInt64(), To: e.GetProperty("postTaskCode").GetInt64()));
        Assert.Equal(expected.Order().ToList(), found.Order().ToList());
    }

    /// <summary>Of members that come twice the last one counts, as for nearly every reader of JSON.</summary>
    private static string Canonical(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(',', value.EnumerateObject().Select(m => m.Name).Distinct().Order(StringComparer.Ordinal).Select(n => Nasty.Quoted(n) + Canonical(value.GetProperty(n)))) + "}",
        JsonValueKind.Array => "[" + string.Join(',', value.EnumerateArray().Select(Canonical)) + "]",
        JsonValueKind.String => Nasty.Quoted(value.GetString()!),
        _ => value.GetRawText(),
    };

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    /// <summary>A member as text; null when it is absent or empty.</summary>
    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && !IsEmpty(value)
        ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText()
        : null;

    private static bool IsEmpty(JsonElement value) => value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0);

    private static long Number(string? text) => text is null ? 0 : long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
