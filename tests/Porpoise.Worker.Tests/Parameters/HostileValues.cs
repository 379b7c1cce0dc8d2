namespace Porpoise.Worker.Tests.Parameters;

/// <summary>
/// Values that have broken schedulers which put them into scripts as text. Every language that takes parameters has to hand each of them over byte for byte, from
/// every place where a reference can stand.
/// </summary>
public static class HostileValues
{
    /// <summary>The file that would exist if a value had been run.</summary>
    public const string Trace = "X";

    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["quote"] = "'; touch X #",
        ["command"] = "$(touch X)",
        ["line break"] = "a\nb\n",
        ["backslash"] = "\\",
        ["three quotes"] = "\"\"\"",
        ["beyond ASCII"] = "工 – 🐬",

        // Longer than a program's argument or variable may be.
        ["200 KiB"] = string.Concat(Enumerable.Repeat("0123456789 '工\" \\ `touch X` $(touch X)\n", 200 * 1024 / 40)),
        ["nothing"] = "",
        ["backquote"] = "`touch X`",
        ["every quote"] = "'\"`\\'\"\"\"'''",
        ["end of a here-document"] = "\nEOF\ntouch X\n",
        ["reference"] = "${v} $v {v} %s {0}",
        ["Python"] = "'+__import__('os').system('touch X')+'",
        ["Python in a field"] = "{__import__('os').system('touch X')}",
        ["SQL"] = "'; drop table x; --",
        ["pattern"] = "* ? [a-z] ~ {a,b}",
        ["spaces"] = "  two  words  ",
        ["index"] = "a[$(touch X)]",
    };
}
