using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Porpoise.Api.Operations;

namespace Porpoise.Api.OpenApi;

/// <summary>Writes the operation table as an OpenAPI 3.1 document, so that what is served and what is documented are the same list.</summary>
internal static class OpenApiWriter
{
    private const string Form = "application/x-www-form-urlencoded";
    private const string Json = "application/json";
    private const string Multipart = "multipart/form-data";

    public static async Task<byte[]> WriteAsync(OperationTable table, string version)
    {
        var document = Describe(table, version);
        var text = new StringWriter(CultureInfo.InvariantCulture);
        var writer = new OpenApiJsonWriter(text, new OpenApiJsonWriterSettings { Terse = true });
        document.SerializeAsV31(writer);
        await writer.FlushAsync();
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static OpenApiDocument Describe(OperationTable table, string version)
    {
        var document = new OpenApiDocument
        {
            Info = new OpenApiInfo { Title = "Porpoise", Version = version, Description = About, License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" } },
            Servers = [new OpenApiServer { Url = "/" }],
            Components = new OpenApiComponents { SecuritySchemes = Schemes(), Schemas = OpenApiAnswers.Schemas() },
            Tags = new HashSet<OpenApiTag>(OperationGroup.Names.Select(n => new OpenApiTag { Name = n })),
            Paths = [],
        };
        document.Components.Responses = OpenApiAnswers.Responses(document);
        foreach (var path in table.All.GroupBy(o => o.Path, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var item = new OpenApiPathItem { Operations = [] };
            foreach (var method in path.GroupBy(o => o.Method, StringComparer.Ordinal))
            {
                item.Operations.Add(new HttpMethod(method.Key), Describe([.. method], document));
            }

            document.Paths.Add(path.Key, item);
        }

        return document;
    }

    /// <summary>Several only where they are told apart by the name of their action.</summary>
    private static OpenApiOperation Describe(IReadOnlyList<Operation> operations, OpenApiDocument document)
    {
        var first = operations[0];
        var others = operations.SelectMany(OperationParameters.Of).DistinctBy(p => p.Name).ToList();
        if (first.RpcName is not null)
        {
            others = [.. others.Select(p => p with { IsRequired = false, Description = $"{p.Description} ({string.Join(", ", operations.Where(o => OperationParameters.Of(o).Any(q => q.Name == p.Name)).Select(o => o.RpcName))})" })];
            others.Insert(0, OperationParameter.Word("Action", "What is done", [.. operations.Select(o => o.RpcName!)]).Required());
        }

        var inBody = first.Method is "POST" or "PUT" && first.RpcName is null;
        var operation = new OpenApiOperation
        {
            OperationId = IdOf(first),
            Summary = first.RpcName is null ? first.Summary : string.Join("; ", operations.Select(o => $"{o.RpcName}: {o.Summary}")),
            Description = first.IsOpen ? "Takes no credentials." : first.IsForEveryone ? "Whoever is known may do it." : $"The policies have to allow `{first.Action}`.",
            Tags = new HashSet<OpenApiTagReference> { new(OperationGroup.Of(first), document) },
            Parameters = [.. OperationParameters.InPath(first).Select(p => Describe(p, ParameterLocation.Path)), .. (inBody ? [] : others).Select(p => Describe(p, ParameterLocation.Query))],
            Responses = OpenApiAnswers.Of(document),
            Security = first.IsOpen ? [] : [.. SchemeNames.Select(s => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(s, document)] = [] })],
            Extensions = new Dictionary<string, IOpenApiExtension> { ["x-action"] = new JsonNodeExtension(JsonValue.Create(first.Action)), ["x-changes"] = new JsonNodeExtension(JsonValue.Create(operations.Any(o => o.Changes))) },
        };
        if (inBody && others.Count > 0)
        {
            operation.RequestBody = DescribeBody(operation.OperationId + "Parameters", others, first.TakesFile, document);
        }

        return operation;
    }

    private static OpenApiParameter Describe(OperationParameter parameter, ParameterLocation place) => new()
    {
        Name = parameter.Name,
        In = place,
        Required = parameter.IsRequired,
        Description = parameter.Description,
        Schema = SchemaOf(parameter),
        Example = ExampleOf(parameter),
    };

    private static OpenApiRequestBody DescribeBody(string name, List<OperationParameter> parameters, bool takesFile, OpenApiDocument document)
    {
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = parameters.ToDictionary(p => p.Name, p => (IOpenApiSchema)SchemaOf(p), StringComparer.Ordinal),
            Required = parameters.Where(p => p.IsRequired).Select(p => p.Name).ToHashSet(StringComparer.Ordinal),
        };
        document.Components!.Schemas!.Add(name, schema);
        string[] types = takesFile ? [Form, Json, Multipart] : [Form, Json];
        return new OpenApiRequestBody
        {
            Required = schema.Required.Count > 0,
            Description = "They may come in the query as well, as the cloud's clients send them.",
            Content = types.ToDictionary(t => t, _ => (IOpenApiMediaType)new OpenApiMediaType { Schema = new OpenApiSchemaReference(name, document) }, StringComparer.Ordinal),
        };
    }

    private static OpenApiSchema SchemaOf(OperationParameter parameter) => new()
    {
        Type = parameter.Kind switch
        {
            ParameterKind.Number or ParameterKind.Code => JsonSchemaType.Integer,
            ParameterKind.Flag => JsonSchemaType.Boolean,
            _ => JsonSchemaType.String,
        },
        Format = parameter.Kind switch { ParameterKind.Number => "int32", ParameterKind.Code => "int64", ParameterKind.Json => "json", ParameterKind.File => "binary", _ => null },
        Description = parameter.Description,
        Enum = parameter.Words.Count == 0 ? null : [.. parameter.Words.Select(w => (JsonNode)w)],
        Examples = ExampleOf(parameter) is { } example ? [example] : null,
        Extensions = parameter.IsRequiredOfSigned ? new Dictionary<string, IOpenApiExtension> { ["x-required-of-signed"] = new JsonNodeExtension(JsonValue.Create(true)) } : null,
    };

    private static JsonNode? ExampleOf(OperationParameter parameter) => parameter.Example is not { } example ? null
        : parameter.Kind is ParameterKind.Number or ParameterKind.Code ? long.Parse(example, CultureInfo.InvariantCulture)
        : example;

    /// <summary>Unique, and the same for ever: made from method and path.</summary>
    private static string IdOf(Operation operation) => operation.RpcName is not null
        ? "rpc"
        : operation.Method.ToLowerInvariant() + string.Concat(operation.Path.Split('/', '-', '.').Select(p => p.Trim('{', '}')).Where(p => p.Length > 0).Select(p => char.ToUpperInvariant(p[0]) + p[1..]));

    private static IReadOnlyList<string> SchemeNames => ["token", "session", "signature"];

    private static Dictionary<string, IOpenApiSecurityScheme> Schemes() => new(StringComparer.Ordinal)
    {
        ["token"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "token", Description = "A token of a user; the answer is in DolphinScheduler's form." },
        ["session"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "sessionId", Description = "From POST /dolphinscheduler/login." },
        ["signature"] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "Authorization",
            Description = "ACS3-HMAC-SHA256 with an access key, as the cloud's clients sign; the answer is in the cloud's form.",
        },
    };

    private const string About =
        """
        A self-hosted workflow service for Spark and data work. Every operation answers both dialects: a signed call gets the envelope of EMR Serverless Spark, a call with a token DolphinScheduler's.
        Parameters travel in the query, as a form or as members of a JSON body; lists and objects are JSON text there.
        """;
}
