using System.Globalization;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Api.Runs;
using Porpoise.Core.Runs;
using Porpoise.Engine.Live;
using Porpoise.Engine.Workflows;
using Porpoise.Storage.Runs;
using Porpoise.Worker.Attempts;

namespace Porpoise.Api.Live;

/// <summary>What happens in a run and what a task writes, as it happens: streams of server-sent events, so that nobody has to ask again and again.</summary>
public sealed class LiveOperations(IRunStore store, WorkflowCatalog catalog, RunFeed feed, AttemptLogs logs)
{
    private const string Workspace = "/porpoise/v1/workspaces/{projectCode}";

    public IEnumerable<Operation> Table =>
    [
        new("GET", Workspace + "/runs/{id}/events", "emr-serverless-spark:GetProcessInstance", "A run and its tasks as they change, as server-sent events", WatchRunAsync),
        new("GET", Workspace + "/task-instances/{id}/log/events", "emr-serverless-spark:QueryTaskLog", "A task's log as it grows, as server-sent events", FollowLogAsync),
    ];

    private async Task<Answer> WatchRunAsync(Call call)
    {
        var run = new RunStream(store, catalog, Watch((await store.FindRunAsync(call, "id")).Id), call.Workspace.Id);
        return new Answer.Events(run.WriteAsync);
    }

    /// <summary>From the parameter <c>offset</c>, or from where the reader was before it lost the connection.</summary>
    private async Task<Answer> FollowLogAsync(Call call)
    {
        var task = await store.FindTaskAsync(call, "id");
        var attempt = call.Parameters.Int("attempt", 1) ?? Math.Max(1, task.Attempt);
        var offset = long.TryParse(call.Http.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            ? last
            : call.Parameters.Long("offset", 0) ?? 0;
        var log = new LogStream(store, Watch(task.Run), call.Workspace.Id, task, attempt, logs.Follow(task.Id, attempt, offset));
        return new Answer.Events(log.WriteAsync);
    }

    private RunFeed.Watch Watch(RunId run) => feed.TryWatch(run) ?? throw new RefusalException(new Refusal(
        ErrorCodes.TooManyCalls, string.Create(CultureInfo.InvariantCulture, $"{RunFeed.WatchersMax} streams are open, and there may be no more.")) { RetryAfter = TimeSpan.FromSeconds(5) });
}
