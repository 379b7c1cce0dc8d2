using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Paging;

namespace Porpoise.Storage.Runs;

/// <summary>
/// Lists of runs and task instances, by id from the newest. Fast however many there are: totals come from counters, and no page is walked to from the first. What
/// no counter and no index knows (a text, the caller) is looked for in a bounded part, and then the total counts what was found there.
/// </summary>
public interface IRunLists
{
    /// <summary>
    /// Rows that are looked at for <see cref="RunFilter.StartedBy"/>, for a text in the runs' own names, and for any of
    /// <see cref="TaskFilter.RunSearch"/>, <see cref="TaskFilter.Search"/> and <see cref="TaskFilter.StartedBy"/> without a run: the newest of
    /// those that fit the rest of the filter; but of the states of task instances only the newest and the oldest that fit are a bound, and between them
    /// all states are looked at. A few hundred more may be looked at.
    /// </summary>
    const int SearchWindow = 10_000;

    Task<Page<RunRow>> ListRunsAsync(WorkspaceId workspace, RunFilter filter, PageRequest page);

    Task<Page<TaskInstanceRow>> ListTaskInstancesAsync(WorkspaceId workspace, TaskFilter filter, PageRequest page);

    /// <summary>How many task instances of the workspace are in each state. With bounds: those that became ready at or after <paramref name="from"/> and before or at <paramref name="to"/>.</summary>
    Task<IReadOnlyDictionary<TaskState, long>> CountTasksAsync(WorkspaceId workspace, DateTimeOffset? from, DateTimeOffset? to);

    /// <summary>The attempts of a task instance, in their order.</summary>
    Task<IReadOnlyList<AttemptRow>> ListAttemptsAsync(TaskId task);

    /// <summary>Deletes a run that has ended, with its tasks and attempts. Its logs are the worker's.</summary>
    Task<DeleteRunResult> DeleteRunAsync(WorkspaceId workspace, RunId run, NonceRow? nonce);
}

/// <summary>Which runs are wanted; what is null does not matter.</summary>
public sealed record RunFilter
{
    public WorkflowCode? Workflow { get; init; }

    /// <summary>
    /// A text, in which the case of A to Z does not matter. It is part of a run's own name, which begins with the definition's name at its start and
    /// ends with its version and start time; or, if only a few definitions have it in their names, of what its definition is called now: all their runs are found.
    /// </summary>
    public string? Search { get; init; }

    /// <summary>Name of the principal who started it; the case of A to Z does not matter.</summary>
    public string? StartedBy { get; init; }

    /// <summary>Any of these states.</summary>
    public IReadOnlyList<RunState>? States { get; init; }

    /// <summary>Started at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Started before or at.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <summary>Which task instances are wanted; what is null does not matter.</summary>
public sealed record TaskFilter
{
    public RunId? Run { get; init; }

    /// <summary>As <see cref="RunFilter.Search"/>; with <see cref="Run"/>: part of that run's name, or of what its definition is called now.</summary>
    public string? RunSearch { get; init; }

    /// <summary>Part of the task's name; the case of A to Z does not matter.</summary>
    public string? Search { get; init; }

    /// <summary>Any of these states.</summary>
    public IReadOnlyList<TaskState>? States { get; init; }

    /// <summary>Became ready at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Became ready before or at.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Name of the principal who started the run; the case of A to Z does not matter.</summary>
    public string? StartedBy { get; init; }
}

/// <summary>A task instance and the run that it belongs to.</summary>
public sealed record TaskInstanceRow(TaskRow Task, RunRow Run);

/// <summary>One attempt of a task instance.</summary>
public sealed record AttemptRow(int Number, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int? ExitCode, string? Message);

/// <summary>What came of deleting a run.</summary>
public enum DeleteRunResult
{
    Deleted,

    /// <summary>No such run in the workspace.</summary>
    NotFound,

    /// <summary>It has not ended; stop it first.</summary>
    NotEnded,

    /// <summary>The nonce was used before.</summary>
    NonceUsed,
}
