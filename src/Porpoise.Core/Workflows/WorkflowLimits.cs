namespace Porpoise.Core.Workflows;

/// <summary>How large a definition may be.</summary>
public static class WorkflowLimits
{
    public const int TasksMax = 10_000;
    public const int EdgesMax = 100_000;
    public const int NameLengthMax = 200;
    public const int DescriptionLengthMax = 4_000;
    public const int ScriptLengthMax = 512 * 1024;
    public const int RetriesMax = 1_000;
    public static readonly TimeSpan RetryIntervalMax = TimeSpan.FromDays(30);

    /// <summary>Codes from here on cannot be told apart by JavaScript clients.</summary>
    public const long CodeLimit = 1L << 53;
}
