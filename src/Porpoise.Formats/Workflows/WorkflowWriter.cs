using System.Globalization;
using System.Text;
using Porpoise.Core.Parameters;
using Porpoise.Core.Schedules;
using Porpoise.Core.Workflows;
using Porpoise.Formats.Yaml;

namespace Porpoise.Formats.Workflows;

/// <summary>Writes a definition as a document. What is as it would be without a word is left out.</summary>
internal sealed class WorkflowWriter
{
    private const string TasksLine = "tasks:";

    /// <summary>Their taskParams name other nodes by code, so the codes have to travel along.</summary>
    private static readonly string[] TypesWithCodes = ["CONDITIONS", "SWITCH"];

    private readonly YamlWriter _yaml = new();

    public static string Write(WorkflowDefinition definition, Schedule? schedule)
    {
        var writer = new WorkflowWriter();
        writer.WriteWorkflow(definition, schedule);
        return Spaced(writer._yaml.End());
    }

    private void WriteWorkflow(WorkflowDefinition definition, Schedule? schedule)
    {
        _yaml.StartMap();
        Pair("name", definition.Name);
        WriteText("description", definition.Description);
        WriteTags(definition.Tags);
        WriteParameters(definition.GlobalParams);
        if (definition.ParallelismMax != 0)
        {
            Raw("parallelism", definition.ParallelismMax);
        }

        WriteTimeLimit(definition.TimeLimit);
        WriteText("queue", definition.Queue);
        WriteSchedule(schedule);
        WriteText("alertEmail", definition.AlertEmail);
        WriteText("runAs", definition.RunAs);
        Key("tasks");
        _yaml.StartMap();
        var tasks = new TaskWriter(_yaml, this, definition, withCodes: definition.Tasks.Any(t => TypesWithCodes.Contains(t.Type, StringComparer.Ordinal)));
        foreach (var task in definition.Tasks)
        {
            tasks.Write(task);
        }

        _yaml.EndMap();
        _yaml.EndMap();
    }

    internal void Key(string name) => _yaml.Text(name, mayBeBlock: false);

    internal void Pair(string key, string text)
    {
        Key(key);
        _yaml.Text(text);
    }

    internal void Raw(string key, long number)
    {
        Key(key);
        _yaml.Raw(number.ToString(CultureInfo.InvariantCulture));
    }

    internal void WriteText(string key, string text)
    {
        if (text.Length > 0)
        {
            Pair(key, text);
        }
    }

    internal void WriteTags(IReadOnlyList<Tag> tags)
    {
        if (tags.Count == 0)
        {
            return;
        }

        Key("tags");
        _yaml.StartMap();
        foreach (var tag in tags)
        {
            Key(tag.Key);
            _yaml.Value(tag.Value);
        }

        _yaml.EndMap();
    }

    internal void WriteParameters(IReadOnlyList<Parameter> parameters)
    {
        WriteParameters("params", [.. parameters.Where(p => p.Direction == ParameterDirection.In)]);
        var outputs = parameters.Where(p => p.Direction == ParameterDirection.Out).ToList();
        if (!outputs.TrueForAll(p => p.Type == ListReader.DefaultType && p.Value.Length == 0))
        {
            WriteParameters("outputs", outputs);
        }
        else if (outputs.Count > 0)
        {
            Key("outputs");
            _yaml.StartList(onOneLine: true);
            outputs.ForEach(p => _yaml.Text(p.Name, mayBeBlock: false));
            _yaml.EndList();
        }
    }

    internal void WriteTimeLimit(TimeLimit? limit)
    {
        if (limit is null)
        {
            return;
        }

        Key("timeout");
        if (limit.Action == TimeLimitAction.Fail)
        {
            _yaml.Text(DurationText.Write(limit.After));
            return;
        }

        _yaml.StartMap(onOneLine: true);
        Pair("after", DurationText.Write(limit.After));
        Pair("action", ListReader.Write(limit.Action));
        _yaml.EndMap();
    }

    private void WriteParameters(string key, List<Parameter> parameters)
    {
        if (parameters.Count == 0)
        {
            return;
        }

        Key(key);
        _yaml.StartMap();
        foreach (var parameter in parameters)
        {
            Key(parameter.Name);
            if (parameter.Type == ListReader.DefaultType)
            {
                _yaml.Value(parameter.Value);
                continue;
            }

            _yaml.StartMap(onOneLine: true);
            Pair("type", parameter.Type);
            Key("value");
            _yaml.Value(parameter.Value);
            _yaml.EndMap();
        }

        _yaml.EndMap();
    }

    private void WriteSchedule(Schedule? schedule)
    {
        if (schedule is null)
        {
            return;
        }

        Key("schedule");
        _yaml.StartMap();
        Pair("cron", schedule.Crontab);
        Pair("timezone", schedule.TimeZone);
        WriteText("start", ScheduleParser.ReadingOf(schedule.From, schedule.TimeZone) ?? "");
        WriteText("end", ScheduleParser.ReadingOf(schedule.Until, schedule.TimeZone) ?? "");
        _yaml.EndMap();
    }

    /// <summary>An empty line between tasks. Their names are all that stands two blanks from the edge below <c>tasks:</c>, which comes last.</summary>
    private static string Spaced(string yaml)
    {
        var text = new StringBuilder(yaml.Length);
        var (inTasks, isFirst) = (false, true);
        foreach (var line in yaml.TrimEnd('\n').Split('\n'))
        {
            if (inTasks && line.Length > 2 && line.StartsWith("  ", StringComparison.Ordinal) && line[2] != ' ')
            {
                text.Append(isFirst ? "" : "\n");
                isFirst = false;
            }

            inTasks |= line == TasksLine;
            text.Append(line).Append('\n');
        }

        return text.ToString();
    }
}
