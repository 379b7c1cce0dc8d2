using System.Text.Json;
using System.Text.Json.Serialization;
using Porpoise.Core.Library;

namespace Porpoise.Storage.Library;

/// <summary>The JSON text in which a version of a development task is stored. Versions are kept for ever, so its members may only ever be added to. What is empty is left out.</summary>
public static class DevelopmentTaskDocument
{
    public static string Write(DevelopmentTask task) => JsonSerializer.Serialize(
        new LibraryDocument(task.Name)
        {
            Description = TextOrNull(task.Description),
            Code = TextOrNull(task.Code),
            EntryFile = TextOrNull(task.EntryFile),
            MainClass = TextOrNull(task.MainClass),
            Arguments = task.Arguments.Count == 0 ? null : [.. task.Arguments],
            Settings = task.Settings.Count == 0 ? null : [.. task.Settings.Select(s => new[] { s.Key, s.Value })],
            Catalog = TextOrNull(task.Catalog),
            Database = TextOrNull(task.Database),
        },
        LibraryDocumentJson.Default.LibraryDocument);

    /// <exception cref="JsonException">The stored text is not a development task.</exception>
    public static DevelopmentTask Read(string text, DevelopmentTaskKind kind)
    {
        var document = JsonSerializer.Deserialize(text, LibraryDocumentJson.Default.LibraryDocument) ?? throw new JsonException("A stored development task is null.");
        return new DevelopmentTask(document.Name, kind)
        {
            Description = document.Description ?? "",
            Code = document.Code ?? "",
            EntryFile = document.EntryFile ?? "",
            MainClass = document.MainClass ?? "",
            Arguments = document.Arguments ?? [],
            Settings = [.. (document.Settings ?? []).Select(s => KeyValuePair.Create(s[0], s[1]))],
            Catalog = document.Catalog ?? "",
            Database = document.Database ?? "",
        };
    }

    private static string? TextOrNull(string text) => text.Length == 0 ? null : text;
}

internal sealed record LibraryDocument(string Name)
{
    public string? Description { get; init; }

    public string? Code { get; init; }

    public string? EntryFile { get; init; }

    public string? MainClass { get; init; }

    public string[]? Arguments { get; init; }

    public string[][]? Settings { get; init; }

    public string? Catalog { get; init; }

    public string? Database { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(LibraryDocument))]
internal sealed partial class LibraryDocumentJson : JsonSerializerContext;
