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
