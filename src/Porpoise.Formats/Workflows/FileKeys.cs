namespace Porpoise.Formats.Workflows;

/// <summary>Every key that a file may have, by the map that it stands in. The schema and the reference are held against these lists.</summary>
internal static class FileKeys
{
    /// <summary>Keys that begin so are nobody's: a place for what aliases repeat.</summary>
    public const string OwnPrefix = "x-";

    public static readonly string[] Workflow =
    [
        "name", "description", "tags", "params", "outputs", "parallelism", "timeout", "queue", "schedule", "alertEmail", "runAs", "tasks",
    ];

    public static readonly string[] Task =
    [
        "type", "description", "after", "run", "with", "params", "outputs", "retries", "retryInterval", "delay", "timeout", "priority", "queue", "workerGroup", "environment", "alertEmail", "alertOn", "tags", "disabled", "code",
    ];

    public static readonly string[] Parameter = ["value", "type"];

    public static readonly string[] TimeLimit = ["after", "action"];

    public static readonly string[] Schedule = ["cron", "timezone", "start", "end"];

    public static readonly string[] Edge = ["task", "name"];
}
