using System.Text.Json;
using Porpoise.Core.Workflows;
using Porpoise.Formats.Yaml;

namespace Porpoise.Formats.Workflows;

/// <summary>Writes the tasks of a definition.</summary>
/// <param name="workflow">Writes what workflows and tasks both have.</param>
/// <param name="withCodes">True: with their codes.</param>
internal sealed class TaskWriter(YamlWriter yaml, WorkflowWriter workflow, WorkflowDefinition definition, bool withCodes)
{
    /// <summary>So many names stand on one line.</summary>
    private const int NamesOnOneLineMax = 8;

    private readonly Dictionary<TaskCode, string> _names = definition.Tasks.ToDictionary(t => t.Code, t => t.Name);
    private readonly ILookup<TaskCode, Edge> _edges = definition.Edges.ToLookup(e => e.To);
    private readonly Dictionary<Edge, string> _edgeNames = definition.EdgeNames.DistinctBy(n => n.Edge).ToDictionary(n => n.Edge, n => n.Name);

    public void Write(TaskDefinition task)
    {
        using var taskParams = JsonDocument.Parse(task.Params, new JsonDocumentOptions { MaxDepth = CanonicalJson.DepthMax });
        var script = ScriptOf(task, taskParams.RootElement);
        workflow.Key(task.Name);
        yaml.StartMap();
        if (task.Type != TaskTypes.Shell || script is null)
        {
            workflow.Pair("type", task.Type);
        }

        if (withCodes)
        {
            workflow.Raw("code", task.Code.Value);
        }

        workflow.WriteText("description", task.Description);
        WriteAfter(task);
        WriteRunning(task);
        workflow.WriteParameters(task.LocalParams);
        WriteWith(task, taskParams.RootElement, script);
        if (script is not null)
        {
            workflow.Pair("run", script);
        }

        yaml.EndMap();
    }

    /// <summary>How it is run and retried, and who is told.</summary>
    private void WriteRunning(TaskDefinition task)
    {
        workflow.WriteText("queue", task.Queue);
        if (!task.Environment.IsNone)
        {
            workflow.Raw("environment", task.Environment.Value);
        }

        workflow.WriteText("workerGroup", task.WorkerGroup);
        if (task.RetryMax != 0)
        {
            workflow.Raw("retries", task.RetryMax);
        }

        if (task.RetryInterval != TimeSpan.Zero)
        {
            workflow.Pair("retryInterval", DurationText.Write(task.RetryInterval));
        }

        if (task.Delay != TimeSpan.Zero)
        {
            workflow.Pair("delay", DurationText.Write(task.Delay));
        }

        workflow.WriteTimeLimit(task.TimeLimit);
        if (task.IsDisabled)
        {
            workflow.Key("disabled");
            yaml.Raw("true");
        }

        if (task.Priority != Priority.Medium)
        {
            workflow.Pair("priority", task.Priority.ToString().ToUpperInvariant());
        }

        workflow.WriteText("alertEmail", task.AlertEmail);
        if (task.AlertOnStart || task.AlertOnFailure)
        {
            WriteNames("alertOn", [.. new[] { (task.AlertOnStart, "start"), (task.AlertOnFailure, "failure") }.Where(a => a.Item1).Select(a => a.Item2)]);
        }

        workflow.WriteTags(task.Tags);
    }

    private void WriteAfter(TaskDefinition task)
    {
        var edges = _edges[task.Code].ToList();
        if (_edgeNames.ContainsKey(new Edge(default, task.Code)))
        {
            edges.Insert(0, new Edge(default, task.Code));
        }

        if (edges.Count == 0)
        {
            return;
        }

        if (!edges.Exists(_edgeNames.ContainsKey))
        {
            WriteNames("after", [.. edges.Select(e => _names[e.From])]);
            return;
        }

        workflow.Key("after");
        yaml.StartList();
        foreach (var edge in edges)
        {
            yaml.StartMap(onOneLine: true);
            workflow.WriteText("task", edge.From == default ? "" : _names[edge.From]);
            workflow.WriteText("name", _edgeNames.GetValueOrDefault(edge, ""));
            yaml.EndMap();
        }

        yaml.EndList();
    }

    private void WriteNames(string key, List<string> names)
    {
        workflow.Key(key);
        yaml.StartList(onOneLine: names.Count <= NamesOnOneLineMax);
        names.ForEach(n => yaml.Text(n, mayBeBlock: false));
        yaml.EndList();
    }

    /// <summary>Null: it has none, or something else than a text where it belongs.</summary>
    private static string? ScriptOf(TaskDefinition task, JsonElement taskParams) =>
        taskParams.TryGetProperty(ScriptMember.Of(task.Type), out var script) && script.ValueKind == JsonValueKind.String ? script.GetString() : null;

    private void WriteWith(TaskDefinition task, JsonElement taskParams, string? script)
    {
        var members = taskParams.EnumerateObject().Where(m => !(script is not null && m.Name == ScriptMember.Of(task.Type)) && !SaysQueue(task, m)).ToList();
        if (members.Count == 0)
        {
            return;
        }

        workflow.Key("with");
        yaml.StartMap();
        foreach (var member in members)
        {
            workflow.Key(member.Name);
            yaml.Json(member.Value);
        }

        yaml.EndMap();
    }

    private static bool SaysQueue(TaskDefinition task, JsonProperty member) =>
        TaskQueue.IsInJob(task.Type) && member.Name == TaskQueue.JobMember && member.Value.ValueKind == JsonValueKind.String && task.Queue.Length > 0 && member.Value.ValueEquals(task.Queue);
}
