using Porpoise.Core.Workflows;

namespace Porpoise.Formats.Workflows;

/// <summary>Which member of a task type's taskParams the key <c>run</c> stands for.</summary>
internal static class ScriptMember
{
    public static string Of(string type) => type switch
    {
        TaskTypes.Sql or TaskTypes.DuckDb => "sql",
        "HIVECLI" => "hiveSqlScript",
        _ => "rawScript",
    };
}
