using Microsoft.Extensions.Logging;

namespace Porpoise.Worker.Runners.Spark;

/// <summary>
/// Ends what an attempt had begun in a cluster, where the attempt's own process could not: it was killed before it was done. It believes the note in the attempt's folder as far as to whom
/// an application is named; what is started here is the server's own Spark.
/// </summary>
internal sealed partial class SubmissionEnder(SparkSettings? settings, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(20);
    private readonly ILogger _log = log;

    /// <summary>Completes when the cluster says that it is over, however long that takes: a task that is said to have ended must not run on somewhere.</summary>
    public async Task EndAsync(string workFolder, string attempt, CancellationToken ct)
    {
        if (Submission.Read(workFolder) is not { } submission)
        {
            return;
        }

        if (submission.Cluster.Length > 0)
        {
            using var http = new HttpClient { Timeout = AnswerMax, MaxResponseContentBufferSize = 16 * 1024 * 1024 };
            try
            {
                var cluster = new Clusters(settings ?? new SparkSettings(), http).Of(submission, settings?.Home ?? "");
                await new ApplicationEnd(cluster, clock, text => LogEnd(attempt, text)).EndAsync(submission, ct);
            }
            catch (JobException e)
            {
                LogCannotEnd(attempt, submission.Tag, e.Message);
            }
        }

        Submission.Remove(workFolder);
    }

    [LoggerMessage(LogLevel.Information, "Attempt {Attempt}: {Text}")]
    private partial void LogEnd(string attempt, string text);

    [LoggerMessage(LogLevel.Error, "Attempt {Attempt}: nobody can be asked to end {Tag} in its cluster: {Reason}")]
    private partial void LogCannotEnd(string attempt, string tag, string reason);
}
