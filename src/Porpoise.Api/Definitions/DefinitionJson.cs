using System.Text.Json.Serialization;
using Porpoise.Api.Operations;

namespace Porpoise.Api.Definitions;

/// <summary>What the operations on definitions write as JSON. The depth is that of a tree view.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 1000)]
[JsonSerializable(typeof(long[]))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(CreatedWorkflow))]
[JsonSerializable(typeof(CloudWorkflow))]
[JsonSerializable(typeof(DolphinWorkflow))]
[JsonSerializable(typeof(DolphinPage<DolphinWorkflow>))]
[JsonSerializable(typeof(DolphinPage<DolphinNode>))]
[JsonSerializable(typeof(DolphinPage<NodeInList>))]
[JsonSerializable(typeof(DolphinDag))]
[JsonSerializable(typeof(IReadOnlyList<DolphinDag>))]
[JsonSerializable(typeof(IReadOnlyList<DolphinNode>))]
[JsonSerializable(typeof(Dictionary<string, IReadOnlyList<DolphinNode>>))]
[JsonSerializable(typeof(IReadOnlyList<SimpleWorkflow>))]
[JsonSerializable(typeof(IReadOnlyList<Reference>))]
[JsonSerializable(typeof(IReadOnlyList<ExportedWorkflow>))]
[JsonSerializable(typeof(IReadOnlyList<WireParameter>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(DolphinVariables))]
[JsonSerializable(typeof(VersionComparison))]
[JsonSerializable(typeof(TreeNode))]
[JsonSerializable(typeof(IReadOnlyList<AppliedWorkflow>))]
[JsonSerializable(typeof(IReadOnlyList<WorkflowYaml>))]
internal sealed partial class DefinitionJson : JsonSerializerContext;
