using Microsoft.OpenApi;

namespace Porpoise.Api.OpenApi;

/// <summary>What operations answer, as the document tells it: an envelope, whose data each operation has in a form of its own.</summary>
internal static class OpenApiAnswers
{
    private const string Json = "application/json";
    private const string Cloud = "CloudAnswer";
    private const string Dolphin = "DolphinAnswer";

    private static readonly (string Status, string Name, string Description)[] Statuses =
    [
        ("200", "Answered", "Done, or refused: `code` says which."), ("400", "Unreadable", "A signed call whose parameters cannot be read."),
        ("401", "Unknown", "Nobody is known by these credentials, or by none."), ("403", "Denied", "No policy allows the operation's action, or one forbids it."),
        ("429", "TooMany", "Too many calls; Retry-After says when to try again."), ("503", "Unavailable", "The store takes no writes at the moment."),
    ];

    public static Dictionary<string, IOpenApiSchema> Schemas() => new(StringComparer.Ordinal)
    {
        [Dolphin] = Envelope("The answer to a call with a token: `code` is 0, or says what is wrong.", []),
        [Cloud] = Envelope(
            "The answer to a signed call: `code` is 1000000, or says what is wrong.",
            new() { ["httpStatusCode"] = Of(JsonSchemaType.Integer, "The status"), ["requestId"] = Of(JsonSchemaType.String, "Names the call, in the server's log too") }),
    };

    public static Dictionary<string, IOpenApiResponse> Responses(OpenApiDocument document) =>
        Statuses.ToDictionary(s => s.Name, s => (IOpenApiResponse)Answer(s.Description, document), StringComparer.Ordinal);

    /// <summary>The same for every operation.</summary>
    public static OpenApiResponses Of(OpenApiDocument document)
    {
        var responses = new OpenApiResponses();
        foreach (var (status, name, _) in Statuses)
        {
            responses.Add(status, new OpenApiResponseReference(name, document));
        }

        return responses;
    }

    private static OpenApiResponse Answer(string description, OpenApiDocument document) => new()
    {
        Description = description,
        Content = new Dictionary<string, IOpenApiMediaType>
        {
            [Json] = new OpenApiMediaType { Schema = new OpenApiSchema { AnyOf = [new OpenApiSchemaReference(Dolphin, document), new OpenApiSchemaReference(Cloud, document)] } },
        },
    };

    private static OpenApiSchema Envelope(string description, Dictionary<string, IOpenApiSchema> more) => new()
    {
        Type = JsonSchemaType.Object,
        Description = description,
        Properties = new Dictionary<string, IOpenApiSchema>(more, StringComparer.Ordinal)
        {
            ["code"] = Of(JsonSchemaType.Integer, "docs/reference/errors.md lists them"),
            ["msg"] = Of(JsonSchemaType.String, "`success`, or what is wrong and what would be right"),
            ["data"] = new OpenApiSchema { Description = "What the operation answers" },
            ["success"] = Of(JsonSchemaType.Boolean, "True when it was done"),
            ["failed"] = Of(JsonSchemaType.Boolean, "The opposite"),
        },
    };

    private static OpenApiSchema Of(JsonSchemaType type, string description) => new() { Type = type, Description = description };
}
