using System.Text.Json.Serialization;
using Porpoise.Api.Definitions;
using Porpoise.Api.Runs;

namespace Porpoise.Api;

/// <summary>Everything that goes over the wire as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(long[]))]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(ShellParams))]
[JsonSerializable(typeof(CreatedWorkflow))]
[JsonSerializable(typeof(CloudWorkflow))]
[JsonSerializable(typeof(DolphinWorkflow))]
[JsonSerializable(typeof(DolphinRun))]
[JsonSerializable(typeof(DolphinTasks))]
[JsonSerializable(typeof(DolphinStateCounts))]
[JsonSerializable(typeof(DolphinLog))]
internal sealed partial class WireJson : JsonSerializerContext;
