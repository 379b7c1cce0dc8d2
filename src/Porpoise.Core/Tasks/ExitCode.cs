using System.Globalization;

namespace Porpoise.Core.Tasks;

/// <summary>What the exit code of a process says, for people.</summary>
public static class ExitCode
{
    private static readonly Dictionary<int, string> Signals = new()
    {
        [1] = "HUP", [2] = "INT", [3] = "QUIT", [4] = "ILL", [6] = "ABRT", [7] = "BUS", [8] = "FPE", [9] = "KILL", [11] = "SEGV", [13] = "PIPE",
        [14] = "ALRM", [15] = "TERM", [24] = "XCPU", [25] = "XFSZ",
    };

    /// <summary>128 plus a number is how a shell says that a signal ended the process; 126 and 127, that it could not begin one.</summary>
    public static string Describe(int code) => code switch
    {
        126 => "exit code 126 (a command could not be executed)",
        127 => "exit code 127 (a command was not found)",
        > 128 and < 160 when Signals.TryGetValue(code - 128, out var name) => string.Create(CultureInfo.InvariantCulture, $"exit code {code} (ended by signal {code - 128}, {name})"),
        > 128 and < 160 => string.Create(CultureInfo.InvariantCulture, $"exit code {code} (ended by signal {code - 128})"),
        _ => string.Create(CultureInfo.InvariantCulture, $"exit code {code}"),
    };
}
