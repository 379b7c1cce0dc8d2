using System.Text.Json;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;

namespace Porpoise.Api.Definitions;

/// <summary>One definition in a file, in DolphinScheduler's form: what <see cref="DolphinDag"/> says, and the schedule.</summary>
internal sealed record ExportedWorkflow(DolphinWorkflow ProcessDefinition, IReadOnlyList<DolphinRelation> ProcessTaskRelationList, IReadOnlyList<DolphinNode> TaskDefinitionList, WireSchedule? Schedule);

/// <summary>
/// Reads files of definitions. A definition in a file goes the way of one that a DolphinScheduler client creates: its members become the
/// parameters of such a call, so that nothing is taken here that would be refused there.
/// </summary>
internal static class DefinitionFile
{
    /// <summary>Definitions in one file.</summary>
    public const int DefinitionsMax = CodeList.CodesMax;

    /// <summary>Members of processDefinition that say something about the definition; the others are about the installation that the file is from.</summary>
    private static readonly string[] Members =
    [
        "name", "description", "globalParams", "locations", "timeout", "timeoutSeconds", "timeoutNotifyStrategy", "executionType", "taskParallelism", "resourceQueue", "alertEmailAddress",
        "runAs", "regionId", "tags",
    ];

    /// <exception cref="RefusalException">It is no file of definitions.</exception>
    public static IReadOnlyList<Parameters> Read(string text)
    {
        try
        {
            using var document = JsonText.Parse(text);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Array || root.GetArrayLength() is 0 or > DefinitionsMax)
            {
                throw Bad($"it is a JSON array of 1 to {DefinitionsMax} definitions");
            }

            return [.. root.EnumerateArray().Select(ReadOne)];
        }
        catch (JsonException e)
        {
            throw Bad(e.Message);
        }
    }

    private static Parameters ReadOne(JsonElement entry, int index)
    {
        if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty("processDefinition", out var definition) || definition.ValueKind != JsonValueKind.Object)
        {
            throw Bad($"element {index + 1} has no object processDefinition");
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in Members)
        {
            Add(values, name, definition, name);
        }

        Add(values, "taskDefinitionJson", entry, "taskDefinitionList");
        Add(values, "taskRelationJson", entry, "processTaskRelationList");
        Add(values, "schedule", entry, "schedule");
        return new Parameters(values);
    }

    private static void Add(Dictionary<string, string> values, string parameter, JsonElement from, string member)
    {
        if (from.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null)
        {
            values[parameter] = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        }
    }

    private static RefusalException Bad(string reason) => new(ErrorCodes.BadImport, $"{ErrorCodes.BadImport.Text} {ErrorCodes.BadImport.Remedy} Here {reason}.");
}
