using System.Text.Json.Nodes;

namespace Porpoise.Api.Tests.Definitions;

/// <summary>The parameters of a create or update call in the making. Nodes have the codes 1, 2, 3 …</summary>
internal sealed class DefinitionForm
{
    private readonly Dictionary<string, object?> _parameters = new() { ["description"] = "of a test", ["executionType"] = "PARALLEL" };

    public DefinitionForm(string? name = null) => _parameters["name"] = name ?? "w-" + Guid.NewGuid().ToString("N");

    public JsonArray Nodes { get; } = [];

    public JsonArray Relations { get; } = [];

    public string Name => (string)_parameters["name"]!;

    public JsonObject LastNode => Nodes[^1]!.AsObject();

    public JsonObject LastParams => LastNode["taskParams"]!.AsObject();

    public (string Name, object? Value)[] Parameters =>
    [
        .. _parameters.Select(p => (p.Key, p.Value)),
        .. new (string Name, object? Value)[] { ("taskDefinitionJson", Nodes.ToJsonString()), ("taskRelationJson", Relations.ToJsonString()) }.Where(p => !_parameters.ContainsKey(p.Name)),
    ];

    /// <summary>A definition of one sound SHELL node.</summary>
    public static DefinitionForm Sound(string? name = null) => new DefinitionForm(name).Shell("a");

    public DefinitionForm Shell(string name, params int[] after) => Node(name, "SHELL", new JsonObject { ["rawScript"] = "true" }, after);

    public DefinitionForm Noop(string name, params int[] after) => Node(name, "NOOP", [], after);

    public DefinitionForm Emr(string name) =>
        Node(name, "EMR-SERVERLESS-SPARK", new JsonObject { ["workspaceBizId"] = "w-1", ["taskBizId"] = "TSK-1", ["resourceQueueId"] = "root_queue" });

    public DefinitionForm Node(string name, string type, JsonObject taskParams, params int[] after)
    {
        var code = Nodes.Count + 1;
        Nodes.Add(new JsonObject { ["code"] = code, ["name"] = name, ["taskType"] = type, ["taskParams"] = taskParams });
        foreach (var before in after.Length == 0 ? [0] : after)
        {
            Relations.Add(new JsonObject { ["name"] = "", ["preTaskCode"] = before, ["preTaskVersion"] = 1, ["postTaskCode"] = code, ["postTaskVersion"] = 1 });
        }

        return this;
    }

    public DefinitionForm Edge(int from, int to)
    {
        Relations.Add(new JsonObject { ["name"] = "", ["preTaskCode"] = from, ["postTaskCode"] = to });
        return this;
    }

    public DefinitionForm With(string parameter, object? value)
    {
        if (value is null)
        {
            _parameters.Remove(parameter);
        }
        else
        {
            _parameters[parameter] = value;
        }

        return this;
    }

    public DefinitionForm WithNode(string member, JsonNode? value)
    {
        LastNode[member] = value;
        return this;
    }

    public DefinitionForm WithParam(string member, JsonNode? value)
    {
        LastParams[member] = value;
        return this;
    }
}
