namespace Porpoise.Core.Workflows;

/// <summary>How large a definition may be. Lengths are characters.</summary>
public static class WorkflowLimits
{
    public const int TasksMax = 10_000;
    public const int EdgesMax = 100_000;
    public const int NameLengthMax = 200;
    public const int DescriptionLengthMax = 4_000;
    public const int LocationsLengthMax = 1024 * 1024;
    public const int ScriptLengthMax = 512 * 1024;

    /// <summary>Of one node's taskParams as JSON.</summary>
    public const int ParamsLengthMax = 1024 * 1024;

    /// <summary>How deep lists and objects of taskParams may lie in each other.</summary>
    public const int ParamsDepthMax = 32;

    /// <summary>Of all texts of a definition together.</summary>
    public const int DefinitionLengthMax = 4 * 1024 * 1024;

    /// <summary>Parameters of a workflow, and of one node.</summary>
    public const int ParametersMax = 1_000;

    public const int ParameterNameLengthMax = 200;
    public const int ParameterTypeLengthMax = 50;
    public const int ParameterValueLengthMax = 64 * 1024;

    /// <summary>Tags of a workflow, and of one node.</summary>
    public const int TagsMax = 100;

    public const int TagKeyLengthMax = 128;
    public const int TagValueLengthMax = 256;

    /// <summary>Several addresses fit.</summary>
    public const int AlertEmailLengthMax = 1_000;

    public const int RunAsLengthMax = 100;
    public const int RegionIdLengthMax = 100;
    /// <summary>Rows of a result that a task's log shows.</summary>
    public const int DisplayRowsMax = 1_000;

    /// <summary>Rows of a result that go into an output parameter of type LIST.</summary>
    public const int ListRowsMax = 10_000;

    /// <summary>Milliseconds that an HTTP task waits: a day.</summary>
    public const int HttpTimeoutMax = 24 * 3_600_000;

    public const int RetriesMax = 1_000;
    public static readonly TimeSpan RetryIntervalMax = TimeSpan.FromDays(30);
    public static readonly TimeSpan DelayMax = TimeSpan.FromDays(30);
    public static readonly TimeSpan TimeLimitMax = TimeSpan.FromDays(365);

    /// <summary>Codes from here on cannot be told apart by JavaScript clients.</summary>
    public const long CodeLimit = 1L << 53;
}
