using System.Globalization;
using System.Text.Json;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;

namespace Porpoise.Worker.Runners;

/// <summary>A job as its document says it (<see cref="JobDocument"/>), read in the process that runs it.</summary>
/// <param name="Kind">The task type.</param>
/// <param name="Params">The node's taskParams.</param>
/// <param name="Values">Of its parameters, by name.</param>
/// <param name="Outputs">The output parameters that it declares, each with its type.</param>
public sealed record Job(string Kind, JsonElement Params, IReadOnlyDictionary<string, JobValue> Values, IReadOnlyDictionary<string, string> Outputs)
{
    private const int OffencesShownMax = 5;

    /// <summary>What the server allows.</summary>
    public JobSettings Settings { get; init; } = new();

    /// <summary>The one that the task names; null: it names none.</summary>
    public DataSourceAccess? DataSource { get; init; }

    /// <summary>The development task that a node of the cloud refers to.</summary>
    public JsonElement? DevelopmentTask { get; init; }

    /// <summary>Why it cannot be run, found before it began; empty: nothing speaks against it.</summary>
    public string Fault { get; init; } = "";

    /// <exception cref="JsonException">The text is no job.</exception>
    public static Job Read(ReadOnlyMemory<byte> text) => Read(JsonElement.Parse(text.Span));

    internal static Job Read(JsonElement root) => new(Text(root, JobDocument.Kind), root.GetProperty(JobDocument.Params), ReadValues(root), ReadOutputs(root))
        {
            Settings = root.TryGetProperty(JobDocument.Settings, out var settings) ? settings.Deserialize(JobJson.Default.JobSettings)! : new JobSettings(),
            DataSource = root.TryGetProperty(JobDocument.DataSource, out var source) ? source.Deserialize(JobJson.Default.DataSourceAccess) : null,
            DevelopmentTask = root.TryGetProperty(JobDocument.DevelopmentTask, out var task) ? task : null,
            Fault = Text(root, JobDocument.Fault),
        };

    /// <summary>A member of taskParams as text; numbers may come as either. Empty when there is none.</summary>
    public string Text(string name) => Text(Params, name);

    /// <summary>A text with the values of parameters in the places of its references.</summary>
    public string Fill(string text) => References.Replace(text, Values, static (_, value) => value.Text);

    /// <summary>A member of taskParams that is one of several words, in capitals; empty when there is none.</summary>
    public string Word(string name) => Fill(Text(name)).ToUpperInvariant();

    /// <summary>A member of taskParams that is a whole number (<see cref="Check"/>); <paramref name="otherwise"/> when there is none, or it is 0.</summary>
    public int Number(string name, int otherwise) => Fill(Text(name)) is { Length: > 0 } text && int.Parse(text, CultureInfo.InvariantCulture) is not 0 and var number ? number : otherwise;

    /// <summary>Holds taskParams against what the type takes, now that it is known what references stand for. Nothing has begun yet.</summary>
    /// <exception cref="JobException">They are not what it takes; says where, and what would be right.</exception>
    public void Check()
    {
        if (TaskParameterRules.Check(Kind, Params, Fill) is { Count: > 0 } offences)
        {
            throw new JobException(string.Join(' ', offences.Take(OffencesShownMax).Select(static o => $"{o.Place}: {o.Message}")) + " Correct the task's definition, or the values of the parameters in it.");
        }
    }

    /// <summary>The elements of a list in taskParams; none when there is no list.</summary>
    public IEnumerable<JsonElement> List(string name) => Params.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    internal static string Text(JsonElement from, string name) => TaskParameterText.Of(from, name);

    private static Dictionary<string, JobValue> ReadValues(JsonElement root) => root.GetProperty(JobDocument.Values).EnumerateObject()
        .ToDictionary(v => v.Name, v => new JobValue(Text(v.Value, JobDocument.Type), Text(v.Value, JobDocument.Value)), StringComparer.Ordinal);

    private static Dictionary<string, string> ReadOutputs(JsonElement root) => root.GetProperty(JobDocument.Outputs).EnumerateObject()
        .ToDictionary(o => o.Name, o => o.Value.GetString() ?? "", StringComparer.Ordinal);
}

/// <summary>The value of a parameter, and its type as the definition names it: VARCHAR, INTEGER, LIST and so on.</summary>
public sealed record JobValue(string Type, string Text);
