using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Porpoise.EndToEnd.Tests.DolphinUi;

/// <summary>A definition as the UI's editor holds it: four nodes in the shape of a diamond.</summary>
public sealed class Diamond
{
    private static readonly string[] Names = ["start", "left", "right", "end"];
    private static readonly (int From, int To)[] Edges = [(0, 1), (0, 2), (1, 3), (2, 3)];

    private readonly long[] _codes;
    private JsonArray _tasks;

    /// <param name="codes">Four of them, from gen-task-codes.</param>
    public Diamond(string name, long[] codes)
    {
        Name = name;
        _codes = codes;
        _tasks = [.. Names.Select(JsonNode (n, i) => Node(n, codes[i]))];
        Locations = new JsonArray([.. codes.Select(JsonNode (c, i) => new JsonObject { ["taskCode"] = c, ["x"] = 100 + (200 * i), ["y"] = 120.5 })]).ToJsonString();
    }

    public string Name { get; }

    /// <summary>Where the nodes stand in the editor.</summary>
    public string Locations { get; }

    public IReadOnlyList<long> Codes => _codes;

    /// <summary>The form of "save": numbers that the editor holds as texts stay texts.</summary>
    public (string Name, object? Value)[] Form =>
    [
        ("taskDefinitionJson", _tasks.ToJsonString()),
        ("taskRelationJson", Relations().ToJsonString()),
        ("locations", Locations),
        ("name", Name),
        ("tenantCode", "default"),
        ("executionType", "PARALLEL"),
        ("description", ""),
        ("globalParams", """[{"prop":"dt","value":"20260101","direct":"IN","type":"VARCHAR"}]"""),
        ("timeout", 0),
    ];

    /// <summary>What the editor sends after it was opened: the node objects as the server gave them, with the change.</summary>
    public void Edit(JsonElement taskDefinitionList, string nodeName, string script)
    {
        _tasks = JsonNode.Parse(taskDefinitionList.GetRawText())!.AsArray();
        var node = _tasks.Single(t => (string?)t!["name"] == nodeName)!;
        node["taskParams"]!["rawScript"] = script;
        node["failRetryTimes"] = "2";
    }

    public static IEnumerable<(long From, long To)> EdgesOf(IReadOnlyList<long> codes) => [(0, codes[0]), .. Edges.Select(e => (codes[e.From], codes[e.To]))];

    private static JsonObject Node(string name, long code) => new()
    {
        ["code"] = code,
        ["delayTime"] = "0",
        ["description"] = "",
        ["environmentCode"] = -1,
        ["failRetryInterval"] = "1",
        ["failRetryTimes"] = "0",
        ["flag"] = "YES",
        ["name"] = name,
        ["taskParams"] = new JsonObject
        {
            ["localParams"] = new JsonArray(),
            ["rawScript"] = string.Create(CultureInfo.InvariantCulture, $"echo {name} of diamond\necho second line"),
            ["resourceList"] = new JsonArray(),
        },
        ["taskPriority"] = "MEDIUM",
        ["taskType"] = "SHELL",
        ["timeout"] = 0,
        ["timeoutFlag"] = "CLOSE",
        ["timeoutNotifyStrategy"] = "",
        ["workerGroup"] = "default",
        ["cpuQuota"] = -1,
        ["memoryMax"] = -1,
        ["taskExecuteType"] = "BATCH",
    };

    private JsonArray Relations() =>
    [
        .. EdgesOf(_codes).Select(JsonNode (e) => new JsonObject
        {
            ["name"] = "",
            ["preTaskCode"] = e.From,
            ["preTaskVersion"] = 0,
            ["postTaskCode"] = e.To,
            ["postTaskVersion"] = 0,
            ["conditionType"] = "NONE",
            ["conditionParams"] = new JsonObject(),
        }),
    ];
}
