using Porpoise.Core.Workflows;
using Porpoise.Formats.Yaml;

namespace Porpoise.Formats.Workflows;

/// <summary>The tasks of a document and what they wait for.</summary>
/// <param name="GivenCodes">Codes that the file names; the others are provisional.</param>
internal sealed record TaskList(IReadOnlyList<TaskDefinition> Tasks, IReadOnlyList<Edge> Edges, IReadOnlyList<EdgeName> EdgeNames, IReadOnlySet<TaskCode> GivenCodes);

/// <summary>Reads the map of tasks: first their names, so that a task may wait for one that is written further down.</summary>
internal sealed class TaskListReader(Faults faults, PlaceMap places)
{
    private const string Takes = "a map of the tasks' names to what they do";

    private readonly Dictionary<string, TaskCode> _codes = new(StringComparer.Ordinal);
    private readonly List<Edge> _edges = [];
    private readonly List<EdgeName> _edgeNames = [];
    private readonly List<Position> _edgePlaces = [];

    public TaskList Read(MapReader workflow)
    {
        var entries = workflow.Map("tasks", Takes)?.Entries ?? [];
        var readers = entries.Select(e => ReaderOf(e, workflow.PlaceOf("tasks"))).ToList();
        var given = ReadCodes(entries, readers);
        var tasks = new List<TaskDefinition>();
        for (var i = 0; i < entries.Count && !faults.IsFull; i++)
        {
            var task = new TaskReader(readers[i], faults).Read(entries[i].Key.Value.Trim(), _codes[entries[i].Key.Value]);
            var place = WorkflowValidation.PlaceOf(i, task);
            TaskReader.AddPlaces(places, place, entries[i].Key.At, readers[i], task);
            tasks.Add(task with { LocalParams = ListReader.ReadParameters(readers[i], faults, places, place + ", localParams") });
            ReadEdges(readers[i], task.Code);
        }

        for (var i = 0; i < _edges.Count; i++)
        {
            places.Add(WorkflowValidation.PlaceOf(i, _edges[i]), _edgePlaces[i], "tasks." + tasks.Find(t => t.Code == _edges[i].To)?.Name + ".after");
        }

        return new TaskList(tasks, _edges, _edgeNames, given);
    }

    /// <summary>A task with nothing behind its name is an empty one.</summary>
    private MapReader ReaderOf(YamlEntry entry, string place)
    {
        var at = $"{place}.{entry.Key.Value}";
        if (entry.Value is not YamlMap and not YamlText { IsNull: true })
        {
            faults.Add(entry.Value.At, at, "A task is a map with the keys " + string.Join(", ", FileKeys.Task) + ".");
        }

        return new MapReader(entry.Value as YamlMap ?? new YamlMap(entry.Value.At, [], 1), at, faults, FileKeys.Task);
    }

    private HashSet<TaskCode> ReadCodes(IReadOnlyList<YamlEntry> entries, List<MapReader> readers)
    {
        var codes = readers.ConvertAll(r => r.Number("code", 1, WorkflowLimits.CodeLimit - 1));
        var given = codes.OfType<long>().Select(c => new TaskCode(c)).ToHashSet();
        var next = 0L;
        for (var i = 0; i < entries.Count; i++)
        {
            if (codes[i] is { } code)
            {
                _codes[entries[i].Key.Value] = new TaskCode(code);
                continue;
            }

            while (given.Contains(new TaskCode(++next)))
            {
                // Another task has it.
            }

            _codes[entries[i].Key.Value] = new TaskCode(next);
        }

        return given;
    }

    private void ReadEdges(MapReader task, TaskCode to)
    {
        var seen = new HashSet<TaskCode>();
        foreach (var item in task.List("after", "the names of the tasks that it waits for"))
        {
            if (ReadEdge(item, task.PlaceOf("after")) is not { } from || !seen.Add(from.Code))
            {
                continue;
            }

            var edge = new Edge(from.Code, to);
            if (from.Code != default)
            {
                _edges.Add(edge);
                _edgePlaces.Add(item.At);
            }

            if (from.EdgeName.Length > 0)
            {
                _edgeNames.Add(new EdgeName(edge, from.EdgeName));
            }
        }
    }

    /// <summary>From code 0 when it names no task: what the way in to a first task is called.</summary>
    private (TaskCode Code, string EdgeName)? ReadEdge(YamlNode item, string place)
    {
        if (item is YamlText text)
        {
            return CodeOf(text.Value, text.At, place) is { } code ? (code, "") : null;
        }

        if (item is not YamlMap map)
        {
            faults.Add(item.At, place, "It takes names of tasks, or maps with the keys " + string.Join(", ", FileKeys.Edge) + ".");
            return null;
        }

        var reader = new MapReader(map, place, faults, FileKeys.Edge);
        var name = reader.Text("name") ?? "";
        return reader.Text("task") is not { } task ? (default, name) : CodeOf(task, reader.AtOf("task"), place) is { } from ? (from, name) : null;
    }

    private TaskCode? CodeOf(string name, Position at, string place)
    {
        if (_codes.TryGetValue(name, out var code))
        {
            return code;
        }

        faults.Add(at, place, $"There is no task '{name}' in this workflow.", OffenceKind.UnknownNode);
        return null;
    }
}
