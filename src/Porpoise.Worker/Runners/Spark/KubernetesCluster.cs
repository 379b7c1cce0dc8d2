using System.Text.RegularExpressions;

namespace Porpoise.Worker.Runners.Spark;

/// <summary>
/// Kubernetes, through <c>spark-submit --status</c> and <c>--kill</c>, which talk to its API with the user's own configuration. Their exit codes say nothing; what counts is
/// the phase of the driver's pod. The pod is named by us, so the submission's id, <c>namespace:pod</c>, is known before it is made.
/// </summary>
internal sealed partial class KubernetesCluster(SparkSubmit submit, string master, string space) : ICluster
{
    public const string Kind = "kubernetes";

    private static readonly TimeSpan AnswerMax = TimeSpan.FromMinutes(1);

    public static string IdOf(string space, SparkTag tag) => $"{space}:{tag.OfAttempt}";

    public async Task<Application?> FindAsync(Submission submission, CancellationToken ct)
    {
        var said = await AskAsync("--status", submission.Id, ct);
        if (Phase().Match(said) is not { Success: true } phase)
        {
            return said.Contains("No applications found", StringComparison.OrdinalIgnoreCase) || said.Contains("not found", StringComparison.OrdinalIgnoreCase)
                ? null
                : throw new HttpRequestException($"spark-submit --status says nothing about {submission.Id}: {LastLine(said)}");
        }

        var code = ExitCode().Match(said) is { Success: true } exit ? $", exit code {exit.Groups[1].Value}" : "";
        return new Application(submission.Id, phase.Groups[1].Value switch
        {
            "Succeeded" => ApplicationState.Succeeded,
            "Failed" => ApplicationState.Failed,
            "Running" => ApplicationState.Running,
            _ => ApplicationState.Pending,
        }, $"pod {phase.Groups[1].Value}{code}");
    }

    public async Task<Application?> FindUnfinishedAsync(SparkTag tag, CancellationToken ct) =>
        tag.Attempt > 1 && await FindAsync(Submission.Of(Kind, tag.Before) with { Id = IdOf(space, tag.Before) }, ct) is { IsOver: false } found ? found : null;

    public Task KillAsync(Application application, CancellationToken ct) => AskAsync("--kill", application.Id, ct);

    private async Task<string> AskAsync(string option, string id, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(AnswerMax);
        try
        {
            return await submit.AskAsync(["--master", master, option, id], limit.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new HttpRequestException($"spark-submit {option} does not answer.", e);
        }
    }

    private static string LastLine(string text) => text.TrimEnd().Split('\n')[^1] is var line && line.Length > 500 ? line[..500] : line;

    [GeneratedRegex(@"phase:\s*(\w+)", RegexOptions.CultureInvariant)]
    private static partial Regex Phase();

    [GeneratedRegex(@"exit code:\s*(-?\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex ExitCode();
}
