using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Porpoise.Core.Schedules;

namespace Porpoise.Storage.Workflows;

/// <summary>The JSON text in which a schedule is stored.</summary>
public static class ScheduleDocument
{
    [return: NotNullIfNotNull(nameof(schedule))]
    public static string? Write(Schedule? schedule) => schedule is null ? null : JsonSerializer.Serialize(schedule, ScheduleDocumentJson.Default.Schedule);

    /// <exception cref="JsonException">The stored text is not a schedule.</exception>
    public static Schedule Read(string text) => JsonSerializer.Deserialize(text, ScheduleDocumentJson.Default.Schedule) ?? throw new JsonException("A stored schedule is null.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Schedule))]
internal sealed partial class ScheduleDocumentJson : JsonSerializerContext;
