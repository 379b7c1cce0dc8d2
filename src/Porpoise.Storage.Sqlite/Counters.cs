using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;

namespace Porpoise.Storage.Sqlite;

/// <summary>
/// The counters that the current batch moves: a thousand runs that start in one commit move one row, once. A write's moves count only when it is
/// kept; until then they wait beside those of the batch.
/// </summary>
internal sealed class Counters
{
    private readonly List<RunMove> _itemRuns = [];
    private readonly List<TaskMove> _itemTasks = [];
    private readonly Dictionary<(string Workspace, long Block), BlockMove> _runs = [];
    private readonly Dictionary<(string Workspace, long Block), BlockMove> _tasks = [];
    private readonly Dictionary<(WorkflowCode Workflow, int Version, string Workspace), BlockMove> _versions = [];

    /// <summary>A run more (or fewer) in this state.</summary>
    /// <param name="at">When a new run started; null for a run that was there.</param>
    public void Move(string workspace, int run, WorkflowCode workflow, int version, RunState state, int by, DateTimeOffset? at = null) =>
        _itemRuns.Add(new RunMove(workspace, run, workflow, version, state, by, at));

    /// <summary>Tasks more (or fewer) in this state.</summary>
    /// <param name="at">When a new task became ready; null for one that was there.</param>
    public void Move(string workspace, long task, TaskState state, int by, DateTimeOffset? at = null) =>
        _itemTasks.Add(new TaskMove(workspace, task, state, by, at));

    public void KeepItem()
    {
        foreach (var move in _itemRuns)
        {
            Add(_runs, (move.Workspace, move.Run / Blocks.Size), (int)move.State, move.By, move.At);
            Add(_versions, (move.Workflow, move.Version, move.Workspace), (int)move.State, move.By, null);
        }

        foreach (var move in _itemTasks)
        {
            Add(_tasks, (move.Workspace, move.Task / Blocks.Size), (int)move.State, move.By, move.At);
        }

        DropItem();
    }

    public void DropItem()
    {
        _itemRuns.Clear();
        _itemTasks.Clear();
    }

    /// <summary>Writes what the batch moved so far.</summary>
    public void Write(Session s)
    {
        foreach (var ((workspace, block), move) in _runs)
        {
            CounterSql.MoveRunBlock(s, workspace, block, move);
        }

        foreach (var ((workspace, block), move) in _tasks)
        {
            CounterSql.MoveTaskBlock(s, workspace, block, move);
        }

        foreach (var ((workflow, version, workspace), move) in _versions)
        {
            CounterSql.MoveVersion(s, workflow, version, workspace, move);
        }

        Drop();
    }

    public void Drop()
    {
        DropItem();
        _runs.Clear();
        _tasks.Clear();
        _versions.Clear();
    }

    private static void Add<TKey>(Dictionary<TKey, BlockMove> moves, TKey key, int state, int by, DateTimeOffset? at)
        where TKey : notnull
    {
        if (!moves.TryGetValue(key, out var move))
        {
            moves.Add(key, move = new BlockMove());
        }

        move.ByState[state] += by;
        if (at is { } time)
        {
            move.Include(StoredTime.ToNumber(time));
        }
    }

    private readonly record struct RunMove(string Workspace, int Run, WorkflowCode Workflow, int Version, RunState State, int By, DateTimeOffset? At);

    private readonly record struct TaskMove(string Workspace, long Task, TaskState State, int By, DateTimeOffset? At);
}
