using System.Globalization;

namespace Porpoise.Worker.Runners.Spark;

/// <summary>
/// What a submission is marked with before it is made, so that whoever comes later finds it instead of submitting a second time: the installation, the task and
/// the attempt. Only lower-case letters, digits and '-' (YARN lower-cases tags, Kubernetes takes nothing else for a name), and short enough for a label (63).
/// </summary>
internal sealed record SparkTag(string Install, int Run, int Task, int Attempt)
{
    public const int LengthMax = 63;

    private const int InstallLengthMax = 24;

    public string OfRun => Text($"porpoise-{Install}-run-{Run}");

    /// <summary>The same for all attempts of the task.</summary>
    public string OfTask => Text($"porpoise-{Install}-task-{Task}");

    /// <summary>Names one submission.</summary>
    public string OfAttempt => Text($"{OfTask}-{Attempt}");

    public SparkTag Before => this with { Attempt = Attempt - 1 };

    /// <summary>From the variables of an attempt: <c>PORPOISE_TAG=install/task.attempt</c> and <c>PORPOISE_RUN_ID</c>.</summary>
    /// <exception cref="JobException">They are not those of an attempt.</exception>
    public static SparkTag Read(Func<string, string?> variable)
    {
        var parts = (variable("PORPOISE_TAG") ?? "").Split('/', '.');
        return parts is [var install, var task, var attempt]
            && int.TryParse(task, NumberStyles.None, CultureInfo.InvariantCulture, out var taskId)
            && int.TryParse(attempt, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && int.TryParse(variable("PORPOISE_RUN_ID"), NumberStyles.None, CultureInfo.InvariantCulture, out var run)
                ? new SparkTag(Bounded(install), run, taskId, number)
                : throw new JobException("PORPOISE_TAG and PORPOISE_RUN_ID are not those of an attempt. Run tasks through the server.");
    }

    private static string Bounded(string install)
    {
        var text = install.ToLowerInvariant().Replace('_', '-');
        return text.Length <= InstallLengthMax ? text : text[..InstallLengthMax];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
