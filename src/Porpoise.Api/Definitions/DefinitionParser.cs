using System.Globalization;
using System.Text.Json;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Core.Schedules;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Workflows;

namespace Porpoise.Api.Definitions;

/// <summary>What a create or update call asks for.</summary>
/// <param name="Schedule">Null: it says nothing about the schedule.</param>
internal sealed record ParsedDefinition(WorkflowDefinition Definition, ScheduleChange? Schedule);

/// <summary>
/// Reads a definition from the parameters of a call. Clients send numbers as text, send back what they read before, and leave out what they do
/// not care about; so unknown members are ignored and empty ones are absent. What this version cannot honour is refused.
/// </summary>
/// <param name="isCloud">The dialect: it decides the unit of a time limit, and what an absent parameter of an update means.</param>
/// <param name="surroundings">What the definition may refer to.</param>
internal sealed class DefinitionParser(bool isCloud, WorkflowSurroundings surroundings)
{
    private readonly Findings _findings = new();

    /// <param name="before">The definition that an update replaces; null: it is new.</param>
    /// <exception cref="RefusalException">A parameter cannot be read, or there is anything wrong with the definition: everything is in one answer.</exception>
    public ParsedDefinition Parse(Parameters parameters, WorkflowDefinition? before = null)
    {
        var nodes = new NodeParser(_findings, isCloud, parameters.Int("retryTimes", 0, WorkflowLimits.RetriesMax) ?? 0, isCloud ? before?.Tasks ?? [] : []);
        var head = ParseHead(parameters, before ?? new WorkflowDefinition("", "", [], [], ""));
        var tasks = ParseList(parameters, "taskDefinitionJson", WorkflowLimits.TasksMax, nodes.ParseNode);
        var rows = ParseList(parameters, "taskRelationJson", WorkflowLimits.EdgesMax + WorkflowLimits.TasksMax, nodes.ParseEdge).OfType<EdgeName>().ToList();
        var definition = head with
        {
            Tasks = [.. tasks.OfType<TaskDefinition>()],
            Edges = [.. rows.Select(r => r.Edge).Where(e => e.From != default).Distinct()],
            EdgeNames = [.. NamesOf(rows, before)],
            Locations = ReadLocations(parameters) ?? (isCloud ? head.Locations : ""), // the cloud's operation has no field for them
        };
        return Checked(definition, ParseSchedule(parameters), [.. rows.Select(r => r.Edge)]);
    }

    /// <summary>Changes what stands beside the graph.</summary>
    /// <inheritdoc cref="Parse"/>
    public ParsedDefinition ParseBasics(Parameters parameters, WorkflowDefinition before) => Checked(ParseHead(parameters, before), ParseSchedule(parameters));

    /// <summary>What is said of a name when a definition is saved with it.</summary>
    /// <exception cref="RefusalException">It is none that a definition can have.</exception>
    public static void CheckName(string name)
    {
        var findings = new Findings();
        foreach (var offence in WorkflowValidation.Check(new WorkflowDefinition(name, "", [], [], "")).Where(o => o.Kind == OffenceKind.BadName))
        {
            findings.Add(offence);
        }

        findings.Throw();
    }

    /// <param name="rows">The edges as they were sent; null: they were not.</param>
    private ParsedDefinition Checked(WorkflowDefinition definition, ScheduleChange? schedule, IReadOnlyList<Edge>? rows = null)
    {
        if (!_findings.IsBroken)
        {
            foreach (var offence in WorkflowValidation.Check(definition, surroundings, rows))
            {
                _findings.Add(offence);
            }
        }

        _findings.Throw();
        return new ParsedDefinition(definition, schedule);
    }

    /// <summary>Of an edge that comes twice, the first name. DolphinScheduler's UI names no edge, and cannot mean to take names away.</summary>
    private IEnumerable<EdgeName> NamesOf(IEnumerable<EdgeName> rows, WorkflowDefinition? before)
    {
        var kept = isCloud || before is null ? [] : before.EdgeNames.DistinctBy(n => n.Edge).ToDictionary(n => n.Edge, n => n.Name);
        return rows.Select(r => r.Name.Length > 0 ? r : r with { Name = kept.GetValueOrDefault(r.Edge, "") }).Where(r => r.Name.Length > 0).DistinctBy(r => r.Edge);
    }

    /// <summary>Kept as it is, and a list: the editors that read it back could not open the definition otherwise.</summary>
    private string? ReadLocations(Parameters parameters)
    {
        using var document = ParseJson(parameters, "locations");
        if (document is null)
        {
            return null;
        }

        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            _findings.Invalid("locations", "a JSON array");
        }

        return parameters.Text("locations");
    }

    /// <summary>DolphinScheduler's clients do not know the cloud's parameters: where they say nothing about them, these stay as they were.</summary>
    private WorkflowDefinition ParseHead(Parameters parameters, WorkflowDefinition before)
    {
        parameters.RefuseUnless("executionType", "PARALLEL");
        parameters.RefuseUnless("tenantCode", "default");
        parameters.RefuseUnless("otherParamsJson", "{}");
        string? Kept(string name, string was) => parameters.Text(name) ?? (isCloud ? null : was);
        using var globalParams = ParseJson(parameters, "globalParams");
        using var tags = ParseJson(parameters, "tags");
        return before with
        {
            Name = parameters.RequiredText("name").Trim(),
            Description = parameters.Text("description") ?? "",
            GlobalParams = MemberLists.ReadParameters(globalParams?.RootElement, "globalParams", _findings),
            TimeLimit = ParseTimeLimit(parameters, before.TimeLimit),
            ParallelismMax = parameters.Int("taskParallelism", takes: $"a whole number from 0 to {int.MaxValue}") ?? (isCloud ? 0 : before.ParallelismMax),
            Queue = Kept("resourceQueue", before.Queue) ?? "",
            AlertEmail = Kept("alertEmailAddress", before.AlertEmail) ?? "",
            RunAs = Kept("runAs", before.RunAs) ?? "",
            RegionId = Kept("regionId", before.RegionId) ?? "",
            Tags = tags is null && !isCloud ? before.Tags : MemberLists.ReadTags(tags?.RootElement, "tags", _findings),
        };
    }

    private TimeLimit? ParseTimeLimit(Parameters parameters, TimeLimit? before)
    {
        var timeout = parameters.Long("timeout", 0, TimeLimitText.NumberMax, TimeLimitText.Takes(isCloud));
        if (isCloud)
        {
            return TimeLimitText.OfCloud(timeout);
        }

        var seconds = parameters.Long("timeoutSeconds", 0, TimeLimitText.NumberMax, TimeLimitText.Takes(inSeconds: true));
        var strategy = parameters.Word("timeoutNotifyStrategy", TimeLimitText.Warn, TimeLimitText.Fail, TimeLimitText.WarnAndFail);
        return seconds is null && strategy is null && before is not null && timeout == TimeLimitText.MinutesOf(before)
            ? before // sent back as it was shown: what the minutes cannot say stays
            : TimeLimitText.OfDolphin(timeout, seconds, strategy);
    }

    /// <summary>
    /// An empty object, or null as text, takes the schedule away; nothing at all leaves it as it was. So does JSON's null as a member of a JSON body, as
    /// everywhere: serializers write it for what their caller did not set.
    /// </summary>
    private ScheduleChange? ParseSchedule(Parameters parameters)
    {
        var name = parameters.Text("schedule") is null ? "scheduleJson" : "schedule";
        if (parameters.Text(name) is null)
        {
            return null;
        }

        using var document = ParseJson(parameters, name);
        if (document is null || JsonNodeReader.Of(document.RootElement, name, _findings) is not { } schedule)
        {
            return new ScheduleChange(null);
        }

        var text = new ScheduleText(schedule.Text("crontab"), schedule.Text("timezoneId"), schedule.Text("startTime"), schedule.Text("endTime"));
        if (text.IsEmpty)
        {
            return new ScheduleChange(null);
        }

        var offences = new List<Offence>();
        var parsed = ScheduleParser.Parse(text, name, offences);
        offences.ForEach(_findings.Add);
        return new ScheduleChange(parsed);
    }

    private static List<T?> ParseList<T>(Parameters parameters, string name, int max, Func<JsonElement, int, T?> parse)
    {
        parameters.RequiredText(name);
        using var document = ParseJson(parameters, name);
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw Parameters.Invalid(name, "a JSON array");
        }

        var count = document.RootElement.GetArrayLength();
        return count <= max
            ? [.. document.RootElement.EnumerateArray().Select(parse)]
            : throw new RefusalException(ErrorCodes.BadDefinition, string.Create(CultureInfo.InvariantCulture, $"{name}: It may have at most {max} elements; there are {count}."));
    }

    /// <summary>Null when absent, or JSON's null.</summary>
    private static JsonDocument? ParseJson(Parameters parameters, string name)
    {
        if (parameters.Text(name) is not { } text)
        {
            return null;
        }

        try
        {
            var document = JsonText.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Null)
            {
                return document;
            }

            document.Dispose();
            return null;
        }
        catch (JsonException e)
        {
            throw Parameters.Invalid(name, $"JSON; {e.Message}");
        }
    }
}
