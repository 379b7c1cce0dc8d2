using Porpoise.Core.Schedules;
using Porpoise.Core.Workflows;
using Porpoise.Formats.Yaml;

namespace Porpoise.Formats.Workflows;

/// <summary>Reads one document. What is wrong goes to the faults, and the rest is read all the same, so that one look finds everything.</summary>
internal sealed class WorkflowReader(Faults faults)
{
    /// <summary>Null, with a fault, when it is no map.</summary>
    public WorkflowSource? Read(YamlNode document)
    {
        if (document is not YamlMap map)
        {
            faults.Add(document.At, "", $"A workflow is a map with the keys {string.Join(", ", FileKeys.Workflow)}.");
            return null;
        }

        var places = new PlaceMap(document.At);
        var reader = new MapReader(map, "", faults, FileKeys.Workflow);
        if (reader.Member("name") is null)
        {
            reader.Wrong<string>("name", "the name by which the workflow is known; it is missing");
        }

        var schedule = ReadSchedule(reader);
        var tasks = new TaskListReader(faults, places).Read(reader);
        var definition = new WorkflowDefinition(reader.Text("name")?.Trim() ?? "-", reader.Text("description") ?? "", tasks.Tasks, tasks.Edges, Locations: "")
        {
            GlobalParams = ListReader.ReadParameters(reader, faults, places, "globalParams"),
            TimeLimit = ListReader.ReadTimeLimit(reader, faults),
            ParallelismMax = (int)(reader.Number("parallelism", 0, int.MaxValue) ?? 0),
            Queue = reader.Text("queue") ?? "",
            AlertEmail = reader.Text("alertEmail") ?? "",
            RunAs = reader.Text("runAs") ?? "",
            Tags = ListReader.ReadTags(reader, faults),
            EdgeNames = tasks.EdgeNames,
        };
        AddPlaces(places, reader);
        return new WorkflowSource(definition, schedule) { Places = places, GivenCodes = tasks.GivenCodes, At = document.At };
    }

    private static void AddPlaces(PlaceMap places, MapReader reader)
    {
        foreach (var (place, key) in (ReadOnlySpan<(string, string)>)
        [
            ("name", "name"), ("description", "description"), ("tags", "tags"), ("timeout", "timeout"), ("resourceQueue", "queue"), ("taskParallelism", "parallelism"),
            ("alertEmailAddress", "alertEmail"), ("runAs", "runAs"), ("tasks", "tasks"), ("edges", "tasks"),
        ])
        {
            places.Add(place, reader.AtOf(key), key);
        }
    }

    private Schedule? ReadSchedule(MapReader workflow)
    {
        if (workflow.Map("schedule", "a map with the keys " + string.Join(", ", FileKeys.Schedule)) is not { } map)
        {
            return null;
        }

        var places = new PlaceMap(map.At);
        var reader = new MapReader(map, "schedule", faults, FileKeys.Schedule);
        foreach (var (place, key) in (ReadOnlySpan<(string, string)>)[("crontab", "cron"), ("timezoneId", "timezone"), ("startTime", "start"), ("endTime", "end")])
        {
            places.Add("schedule." + place, reader.AtOf(key), reader.PlaceOf(key));
        }

        var offences = new List<Offence>();
        var schedule = ScheduleParser.Parse(new ScheduleText(reader.Text("cron"), reader.Text("timezone"), reader.Text("start"), reader.Text("end")), "schedule", offences);
        foreach (var offence in offences)
        {
            var fault = places.FaultOf(offence);
            faults.Add(fault.At, fault.Place, fault.Message, fault.Kind);
        }

        return schedule;
    }
}
