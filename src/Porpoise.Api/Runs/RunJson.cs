using System.Text.Json.Serialization;
using Porpoise.Api.Definitions;
using Porpoise.Api.Operations;

namespace Porpoise.Api.Runs;

/// <summary>What the operations on runs write as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = JsonText.DepthMax + 16)]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyList<WireParameter>))]
[JsonSerializable(typeof(DolphinRun))]
[JsonSerializable(typeof(DolphinPage<DolphinRun>))]
[JsonSerializable(typeof(IReadOnlyList<DolphinRun>))]
[JsonSerializable(typeof(DolphinTasks))]
[JsonSerializable(typeof(DolphinPage<DolphinTask>))]
[JsonSerializable(typeof(TaskAttempts))]
[JsonSerializable(typeof(TaskWaitAnswer))]
[JsonSerializable(typeof(DolphinGantt))]
[JsonSerializable(typeof(DolphinVariables))]
[JsonSerializable(typeof(DolphinStateCounts))]
[JsonSerializable(typeof(DolphinUserCounts))]
[JsonSerializable(typeof(DolphinLog))]
internal sealed partial class RunJson : JsonSerializerContext;
