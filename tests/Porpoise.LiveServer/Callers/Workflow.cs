using System.Text.Json.Nodes;

namespace Porpoise.LiveServer.Callers;

/// <summary>A definition in the making; node codes are 1, 2, 3 …, as codes need not have been minted.</summary>
public sealed class Workflow
{
    private readonly IReadOnlyList<long>? _minted;
    private readonly JsonArray _tasks = [];
    private readonly JsonArray _relations = [];
    private readonly Dictionary<string, long> _codes = [];
    private readonly Dictionary<string, object?> _parameters = new() { ["description"] = "of a test", ["executionType"] = "PARALLEL" };

    /// <param name="name">Null: one that nothing else has.</param>
    /// <param name="minted">Codes for the nodes, in their order; null: 1, 2, 3 ….</param>
    public Workflow(string? name = null, IReadOnlyList<long>? minted = null)
    {
        _minted = minted;
        _parameters["name"] = name ?? "w-" + Guid.NewGuid().ToString("N");
    }

    public string Name => (string)_parameters["name"]!;

    public (string Name, object? Value)[] Parameters =>
    [
        .. _parameters.Select(p => (p.Key, p.Value)),
        ("taskDefinitionJson", _tasks.ToJsonString()),
        ("taskRelationJson", _relations.ToJsonString()),
    ];

    public Workflow Noop(string name, params string[] after) => Add(name, "NOOP", [], after);

    public Workflow Shell(string name, string script, params string[] after) => Add(name, "SHELL", new JsonObject { ["rawScript"] = script }, after);

    public Workflow Add(string name, string type, JsonObject taskParams, params string[] after)
    {
        var code = _codes[name] = _minted?[_codes.Count] ?? _codes.Count + 1;
        _tasks.Add(new JsonObject { ["code"] = code, ["name"] = name, ["taskType"] = type, ["taskParams"] = taskParams });
        foreach (var before in after.Length == 0 ? [""] : after)
        {
            _relations.Add(new JsonObject { ["name"] = "", ["preTaskCode"] = before.Length == 0 ? 0 : _codes[before], ["postTaskCode"] = code });
        }

        return this;
    }

    /// <summary>Sets a member of the node that was added last.</summary>
    public Workflow WithNode(string member, JsonNode? value)
    {
        _tasks[^1]![member] = value;
        return this;
    }

    /// <summary>Sets a member of taskParams of the node that was added last.</summary>
    public Workflow WithTaskParam(string member, JsonNode? value)
    {
        _tasks[^1]!["taskParams"]![member] = value;
        return this;
    }

    /// <summary>Sets a member of the edge that was added last.</summary>
    public Workflow WithEdge(string member, JsonNode? value)
    {
        _relations[^1]![member] = value;
        return this;
    }

    /// <summary>One more edge, between nodes by their codes.</summary>
    public Workflow WithMoreEdge(long from, long to)
    {
        _relations.Add(new JsonObject { ["name"] = "", ["preTaskCode"] = from, ["postTaskCode"] = to });
        return this;
    }

    /// <summary>Sets a parameter of the call itself.</summary>
    public Workflow With(string parameter, object? value)
    {
        _parameters[parameter] = value;
        return this;
    }
}
