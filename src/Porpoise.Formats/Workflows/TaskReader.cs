using System.Text.Json;
using Porpoise.Core.Environments;
using Porpoise.Core.Queues;
using Porpoise.Core.Workflows;
using Porpoise.Formats.Yaml;

namespace Porpoise.Formats.Workflows;

/// <summary>Reads one task, but for its parameters and what it waits for.</summary>
internal sealed class TaskReader(MapReader reader, Faults faults)
{
    private static readonly string[] Priorities = [.. Enum.GetNames<Priority>().Select(p => p.ToUpperInvariant())];
    private static readonly string[] Alerts = ["start", "failure"];

    public TaskDefinition Read(string name, TaskCode code)
    {
        var type = TaskTypes.Canonical(reader.Text("type") ?? TaskTypes.Shell);
        var alertOn = ReadAlerts();
        return new TaskDefinition(
            code,
            name,
            reader.Text("description") ?? "",
            type,
            ReadParams(type),
            (int)(reader.Number("retries", 0, WorkflowLimits.RetriesMax) ?? 0),
            reader.Duration("retryInterval", WorkflowLimits.RetryIntervalMax) ?? TimeSpan.Zero,
            Enum.Parse<Priority>(reader.Word("priority", Priorities) ?? nameof(Priority.Medium), ignoreCase: true))
        {
            Delay = reader.Duration("delay", WorkflowLimits.DelayMax) ?? TimeSpan.Zero,
            IsDisabled = reader.Flag("disabled") ?? false,
            TimeLimit = ListReader.ReadTimeLimit(reader, faults),
            Queue = ReadQueue(type),
            Environment = EnvironmentCode.OfWire(reader.Number("environment", 1, WorkflowLimits.CodeLimit - 1)),
            WorkerGroup = reader.Text("workerGroup") is { } group && group != StandardWorkerGroup.Name ? group : "",
            AlertEmail = reader.Text("alertEmail") ?? "",
            AlertOnStart = alertOn.Contains("start"),
            AlertOnFailure = alertOn.Contains("failure"),
            Tags = ListReader.ReadTags(reader, faults),
        };
    }

    /// <summary>Where the things stand that its offences name.</summary>
    public static void AddPlaces(PlaceMap places, string place, Position at, MapReader reader, TaskDefinition task)
    {
        places.Add(place, at, reader.Place);
        places.Add(place + ", taskParams", reader.Member("with") is null ? at : reader.AtOf("with"), reader.PlaceOf("with"));
        foreach (var (member, value) in (reader.Member("with") as YamlMap)?.Entries ?? [])
        {
            places.Add($"{place}, taskParams.{member.Value}", value.At, $"{reader.PlaceOf("with")}.{member.Value}");
        }

        places.Add($"{place}, taskParams.{ScriptMember.Of(task.Type)}", reader.Member("run") is null ? at : reader.AtOf("run"), reader.PlaceOf("run"));
        foreach (var (member, key) in (ReadOnlySpan<(string, string)>)
        [
            ("taskType", "type"), ("description", "description"), ("alertEmailAddress", "alertEmail"), ("tags", "tags"), ("timeout", "timeout"), ("delayTime", "delay"), ("queue", "queue"), ("environmentCode", "environment"), ("workerGroup", "workerGroup"), ("edges", "after"),
        ])
        {
            places.Add($"{place}, {member}", reader.AtOf(key), reader.PlaceOf(key));
        }
    }

    private YamlText? JobQueue => reader.Member("with") is YamlMap with ? with.Entries.FirstOrDefault(e => e.Key.Value == TaskQueue.JobMember).Value as YamlText : null;

    private string ReadQueue(string type)
    {
        var (queue, inJob) = (reader.Text("queue"), TaskQueue.IsInJob(type) ? JobQueue?.Value : null);
        if (queue is not null && inJob is not null && queue != inJob)
        {
            reader.Wrong<string>("queue", $"the same queue as with.{TaskQueue.JobMember}; one of them is enough");
        }

        return queue ?? inJob ?? "";
    }

    private List<string> ReadAlerts()
    {
        var words = new List<string>();
        foreach (var item in reader.List("alertOn", "a list of " + string.Join(", ", Alerts)))
        {
            if (item is YamlText text && Alerts.Contains(text.Value, StringComparer.Ordinal))
            {
                words.Add(text.Value);
            }
            else
            {
                faults.Add(item.At, reader.PlaceOf("alertOn"), "It takes " + string.Join(" and ", Alerts) + ".");
            }
        }

        return words;
    }

    /// <summary>What <c>with</c> says, and <c>run</c> under the name that the type has for it.</summary>
    private string ReadParams(string type)
    {
        var script = ScriptMember.Of(type);
        var run = reader.Text("run");
        var hasRun = run is not null || reader.Member("run") is not null;
        using var stream = new MemoryStream();
        using (var json = YamlJson.WriterOn(stream))
        {
            json.WriteStartObject();
            foreach (var (key, value) in reader.Map("with", "a map of what the task type takes")?.Entries ?? [])
            {
                if (key.Value == "localParams")
                {
                    faults.Add(key.At, reader.PlaceOf("with.localParams"), "Parameters of a task stand under params and outputs.");
                }
                else if (hasRun && key.Value == script)
                {
                    faults.Add(key.At, reader.PlaceOf("with." + script), "This is what run says; one of them is too many.");
                }
                else
                {
                    json.WritePropertyName(key.Value);
                    YamlJson.Write(json, value);
                }
            }

            if (run is not null)
            {
                json.WriteString(script, run);
            }

            if (TaskQueue.IsInJob(type) && reader.Text("queue") is { } queue && JobQueue is null)
            {
                json.WriteString(TaskQueue.JobMember, queue);
            }

            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(stream.GetBuffer().AsMemory(0, (int)stream.Length), new JsonDocumentOptions { MaxDepth = CanonicalJson.DepthMax });
        return CanonicalJson.Write(document.RootElement);
    }
}
