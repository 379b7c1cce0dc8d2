using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using static Porpoise.Core.Workflows.WorkflowValidation;

namespace Porpoise.Core.Workflows;

/// <summary>Holds a node's taskParams against what its type takes.</summary>
internal static partial class TaskParameterRules
{
    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = WorkflowLimits.ParamsDepthMax };

    public static void Check(List<Offence> offences, string place, TaskDefinition task)
    {
        if (task.Params.Length > WorkflowLimits.ParamsLengthMax)
        {
            TextRules.CheckLength(offences, place, "A node's taskParams as JSON", task.Params, WorkflowLimits.ParamsLengthMax);
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(task.Params, JsonOptions);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                offences.Add(new Offence(OffenceKind.BadTaskParameter, place, "They are a JSON object."));
                return;
            }

            foreach (var parameter in TaskParameterTable.Of(task.Type))
            {
                Check(offences, place, task.Type, parameter, document.RootElement);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second one: a text with half a surrogate pair, which the reader notices only when it is asked for the text.
            offences.Add(new Offence(OffenceKind.BadTaskParameter, place, "They cannot be read as JSON: " + e.Message));
        }
    }

    private static void Check(List<Offence> offences, string place, string type, TaskParameter parameter, JsonElement all)
    {
        var at = $"{place}.{parameter.Name}";
        if (!all.TryGetProperty(parameter.Name, out var value) || IsEmpty(value))
        {
            if (parameter.IsRequired && (parameter.When is not { } when || Is(all, when.Name, when.Words)))
            {
                var reason = parameter.When is { } condition ? $"A node of type {type} whose {condition.Name} is {string.Join(" or ", condition.Words)}" : $"A node of type {type}";
                offences.Add(new Offence(OffenceKind.MissingTaskParameter, at, $"{reason} needs {Describe(parameter)} here."));
            }

            return;
        }

        if (!Fits(parameter, value))
        {
            offences.Add(new Offence(OffenceKind.BadTaskParameter, at, $"It takes {Describe(parameter)}."));
        }
        else if (value.ValueKind == JsonValueKind.String && value.GetString()!.Length is var length && length > parameter.LengthMax)
        {
            offences.Add(new Offence(OffenceKind.TooLarge, at, Invariant($"It may have at most {parameter.LengthMax} characters; there are {length}.")));
        }
    }

    private static bool Fits(TaskParameter parameter, JsonElement value)
    {
        if (TextOf(value) is not { } text)
        {
            return parameter.Kind switch
            {
                TaskParameterKind.List => value.ValueKind == JsonValueKind.Array,
                TaskParameterKind.Object or TaskParameterKind.ObjectOrText => value.ValueKind == JsonValueKind.Object,
                _ => false,
            };
        }

        return parameter.Kind switch
        {
            TaskParameterKind.List or TaskParameterKind.Object => false,
            _ when text.Contains("${", StringComparison.Ordinal) => true,
            TaskParameterKind.Integer => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            TaskParameterKind.Number => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number),
            TaskParameterKind.Boolean => text.Equals("true", StringComparison.OrdinalIgnoreCase) || text.Equals("false", StringComparison.OrdinalIgnoreCase),
            TaskParameterKind.Size => SizeForm().IsMatch(text),
            _ => parameter.Words.Count == 0 || parameter.Words.Contains(text, StringComparer.OrdinalIgnoreCase),
        };
    }

    private static string Describe(TaskParameter parameter) => parameter.Kind switch
    {
        TaskParameterKind.Integer => "a whole number",
        TaskParameterKind.Number => "a number",
        TaskParameterKind.Boolean => "true or false",
        TaskParameterKind.Size => "an amount of memory such as 4g",
        TaskParameterKind.List => "a list",
        TaskParameterKind.Object => "an object",
        TaskParameterKind.ObjectOrText => "an object, or its JSON as text",
        _ when parameter.Words.Count > 0 => "one of " + string.Join(", ", parameter.Words),
        _ => "a text",
    };

    private static bool IsEmpty(JsonElement value) => value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0);

    private static bool Is(JsonElement all, string name, string[] words) =>
        all.TryGetProperty(name, out var value) && TextOf(value) is { } text && words.Contains(text, StringComparer.OrdinalIgnoreCase);

    /// <summary>Null for lists and objects.</summary>
    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => null,
    };

    [GeneratedRegex("^[0-9]+(\\.[0-9]+)?\\s*([kmgtp]i?b?|b)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SizeForm();
}
