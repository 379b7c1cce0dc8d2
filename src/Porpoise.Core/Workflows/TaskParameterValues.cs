using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Porpoise.Core.Library;
using static Porpoise.Core.Workflows.WorkflowValidation;

namespace Porpoise.Core.Workflows;

/// <summary>Which values a row of <see cref="TaskParameterTable"/> takes, and how that is said.</summary>
internal static partial class TaskParameterValues
{
    /// <param name="parameter">The row.</param>
    /// <param name="value">Of the member.</param>
    /// <param name="fill">Puts values in the places of references; null: nobody knows them yet, and they may stand for anything.</param>
    public static bool Fits(TaskParameter parameter, JsonElement value, Func<string, string>? fill)
    {
        if (TaskParameterText.OfSingle(value) is not { } text)
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
            TaskParameterKind.Statement => value.ValueKind == JsonValueKind.String,
            TaskParameterKind.SettingName => DevelopmentTaskRules.IsSettingName(text),

            // A value in an address is encoded by where it stands, which is for the task's own process to do and to judge.
            TaskParameterKind.Address => HasReference(text) || IsAddress(text),
            _ when fill is null && HasReference(text) => true,
            _ => FitsText(parameter, fill is null ? text : fill(text)),
        };
    }

    public static string Describe(TaskParameter parameter) => parameter.Takes ?? parameter.Kind switch
    {
        TaskParameterKind.Integer => (parameter.Min, parameter.Max) switch
        {
            ({ } min, { } max) => Invariant($"a whole number from {min} to {max}"),
            ({ } min, null) => Invariant($"a whole number of at least {min}"),
            _ => "a whole number",
        },
        TaskParameterKind.Number => "a number",
        TaskParameterKind.Boolean => "true or false",
        TaskParameterKind.Size => "an amount of memory such as 4g",
        TaskParameterKind.DataSource => "the id of a data source, a whole number",
        TaskParameterKind.Statement => "a statement as text",
        TaskParameterKind.Address => "a complete address that begins with http:// or https://",
        TaskParameterKind.StatusCodes => "one or several status codes such as 200,201",
        TaskParameterKind.SettingName => "a setting of Spark such as spark.executor.cores, with its name written out",
        TaskParameterKind.List => "a list",
        TaskParameterKind.Object => "an object",
        TaskParameterKind.ObjectOrText => "an object, or its JSON as text",
        _ when parameter.Words.Count > 0 => "one of " + string.Join(", ", parameter.Words),
        _ => "a text",
    };

    private static bool FitsText(TaskParameter parameter, string text) => parameter.Kind switch
    {
        TaskParameterKind.Text or TaskParameterKind.ObjectOrText when parameter.Words.Count == 0 => true,
        _ when text.Length == 0 => !parameter.IsRequired, // a value may be empty, which is as if the member were not there
        TaskParameterKind.Text or TaskParameterKind.ObjectOrText => parameter.Words.Contains(text, StringComparer.OrdinalIgnoreCase),
        TaskParameterKind.Integer => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && !(number < parameter.Min) && !(number > parameter.Max),
        TaskParameterKind.Number => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number),
        TaskParameterKind.Boolean => bool.TryParse(text, out _),
        TaskParameterKind.Size => SizeForm().IsMatch(text) && text.AsSpan().ContainsAnyInRange('1', '9'),
        TaskParameterKind.DataSource => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _),
        _ => text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } codes && codes.All(static c => c.Length == 3 && c[0] is >= '1' and <= '5' && c.All(char.IsAsciiDigit)),
    };

    private static bool HasReference(string text) => text.Contains("${", StringComparison.Ordinal);

    private static bool IsAddress(string text) => Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0;

    [GeneratedRegex("^[0-9]+(\\.[0-9]+)?\\s*([kmgtp]i?b?|b)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SizeForm();
}
