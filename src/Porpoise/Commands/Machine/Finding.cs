namespace Porpoise.Commands.Machine;

/// <summary>What was found out about this machine.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Level">ok, warning or problem.</param>
/// <param name="Found">What there is.</param>
/// <param name="Remedy">What to do about it; null where nothing is to be done.</param>
internal sealed record Finding(string Check, string Level, string Found, string? Remedy = null)
{
    public const string LevelOk = "ok";
    public const string LevelWarning = "warning";
    public const string LevelProblem = "problem";

    public static Finding Ok(string check, string found) => new(check, LevelOk, found);

    /// <summary>The service works, but not all of it or not as well as it could.</summary>
    public static Finding Warning(string check, string found, string remedy) => new(check, LevelWarning, found, remedy);

    /// <summary>The service does not start, or not work.</summary>
    public static Finding Problem(string check, string found, string remedy) => new(check, LevelProblem, found, remedy);
}
