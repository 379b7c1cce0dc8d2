using System.Text.Json;
using static Porpoise.Core.Workflows.WorkflowValidation;

namespace Porpoise.Core.Workflows;

/// <summary>
/// Holds a node's taskParams against what its type takes: when a definition is saved, and again when the node is run, since only then it is known what
/// the references in it stand for. Both say the same.
/// </summary>
public static class TaskParameterRules
{
    /// <summary>Where taskParams are, in the place of an offence.</summary>
    private const string Root = "taskParams";

    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = WorkflowLimits.ParamsDepthMax };

    /// <summary>What is wrong with the taskParams of a node that is about to run.</summary>
    /// <param name="type">Of the node.</param>
    /// <param name="taskParams">As they were saved, maybe under other rules.</param>
    /// <param name="fill">Puts the values of parameters in the places of references.</param>
    public static IReadOnlyList<Offence> Check(string type, JsonElement taskParams, Func<string, string> fill)
    {
        var offences = new List<Offence>();
        new Reading(offences, type, fill, DataSources: null).Check(Root, TaskParameterTable.Of(type), taskParams);
        return offences;
    }

    internal static void Check(List<Offence> offences, string place, TaskDefinition task, WorkflowSurroundings surroundings)
    {
        var at = $"{place}, {Root}";
        if (task.Params.Length > WorkflowLimits.ParamsLengthMax)
        {
            TextRules.CheckLength(offences, at, "A node's taskParams as JSON", task.Params, WorkflowLimits.ParamsLengthMax);
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(task.Params, JsonOptions);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                offences.Add(new Offence(OffenceKind.BadTaskParameter, at, "They are a JSON object."));
                return;
            }

            new Reading(offences, task.Type, Fill: null, surroundings.DataSources).Check(at, TaskParameterTable.Of(task.Type), document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second one: a text with half a surrogate pair, which the reader notices only when it is asked for the text.
            offences.Add(new Offence(OffenceKind.BadTaskParameter, at, "They cannot be read as JSON: " + e.Message));
        }
    }

    /// <summary>One node's taskParams being read.</summary>
    /// <param name="Fill">Null: nobody knows what references stand for.</param>
    /// <param name="DataSources">Null: nobody knows them here.</param>
    private sealed record Reading(List<Offence> Offences, string Type, Func<string, string>? Fill, IReadOnlySet<int>? DataSources)
    {
        public void Check(string place, IReadOnlyList<TaskParameter> rows, JsonElement all)
        {
            foreach (var row in rows)
            {
                if (!row.IsOnlyThen || IsThen(row, all))
                {
                    CheckMember($"{place}.{row.Name}", row, all);
                }
            }
        }

        private void CheckMember(string at, TaskParameter row, JsonElement all)
        {
            if (Offences.Exists(o => o.Place == at))
            {
                return; // another row of the same member has said it
            }

            if (!all.TryGetProperty(row.Name, out var value) || IsEmpty(row, value))
            {
                if (row.IsRequired && IsThen(row, all))
                {
                    var reason = row.When is { } when ? $"A node of type {Type} whose {when.Name} is {string.Join(" or ", when.Words)}" : $"A node of type {Type}";
                    Offences.Add(new Offence(OffenceKind.MissingTaskParameter, at, $"{reason} needs {TaskParameterValues.Describe(row)} here."));
                }

                return;
            }

            CheckValue(at, row, value);
        }

        private void CheckValue(string at, TaskParameter row, JsonElement value)
        {
            if (!TaskParameterValues.Fits(row, value, Fill))
            {
                Offences.Add(new Offence(OffenceKind.BadTaskParameter, at, $"It takes {TaskParameterValues.Describe(row)}."));
            }
            else if (value.ValueKind == JsonValueKind.Array)
            {
                CheckItems(at, row, value);
            }
            else if (value.ValueKind == JsonValueKind.Object)
            {
                Check(at, row.Members, value);
            }
            else if (value.ValueKind == JsonValueKind.String && value.GetString()!.Length is var length && length > row.LengthMax)
            {
                Offences.Add(new Offence(OffenceKind.TooLarge, at, Invariant($"It may have at most {row.LengthMax} characters; there are {length}.")));
            }
            else if (row.Kind == TaskParameterKind.DataSource)
            {
                CheckDataSource(at, value);
            }
        }

        private void CheckItems(string at, TaskParameter row, JsonElement list)
        {
            if (row.Item is { } item)
            {
                foreach (var (i, element) in list.EnumerateArray().Index().TakeWhile(_ => Offences.Count < OffencesMax))
                {
                    CheckValue(Invariant($"{at}[{i}]"), item, element);
                }
            }
        }

        private void CheckDataSource(string at, JsonElement value)
        {
            if (DataSources is { } known && int.TryParse(TaskParameterText.OfSingle(value), System.Globalization.CultureInfo.InvariantCulture, out var id) && !known.Contains(id))
            {
                Offences.Add(new Offence(OffenceKind.UnknownDataSource, at, Invariant($"There is no data source {id} in the workspace; it has {Shown(known)}.")));
            }
        }

        private bool IsThen(TaskParameter row, JsonElement all) =>
            row.When is not { } when || (all.TryGetProperty(when.Name, out var value) && TaskParameterText.OfSingle(value) is { } text && when.Words.Contains(Fill is null ? text : Fill(text), StringComparer.OrdinalIgnoreCase));

        private static bool IsEmpty(TaskParameter row, JsonElement value) =>
            value.ValueKind == JsonValueKind.Null || (!row.MayBeEmpty && value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0);

        private static string Shown(IReadOnlySet<int> ids) => ids.Count == 0 ? "none" : string.Join(", ", ids.Order().Take(DataSourcesShownMax));
    }

    private const int DataSourcesShownMax = 20;
}
