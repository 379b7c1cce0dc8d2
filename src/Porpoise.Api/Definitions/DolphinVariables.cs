namespace Porpoise.Api.Definitions;

/// <summary>All parameters of a definition, or of a run with its values, as DolphinScheduler answers them.</summary>
/// <param name="LocalParams">Of each node that has any, by its name.</param>
internal sealed record DolphinVariables(IReadOnlyList<WireParameter> GlobalParams, IReadOnlyDictionary<string, DolphinLocalParams> LocalParams);

internal sealed record DolphinLocalParams(string TaskType, IReadOnlyList<WireParameter> LocalParamsList);
