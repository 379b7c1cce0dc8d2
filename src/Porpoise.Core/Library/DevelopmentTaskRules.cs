using System.Globalization;
using Porpoise.Core.Workflows;

namespace Porpoise.Core.Library;

/// <summary>What a development task has to be like to be stored.</summary>
public static class DevelopmentTaskRules
{
    public const int ArgumentsMax = 1_000;
    public const int SettingsMax = 1_000;
    public const int PathLengthMax = 4_096;

    /// <summary>Characters of one argument or of one setting's value.</summary>
    public const int ValueLengthMax = 32 * 1024;

    /// <summary>Characters of all arguments and settings together: an operating system starts no program with more.</summary>
    public const int ValuesLengthMax = 512 * 1024;

    public const int IdentifierLengthMax = 255;
    public const int RemarkLengthMax = 1_000;

    /// <summary>What is wrong: the member, and what would be right. Null: nothing.</summary>
    public static (string Member, string Message)? Check(DevelopmentTask task) =>
        CheckTexts(task) ?? CheckProgram(task) ?? CheckArguments(task) ?? CheckSettings(task);

    /// <summary>True for <c>spark.</c> and letters, digits, '.', '-' and '_' after it. Spark ignores all other names.</summary>
    public static bool IsSettingName(string name) =>
        name.StartsWith("spark.", StringComparison.Ordinal) && name.Length is > 6 and <= IdentifierLengthMax && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static (string, string)? CheckTexts(DevelopmentTask task) =>
        !TextRules.IsName(task.Name) ? ("name", Text($"1 to {WorkflowLimits.NameLengthMax} characters without control characters"))
        : task.Description.Length > WorkflowLimits.DescriptionLengthMax ? ("description", Text($"at most {WorkflowLimits.DescriptionLengthMax} characters"))
        : task.Code.Length > WorkflowLimits.ScriptLengthMax ? ("code", Text($"at most {WorkflowLimits.ScriptLengthMax} characters"))
        : task.Catalog.Length > 0 && !IsIdentifier(task.Catalog) ? ("catalog", Identifier)
        : task.Database.Length > 0 && !IsIdentifier(task.Database) ? ("database", Identifier)
        : null;

    private static (string, string)? CheckProgram(DevelopmentTask task)
    {
        if (task.EntryFile.Length > 0 && (task.EntryFile.Length > PathLengthMax || task.EntryFile[0] == '-' || task.EntryFile.Any(char.IsControl)))
        {
            return ("entryFile", Text($"a path or an address of at most {PathLengthMax} characters that does not begin with '-'"));
        }

        if (task.MainClass.Length > 0 && (task.MainClass.Length > IdentifierLengthMax || !task.MainClass.All(static c => char.IsLetterOrDigit(c) || c is '.' or '_' or '$')))
        {
            return ("mainClass", "the name of a class, such as org.example.Main");
        }

        return task.Kind switch
        {
            DevelopmentTaskKind.Sql when task.EntryFile.Length > 0 => ("entryFile", "nothing for a task of kind SQL: its statements are its code"),
            DevelopmentTaskKind.Sql when string.IsNullOrWhiteSpace(task.Code) => ("code", "the statements of a task of kind SQL"),
            DevelopmentTaskKind.Jar when task.Code.Length > 0 => ("code", "nothing for a task of kind JAR: entryFile says where the program is"),
            DevelopmentTaskKind.Jar when task.EntryFile.Length == 0 => ("entryFile", "where the program of a task of kind JAR is"),
            DevelopmentTaskKind.Python when task.Code.Length > 0 == task.EntryFile.Length > 0 => ("code", "the program of a task of kind PYTHON; or leave it out and say in entryFile where the program is"),
            not DevelopmentTaskKind.Jar when task.MainClass.Length > 0 => ("mainClass", "nothing unless the kind is JAR"),
            not DevelopmentTaskKind.Sql when task.Catalog.Length > 0 || task.Database.Length > 0 => ("catalog", "nothing unless the kind is SQL; the same holds for database"),
            DevelopmentTaskKind.Sql when task.Arguments.Count > 0 => ("arguments", "nothing for a task of kind SQL: its parameters are ${name} in its statements"),
            _ => null,
        };
    }

    private static (string, string)? CheckArguments(DevelopmentTask task) =>
        task.Arguments.Count > ArgumentsMax || task.Arguments.Any(static a => a.Length > ValueLengthMax || a.Contains('\0'))
            ? ("arguments", Text($"at most {ArgumentsMax} texts of at most {ValueLengthMax} characters"))
            : task.Arguments.Sum(static a => (long)a.Length) + task.Settings.Sum(static s => (long)s.Key.Length + s.Value.Length) > ValuesLengthMax
                ? ("arguments", Text($"at most {ValuesLengthMax} characters in all arguments and settings together"))
                : null;

    private static (string, string)? CheckSettings(DevelopmentTask task)
    {
        if (task.Settings.Count > SettingsMax)
        {
            return ("sparkConf", Text($"at most {SettingsMax} settings"));
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in task.Settings)
        {
            if (!IsSettingName(name))
            {
                return ("sparkConf", $"names that begin with 'spark.' and have letters, digits, '.', '-' and '_' after it; '{TextRules.Start(name)}' is none");
            }

            if (!names.Add(name))
            {
                return ("sparkConf", $"each name once; '{name}' is there twice");
            }

            if (value.Length > ValueLengthMax || value.Contains('\0'))
            {
                return ("sparkConf", Text($"values of at most {ValueLengthMax} characters; that of '{name}' is not"));
            }
        }

        return null;
    }

    private const string Identifier = "letters, digits and '_', not a digit first";

    private static bool IsIdentifier(string text) =>
        text.Length <= IdentifierLengthMax && !char.IsAsciiDigit(text[0]) && text.All(static c => char.IsLetterOrDigit(c) || c == '_');

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
