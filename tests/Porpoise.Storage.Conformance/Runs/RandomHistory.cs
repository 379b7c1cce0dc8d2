using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Runs;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Runs;

/// <summary>
/// Some hundred runs of several workflows in two workspaces, with starts in nearly the order of their numbers, in all states, some with tasks that are run again,
/// some deleted; and what the rows say, read one by one, to hold lists and counters against.
/// </summary>
internal sealed class RandomHistory
{
    public const int RunsMin = 700;

    /// <summary>Names that searches have to tell apart, and one that has to be taken literally.</summary>
    public static readonly string[] Names = ["alpha", "alpha-beta", "gamma", "100%_x"];

    private static readonly RunState[] Ends = [RunState.Stopping, RunState.Succeeded, RunState.Succeeded, RunState.Failed, RunState.Stopped];

    private readonly List<RunRow> _runs = [];
    private readonly List<TaskInstanceRow> _tasks = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyList<RunRow> Runs => _runs;

    /// <summary>Newest first; without those that wait for others.</summary>
    public IReadOnlyList<TaskInstanceRow> Tasks => _tasks;

    public static WorkflowCode CodeOf(WorkspaceId workspace, int name) => new((workspace == Workspace ? 100 : 200) + name);

    /// <summary>The text is in what the run's definition is called, or in the run's own name.</summary>
    public static bool IsNamed(WorkspaceId workspace, RunRow run, string text) =>
        run.Name.Contains(text, StringComparison.OrdinalIgnoreCase) || Names.Where((name, i) => run.Workflow == CodeOf(workspace, i) && name.Contains(text, StringComparison.OrdinalIgnoreCase)).Any();

    /// <summary>The name of a node in a version of one of <see cref="Names"/>.</summary>
    public static string NodeName(int name, int version, int index) => $"{(index % 2 == 0 ? "load" : "Check_it")} {name}.{version}.{index}";

    public static async Task<RandomHistory> WriteAsync(IStore store, Random random)
    {
        await AddDefinitionsAsync(store);
        var orders = Enumerable.Range(0, RunsMin + random.Next(200)).Select(i => Order(i, random)).ToList();
        var started = await Task.WhenAll(orders.Select(order => store.StartRunAsync(order)));
        var history = new RandomHistory();
        await Task.WhenAll(started.Cast<StartRunResult.Started>().Select((run, i) => MoveAsync(store, run, orders[i], random.Next())));
        await Task.WhenAll(started.Cast<StartRunResult.Started>().Zip(orders).Where(_ => random.Next(10) == 0).Select(run => store.DeleteRunAsync(run.Second.Workspace, run.First.Run, null)));
        await history.ReadAsync(store, started.Cast<StartRunResult.Started>().Zip(orders, (run, order) => (run.Run, order.Workspace)));
        return history;
    }

    private static async Task AddDefinitionsAsync(IStore store)
    {
        foreach (var workspace in new[] { Workspace, OtherWorkspace })
        {
            for (var name = 0; name < Names.Length; name++)
            {
                await store.CreateWorkflowAsync(workspace, CodeOf(workspace, name), Version(name, 1), false, "ann", At, null);
                await store.UpdateWorkflowAsync(workspace, CodeOf(workspace, name), Version(name, 2), null, "ann", At, null);
            }
        }
    }

    private static WorkflowDefinition Version(int name, int version)
    {
        var definition = Definition(Names[name], 5);
        return definition with { Tasks = [.. definition.Tasks.Select((task, i) => task with { Name = NodeName(name, version, i) })] };
    }

    private static NewRun Order(int number, Random random)
    {
        var workspace = random.Next(4) == 0 ? OtherWorkspace : Workspace;
        var name = random.Next(Names.Length);
        var version = 1 + random.Next(2);
        var calledThen = random.Next(5) == 0 ? random.Next(Names.Length) : name; // definitions are renamed
        var at = At.AddMinutes(number + random.Next(-9, 10)).AddDays(random.Next(50) == 0 ? random.Next(-3, 4) : 0);
        return NewRun(workspace, at, taskCount: 5, changes: [new TaskChange.Submitted(0, at)]) with
        {
            Workflow = CodeOf(workspace, name),
            Version = version,
            Name = $"{Names[calledThen]}-{version}-{number:000}",
            StartedBy = random.Next(3) == 0 ? "ann" : "bob",
        };
    }

    private static async Task MoveAsync(IStore store, StartRunResult.Started run, NewRun order, int seed)
    {
        var random = new Random(seed);
        for (var index = 0; index < 5; index++)
        {
            var at = order.StartedAt.AddMinutes(index * random.Next(1, 300));
            List<TaskChange> changes = index > 0 ? [new TaskChange.Submitted(index, at)] : [];
            changes.AddRange(Life(index, at, random));
            if (changes is [.., TaskChange.Ended ended] && random.Next(4) == 0)
            {
                changes.AddRange(Again(ended, random));
            }

            Assert.True(await store.SaveRunAsync(run.Run, run.Epoch, Decide(changes)));
            if (random.Next(4) == 0)
            {
                break;
            }
        }

        if (random.Next(5) > 0)
        {
            Assert.True(await store.SaveRunAsync(run.Run, run.Epoch, Decide(Ends[random.Next(Ends.Length)])));
        }
    }

    private static TaskChange[] Life(int index, DateTimeOffset at, Random random)
    {
        var started = new TaskChange.AttemptStarted(index, 1, at);
        return random.Next(7) switch
        {
            0 => [],
            1 => [started],
            2 => [started, new TaskChange.AttemptFailed(index, 1, 1, "", 1, 0, at.AddHours(1), at)],
            3 => [started, new TaskChange.AttemptFailed(index, 1, 1, "", 1, 0, at.AddHours(1), at), new TaskChange.Requeued(index, at)],
            4 => [started, new TaskChange.Ended(index, 1, TaskState.Failed, 1, "", 0, 0, at)],
            5 => [new TaskChange.Ended(index, 0, TaskState.Killed, null, "", 0, 0, at)],
            _ => [started, new TaskChange.Ended(index, 1, TaskState.Succeeded, 0, "", 0, 0, at)],
        };
    }

    /// <summary>A task that is run again, at another time, or waits for others first.</summary>
    private static IEnumerable<TaskChange> Again(TaskChange.Ended ended, Random random)
    {
        yield return new TaskChange.Reset(ended.Index, ended.State, ended.At);
        if (random.Next(3) > 0)
        {
            yield return new TaskChange.Submitted(ended.Index, ended.At.AddMinutes(random.Next(1, 900)));
        }
    }

    private async Task ReadAsync(IStore store, IEnumerable<(RunId Run, WorkspaceId Workspace)> runs)
    {
        foreach (var (id, workspace) in runs.OrderByDescending(r => r.Run.Value))
        {
            if (await store.FindRunAsync(workspace, id) is { } run)
            {
                _runs.Add(run);
                _tasks.AddRange((await store.ListTasksAsync(id, 10)).Where(task => task.State != TaskState.Waiting).Reverse().Select(task => new TaskInstanceRow(task, run)));
            }
        }
    }
}
