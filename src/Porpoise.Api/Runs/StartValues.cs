using System.Globalization;
using System.Text.Json;
using Porpoise.Access.Signatures;
using Porpoise.Api.Definitions;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Core.Workflows;

namespace Porpoise.Api.Runs;

/// <summary>The start parameters of a run: read from the call, kept with the run as a JSON object of name to value, shown again.</summary>
internal static class StartValues
{
    public const int CountMax = WorkflowLimits.ParametersMax;
    public const int ValueLengthMax = WorkflowLimits.ParameterValueLengthMax;

    /// <summary>Characters of all names and values: they are written with every run.</summary>
    public const int LengthMax = 256 * 1024;

    private const string Name = "startParams";

    /// <summary>Names that one message says something about.</summary>
    private const int FaultsMax = 20;

    /// <summary>
    /// What the run keeps; empty when there are none. Takes DolphinScheduler's object of name to value, and the list of properties that it has
    /// since 3.3.
    /// </summary>
    /// <param name="definition">What the run is of: it decides which names its tasks can see, as it does for the workflow's own parameters when it is saved.</param>
    public static string Parse(Parameters parameters, WorkflowDefinition definition)
    {
        if (parameters.Text(Name) is not { } text)
        {
            return "";
        }

        try
        {
            using var document = JsonText.Parse(text);
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            switch (document.RootElement.ValueKind)
            {
                case JsonValueKind.Object:
                    AddObject(document.RootElement, values);
                    break;
                case JsonValueKind.Array:
                    AddProperties(document.RootElement, values);
                    break;
                case JsonValueKind.Null:
                    break;
                default:
                    throw Parameters.Invalid(Name, "a JSON object of names and values, or a list of properties");
            }

            CheckNames(values.Keys, definition);
            return values.Sum(v => v.Key.Length + v.Value.Length) <= LengthMax
                ? Write(values)
                : throw Parameters.Invalid(Name, string.Create(CultureInfo.InvariantCulture, $"at most {LengthMax} characters in all"));
        }
        catch (JsonException e)
        {
            throw Parameters.Invalid(Name, "a JSON object of names and values, or a list of properties; " + e.Message);
        }
    }

    /// <summary>Null when there are none.</summary>
    public static Dictionary<string, string>? Read(string stored) => stored.Length == 0 ? null : JsonSerializer.Deserialize(stored, RunJson.Default.DictionaryStringString);

    /// <summary>In the form in which DolphinScheduler keeps them: JSON text inside JSON text.</summary>
    public static string WriteCommandParam(string stored) => stored.Length == 0
        ? "{}"
        : AnswerJson.Write(new Dictionary<string, string> { ["StartParams"] = stored }, RunJson.Default.DictionaryStringString);

    private static string Write(Dictionary<string, string> values) => values.Count == 0 ? "" : AnswerJson.Write(values, RunJson.Default.DictionaryStringString);

    private static void AddObject(JsonElement element, Dictionary<string, string> values)
    {
        foreach (var member in element.EnumerateObject())
        {
            Add(values, member.Name, ReadValue(member.Value, member.Name));
        }
    }

    private static void AddProperties(JsonElement list, Dictionary<string, string> values)
    {
        foreach (var property in list.EnumerateArray())
        {
            if (property.ValueKind != JsonValueKind.Object || !property.TryGetProperty("prop", out var prop) || prop.ValueKind != JsonValueKind.String)
            {
                throw Parameters.Invalid(Name, "properties with a text prop and a value");
            }

            var name = prop.GetString()!;
            Add(values, name, property.TryGetProperty("value", out var value) ? ReadValue(value, name) : "");
        }
    }

    /// <summary>Blanks round a name are dropped, as they are when a definition is saved: no node could see the value otherwise.</summary>
    private static void Add(Dictionary<string, string> values, string sentName, string value)
    {
        var name = sentName.Trim();
        if (!ParameterRules.IsName(name))
        {
            throw Parameters.Invalid(Name, $"names of {ParameterRules.WhatNamesHave}");
        }

        if (value.Length > ValueLengthMax || value.Contains('\0'))
        {
            throw Parameters.Invalid(Name, string.Create(CultureInfo.InvariantCulture, $"values of at most {ValueLengthMax} characters, without NUL; that of '{name}' is not one"));
        }

        if (!values.TryAdd(name, value))
        {
            throw Parameters.Invalid(Name, $"each name once; '{name}' is there twice");
        }

        if (values.Count > CountMax)
        {
            throw Parameters.Invalid(Name, string.Create(CultureInfo.InvariantCulture, $"at most {CountMax} parameters"));
        }
    }

    /// <summary>A value that no task could see would be claimed by the run's variables, and have no effect.</summary>
    private static void CheckNames(IEnumerable<string> names, WorkflowDefinition definition)
    {
        if (!ParameterRules.IsSeenInShell(definition))
        {
            return;
        }

        var faults = names.Select(name => (Name: name, Fault: ParameterRules.FindFaultInShell(name))).Where(f => f.Fault is not null).Take(FaultsMax).Select(f => $"{Name} '{f.Name}': {f.Fault}").ToList();
        if (faults.Count > 0)
        {
            var message = string.Join('\n', faults);
            throw new RefusalException(new Refusal(ErrorCodes.BadParameter, message) { Gateway = GatewayError.Invalid(Name) with { Message = message } });
        }
    }

    private static string ReadValue(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        JsonValueKind.Null => "",
        _ => throw Parameters.Invalid(Name, $"texts and numbers as values; that of '{name}' is neither"),
    };
}
