using System.Text.Json;

namespace Porpoise.Api.OpenApi;

/// <summary>What a caller can say in a call, as the documentation of the operations tells it.</summary>
/// <param name="Name">As it is sent.</param>
/// <param name="Kind">What its text must be.</param>
/// <param name="Description">What it means, for people.</param>
internal sealed record OperationParameter(string Name, ParameterKind Kind, string Description)
{
    public bool IsRequired { get; init; }

    /// <summary>True: the cloud's own clients cannot leave it out either.</summary>
    public bool IsRequiredOfSigned { get; init; }

    /// <summary>Only these; empty: any.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    public string? Example { get; init; }

    /// <summary>True: a text for people, for which some clients send JSON.</summary>
    public bool MayBeJson { get; init; }

    /// <summary>What it takes, for the refusal of another kind of JSON.</summary>
    public string Takes => Kind switch
    {
        ParameterKind.Number or ParameterKind.Code => "a whole number",
        ParameterKind.Flag => "true or false",
        _ => "a text",
    };

    /// <summary>
    /// Whether it may be this in a JSON body, beside a text and null. Only what is JSON itself may be an object or a list: as a text it would be kept as if somebody had typed it. Numbers
    /// are taken for texts too, because clients send codes as they like.
    /// </summary>
    public bool TakesJson(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Number => true,
        JsonValueKind.True or JsonValueKind.False => Kind is ParameterKind.Flag or ParameterKind.Json || Words.Contains("false"),
        _ => MayBeJson || Kind is ParameterKind.Json or ParameterKind.File,
    };

    public OperationParameter Required() => this with { IsRequired = true };

    public OperationParameter RequiredOfSigned() => this with { IsRequiredOfSigned = true };

    public OperationParameter Like(string example) => this with { Example = example };

    public static OperationParameter Text(string name, string description) => new(name, ParameterKind.Text, description);

    public static OperationParameter Number(string name, string description) => new(name, ParameterKind.Number, description);

    /// <summary>A code: too large for 32 bits.</summary>
    public static OperationParameter Code(string name, string description) => new(name, ParameterKind.Code, description);

    public static OperationParameter Flag(string name, string description) => new(name, ParameterKind.Flag, description);

    /// <summary>JSON, as text where it travels as a form or in the query.</summary>
    public static OperationParameter Json(string name, string description) => new(name, ParameterKind.Json, description);

    public static OperationParameter File(string name, string description) => new(name, ParameterKind.File, description);

    public static OperationParameter Word(string name, string description, params string[] words) => new(name, ParameterKind.Text, description) { Words = words };

    /// <summary>Taken from clients that send it, and refused with any other value than this.</summary>
    public static OperationParameter Only(string name, string value) => new(name, ParameterKind.Text, "Another value is refused.") { Words = [value] };
}

internal enum ParameterKind
{
    Text,
    Number,
    Code,
    Flag,
    Json,
    File,
}
