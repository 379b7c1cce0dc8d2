namespace Porpoise.Core.Parameters;

/// <summary>A named value of a workflow or of one of its nodes (DolphinScheduler: Property).</summary>
/// <param name="Name">What <c>${name}</c> refers to.</param>
/// <param name="Direction">Whether the node takes the value or gives it to those after it.</param>
/// <param name="Type">As the client named it: VARCHAR, INTEGER, DATE and so on. Values are text here.</param>
/// <param name="Value">May be empty, and may refer to other parameters.</param>
public sealed record Parameter(string Name, ParameterDirection Direction, string Type, string Value);

/// <summary>Which way a parameter's value goes.</summary>
public enum ParameterDirection
{
    In = 0,
    Out = 1,
}
