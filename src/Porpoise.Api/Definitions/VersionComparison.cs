using System.Globalization;
using System.Text.Json;
using Porpoise.Api.Operations;
using Porpoise.Api.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Workflows;

namespace Porpoise.Api.Definitions;

/// <summary>What is different between two versions. Nodes are the same by their code, whatever their names.</summary>
/// <param name="From">One version.</param>
/// <param name="FromHash">Its content's hash.</param>
/// <param name="To">The other.</param>
/// <param name="ToHash">Its content's hash.</param>
/// <param name="Total">How many differences there are.</param>
/// <param name="Differences">The first <see cref="DifferencesMax"/> of them: the workflow's own, then those of the nodes, then those of the edges.</param>
internal sealed record VersionComparison(int From, string FromHash, int To, string ToHash, int Total, IReadOnlyList<Difference> Differences)
{
    /// <summary>Differences in one answer.</summary>
    public const int DifferencesMax = 1_000;

    public static VersionComparison Of(WorkflowVersionRow from, WorkflowVersionRow to)
    {
        var all = new List<Difference>();
        AddWorkflow(all, from.Definition, to.Definition);
        AddNodes(all, from.Definition, to.Definition);
        AddEdges(all, from.Definition, to.Definition);
        return new VersionComparison(from.Version, from.Hash, to.Version, to.Hash, all.Count, all.Count <= DifferencesMax ? all : all[..DifferencesMax]);
    }

    private static void AddWorkflow(List<Difference> all, WorkflowDefinition from, WorkflowDefinition to)
    {
        AddMembers(all, Difference.Workflow, code: null, name: null, MembersOf(from), MembersOf(to));
        AddOrder(all, "nodeOrder", [.. from.Tasks.Select(t => t.Code)], [.. to.Tasks.Select(t => t.Code)]);
        AddOrder(all, "edgeOrder", [.. from.Edges.Select(e => $"{e.From} → {e.To}")], [.. to.Edges.Select(e => $"{e.From} → {e.To}")]);
    }

    private static void AddNodes(List<Difference> all, WorkflowDefinition from, WorkflowDefinition to)
    {
        var before = from.Tasks.ToDictionary(t => t.Code);
        var after = to.Tasks.ToDictionary(t => t.Code);
        foreach (var task in from.Tasks.Where(t => !after.ContainsKey(t.Code)))
        {
            all.Add(new Difference(Difference.Node, Difference.Removed, task.Code.Value, task.Name, Member: null, From: null, To: null));
        }

        foreach (var task in to.Tasks)
        {
            if (before.TryGetValue(task.Code, out var old))
            {
                AddMembers(all, Difference.Node, task.Code.Value, task.Name, MembersOf(old), MembersOf(task));
            }
            else
            {
                all.Add(new Difference(Difference.Node, Difference.Added, task.Code.Value, task.Name, Member: null, From: null, To: null));
            }
        }
    }

    private static void AddEdges(List<Difference> all, WorkflowDefinition from, WorkflowDefinition to)
    {
        var before = from.Tasks.ToDictionary(t => t.Code, t => t.Name);
        var after = to.Tasks.ToDictionary(t => t.Code, t => t.Name);
        all.AddRange(from.Edges.Except(to.Edges).Select(e => EdgeOf(Difference.Removed, e, before)));
        all.AddRange(to.Edges.Except(from.Edges).Select(e => EdgeOf(Difference.Added, e, after)));
    }

    /// <summary>The order of nodes and edges is part of the content: tasks that become ready together start in it.</summary>
    private static void AddOrder<T>(List<Difference> all, string member, IReadOnlyList<T> from, IReadOnlyList<T> to)
    {
        var (before, after) = (from.Where(to.ToHashSet().Contains).ToList(), to.Where(from.ToHashSet().Contains).ToList());
        if (!before.SequenceEqual(after))
        {
            all.Add(new Difference(Difference.Workflow, Difference.Changed, Code: null, Name: null, member, string.Join(", ", before), string.Join(", ", after)));
        }
    }

    private static Difference EdgeOf(string change, Edge edge, Dictionary<TaskCode, string> names) =>
        new(Difference.Edge, change, Code: null, $"{names[edge.From]} → {names[edge.To]}", Member: null, edge.From.ToString(), edge.To.ToString());

    private static void AddMembers(List<Difference> all, string place, long? code, string? name, Dictionary<string, string> from, Dictionary<string, string> to)
    {
        foreach (var member in from.Keys.Union(to.Keys))
        {
            var (old, now) = (from.GetValueOrDefault(member), to.GetValueOrDefault(member));
            if (old != now)
            {
                all.Add(new Difference(place, Difference.Changed, code, name, member, old, now));
            }
        }
    }

    private static Dictionary<string, string> MembersOf(WorkflowDefinition definition) => new()
    {
        ["name"] = definition.Name,
        ["description"] = definition.Description,
        ["globalParams"] = AnswerJson.Write(WireParameter.Of(definition.GlobalParams), DefinitionJson.Default.IReadOnlyListWireParameter),
        ["timeoutSeconds"] = Text(TimeLimitText.SecondsOf(definition.TimeLimit)),
        ["timeoutNotifyStrategy"] = TimeLimitText.StrategyOf(definition.TimeLimit),
        ["taskParallelism"] = Text(definition.ParallelismMax),
        ["resourceQueue"] = definition.Queue,
        ["alertEmailAddress"] = definition.AlertEmail,
        ["runAs"] = definition.RunAs,
        ["regionId"] = definition.RegionId,
        ["tags"] = AnswerJson.Write(WireTags.Of(definition.Tags), DefinitionJson.Default.IReadOnlyDictionaryStringString),
        ["locations"] = definition.Locations,
        ["edgeNames"] = string.Join(", ", definition.EdgeNames.Select(n => $"{n.Edge.From} → {n.Edge.To}: {n.Name}")),
    };

    private static Dictionary<string, string> MembersOf(TaskDefinition task)
    {
        var members = new Dictionary<string, string>
        {
            ["name"] = task.Name,
            ["description"] = task.Description,
            ["taskType"] = task.Type,
            ["localParams"] = AnswerJson.Write(WireParameter.Of(task.LocalParams), DefinitionJson.Default.IReadOnlyListWireParameter),
            ["failRetryTimes"] = Text(task.RetryMax),
            ["failRetryIntervalSeconds"] = Text((long)task.RetryInterval.TotalSeconds),
            ["taskPriority"] = States.Of(task.Priority),
            ["flag"] = task.IsDisabled ? "NO" : "YES",
            ["delaySeconds"] = Text((long)task.Delay.TotalSeconds),
            ["timeoutSeconds"] = Text(TimeLimitText.SecondsOf(task.TimeLimit)),
            ["timeoutNotifyStrategy"] = TimeLimitText.StrategyOf(task.TimeLimit),
            ["workerGroup"] = task.WorkerGroup,
            ["queue"] = task.Queue,
            ["environmentCode"] = task.Environment.Wire.ToString(CultureInfo.InvariantCulture),
            ["alertEmailAddress"] = task.AlertEmail,
            ["startAlertEnable"] = task.AlertOnStart ? "true" : "false",
            ["failAlertEnable"] = task.AlertOnFailure ? "true" : "false",
            ["tags"] = AnswerJson.Write(WireTags.Of(task.Tags), DefinitionJson.Default.IReadOnlyDictionaryStringString),
        };
        using var taskParams = JsonText.Parse(task.Params);
        foreach (var member in taskParams.RootElement.EnumerateObject())
        {
            members["taskParams." + member.Name] = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText();
        }

        return members;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One difference.</summary>
/// <param name="Place"><see cref="Workflow"/>, <see cref="Node"/> or <see cref="Edge"/>.</param>
/// <param name="Change"><see cref="Added"/>, <see cref="Removed"/> or <see cref="Changed"/>.</param>
/// <param name="Code">The node's; null elsewhere.</param>
/// <param name="Name">The node's, or those of the edge's two ends.</param>
/// <param name="Member">What was changed; null when all of it was added or removed.</param>
/// <param name="From">As it was; null: it was not there. Of an edge the code of its first node.</param>
/// <param name="To">As it is; null: it is not there. Of an edge the code of its second node.</param>
internal sealed record Difference(string Place, string Change, long? Code, string? Name, string? Member, string? From, string? To)
{
    public const string Workflow = "WORKFLOW";
    public const string Node = "NODE";
    public const string Edge = "EDGE";
    public const string Added = "ADDED";
    public const string Removed = "REMOVED";
    public const string Changed = "CHANGED";
}
