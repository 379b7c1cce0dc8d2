using Porpoise.Api.Operations;
using Porpoise.Api.Security;
using Porpoise.Core.Workflows;
using Porpoise.Storage;

namespace Porpoise.Api.Runs;

/// <summary>How many there are, of one workspace or of all.</summary>
public sealed class AnalysisOperations(IStore store)
{
    public IEnumerable<Operation> Table =>
    [
        new("GET", "/dolphinscheduler/projects/analysis/process-state-count", "emr-serverless-spark:QueryProcessStateCount", "How many runs are in each state", CountRunsAsync),
        new("GET", "/dolphinscheduler/projects/analysis/task-state-count", "emr-serverless-spark:QueryTaskStateCount", "How many task instances are in each state", CountTasksAsync),
        new("GET", "/dolphinscheduler/projects/analysis/define-user-count", "emr-serverless-spark:QueryDefineUserCount", "How many workflow definitions each user has", CountDefinitionsAsync),
    ];

    private Task<Answer> CountRunsAsync(Call call) => CountAsync(call, store.CountRunsAsync, States.AllRunStates, States.Of);

    private Task<Answer> CountTasksAsync(Call call) => CountAsync(call, store.CountTasksAsync, States.AllTaskStates, States.Of);

    private async Task<Answer> CountDefinitionsAsync(Call call)
    {
        var count = 0L;
        foreach (var workspace in call.WorkspacesByProjectCode())
        {
            count += await store.CountWorkflowsAsync(workspace.Id);
        }

        return Answer.Of(new DolphinUserCounts(count, [new DolphinUserCount(DolphinUser.RootId, await DolphinUser.NameOfRootAsync(store), count)]), RunJson.Default.DolphinUserCounts);
    }

    private static async Task<Answer> CountAsync<TState>(
        Call call, Func<WorkspaceId, DateTimeOffset?, DateTimeOffset?, Task<IReadOnlyDictionary<TState, long>>> countAsync, IReadOnlyList<TState> all, Func<TState, string> nameOf)
        where TState : notnull
    {
        var from = DolphinTime.Read(call.Parameters, "startDate");
        var to = DolphinTime.ReadEnd(call.Parameters, "endDate");
        var counts = new Dictionary<TState, long>();
        foreach (var workspace in call.WorkspacesByProjectCode())
        {
            foreach (var (state, count) in await countAsync(workspace.Id, from, to))
            {
                counts[state] = counts.GetValueOrDefault(state) + count;
            }
        }

        return Answer.Of(
            new DolphinStateCounts(counts.Values.Sum(), [.. all.Select(s => new DolphinStateCount(nameOf(s), counts.GetValueOrDefault(s)))]),
            RunJson.Default.DolphinStateCounts);
    }
}
