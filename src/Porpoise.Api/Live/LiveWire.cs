using System.Text.Json.Serialization;
using Porpoise.Api.Operations;

namespace Porpoise.Api.Live;

/// <summary>A run, in DolphinScheduler's words.</summary>
internal sealed record LiveRun(int Id, string Name, string State, DateTimeOffset StartedAt, DateTimeOffset? EndedAt);

/// <summary>A task instance, in DolphinScheduler's words.</summary>
/// <param name="Attempt">Number of the newest attempt; 0: none was started.</param>
/// <param name="At">Since when it is so.</param>
internal sealed record LiveTask(int Id, string Name, string State, int Attempt, int? ExitCode, string Message, DateTimeOffset At);

/// <param name="Offset">Bytes of the log before this text.</param>
internal sealed record LiveLog(long Offset, [property: JsonConverter(typeof(LongText))] string Text);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LiveRun))]
[JsonSerializable(typeof(LiveTask))]
[JsonSerializable(typeof(LiveLog))]
internal sealed partial class LiveJson : JsonSerializerContext;
