using System.Text;

namespace Porpoise.Core.Parameters;

/// <summary>
/// How parameters reach a shell script: as shell variables that are assigned in front of it, to which its references lead. So a value can never become code,
/// whatever stands in it; it is not exported, nor visible in a list of processes.
/// </summary>
public static class ShellParameters
{
    /// <summary>
    /// A line break for values that have one. A shell sets IFS to blank, tab and line break when it starts; a break written as such
    /// would make every later line number of the script's messages wrong.
    /// </summary>
    private const string LineBreak = "PORPOISE_LF";

    /// <summary>Names with a meaning of their own to bash or a POSIX shell, or to what a script starts; some cannot be assigned to at all.</summary>
    private static readonly HashSet<string> Special = new(StringComparer.Ordinal)
    {
        "_", "CDPATH", "COLUMNS", "COPROC", "DIRSTACK", "ENV", "EPOCHREALTIME", "EPOCHSECONDS", "EUID", "EXECIGNORE", "FCEDIT", "FIGNORE", "FUNCNAME", "FUNCNEST",
        "GLOBIGNORE", "GLOBSORT", "GROUPS", "HOME", "HOSTNAME", "HOSTTYPE", "IFS", "IGNOREEOF", "INPUTRC", "INSIDE_EMACS", "LANG", "LANGUAGE", "LINENO", "LINES",
        "MACHTYPE", "MAIL", "MAILCHECK", "MAILPATH", "MAPFILE", "NLSPATH", "OLDPWD", "OPTARG", "OPTERR", "OPTIND", "OSTYPE", "PATH", "PIPESTATUS", "POSIXLY_CORRECT",
        "PPID", "PWD", "RANDOM", "REPLY", "SECONDS", "SHELL", "SHELLOPTS", "SHLVL", "SRANDOM", "TIMEFORMAT", "TMOUT", "TMPDIR", "UID", "auto_resume", "histchars",
    };

    private static readonly string[] SpecialBeginnings = ["BASH", "COMP_", "HIST", "LC_", "LD_", "PORPOISE_", "PROMPT_", "PS", "READLINE_"];

    /// <summary>True when a parameter of this name is a variable of the same name in a shell script: a shell identifier without a meaning of its own.</summary>
    public static bool IsUsableName(string name) =>
        name.Length <= ParameterResolution.NameLengthMax && IsIdentifier(name) && !Special.Contains(name) && !SpecialBeginnings.Any(beginning => IsSpecial(name, beginning));

    /// <summary>
    /// True when the name is a shell's own: <c>${PATH}</c> in a script can only mean the shell's. Names that are no identifiers do not mean anything to it, and
    /// can be referred to.
    /// </summary>
    public static bool IsTakenName(string name) => IsIdentifier(name) && !IsUsableName(name);

    /// <summary>True for what a shell can have as a variable.</summary>
    public static bool IsIdentifier(string name) => name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');

    /// <summary>
    /// The script in which each <c>${name}</c> yields the value of that parameter byte for byte: bare, in quotes of both kinds and in here-documents of both.
    /// In front of its first line and on the same line, so that line numbers stay right, stand the assignments. NUL, which no shell variable can hold, is left out.
    /// </summary>
    public static string Put(IReadOnlyDictionary<string, string> values, string script)
    {
        if (values.Count == 0)
        {
            return script;
        }

        var references = new ShellReferences(values);
        var rewritten = ShellText.Rewrite(script, references);
        var variables = values.Where(v => IsUsableName(v.Key)).OrderBy(v => v.Key, StringComparer.Ordinal).Concat(references.Generated).ToList();
        var hasBreaks = variables.Exists(v => v.Value.Contains('\n'));
        var text = new StringBuilder(hasBreaks ? LineBreak + "=${IFS#??}; " : "");
        foreach (var (name, value) in variables)
        {
            text.Append(name).Append('=');
            Quote(text, value);
            text.Append("; ");
        }

        return text.Append(hasBreaks ? $"unset {LineBreak}; " : "").Append(rewritten).ToString();
    }

    /// <summary>PS1 to PS4 and the like, but not a name that only begins so: of those with an open end, everything.</summary>
    private static bool IsSpecial(string name, string beginning) =>
        name.StartsWith(beginning, StringComparison.Ordinal) && (beginning != "PS" || (name.Length == 3 && char.IsAsciiDigit(name[2])));

    /// <summary>Between single quotes everything is itself, but the single quote.</summary>
    private static void Quote(StringBuilder text, string value)
    {
        text.Append('\'');
        foreach (var c in value)
        {
            _ = c switch
            {
                '\'' => text.Append("'\\''"),
                '\n' => text.Append("'\"$").Append(LineBreak).Append("\"'"),
                '\0' => text,
                _ => text.Append(c),
            };
        }

        text.Append('\'');
    }
}
