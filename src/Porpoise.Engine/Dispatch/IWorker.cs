using Porpoise.Core.Environments;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;

namespace Porpoise.Engine.Dispatch;

/// <summary>What a worker needs to know to run one attempt of a task. Written down in the store before a worker sees it.</summary>
/// <param name="Run">The run that the task belongs to.</param>
/// <param name="Index">The task's position in its definition; it comes back with the report.</param>
/// <param name="Key">Task instance and attempt number.</param>
/// <param name="TaskType">The task type, e.g. <c>SHELL</c>.</param>
/// <param name="TaskName">For people, and for the task's environment.</param>
/// <param name="Program">What to run; <see cref="TaskProgram.None"/> in an order that starts nothing.</param>
public sealed record AttemptOrder(RunId Run, int Index, AttemptKey Key, string TaskType, string TaskName, TaskProgram Program)
{
    /// <summary>The output parameters that the task declares: which values to look for when it has succeeded.</summary>
    public IReadOnlyList<string> OutputNames { get; init; } = [];

    /// <summary>In an order to end it: why, for people.</summary>
    public string EndReason { get; init; } = "";

    /// <summary>The name of the workflow, for the task's environment.</summary>
    public string WorkflowName { get; init; } = "";

    /// <summary>The id of the workspace, for the task's environment.</summary>
    public string Workspace { get; init; } = "";

    /// <summary>What the node's environment sets, or the run's.</summary>
    public EnvironmentVariables Environment { get; init; } = EnvironmentVariables.None;
}

/// <summary>
/// Runs attempts. Every call returns at once, may be repeated, and never throws; what came of an attempt arrives as exactly one
/// accepted report (<see cref="IAttemptReports"/>), repeated until it is acknowledged.
/// </summary>
public interface IWorker
{
    /// <summary>
    /// Starts the attempt, unless it is known here already. If it was claimed or revoked before, by whomever, it is not started but
    /// taken up as <see cref="Resume"/> does: whoever owns the run now has to hear what became of it.
    /// </summary>
    void Start(AttemptOrder order);

    /// <summary>
    /// After a restart: takes the attempt up again where it is. Still running: it is adopted; ended: its outcome is reported;
    /// never claimed: it is revoked, so that it cannot start any more, and reported as lost. Never starts anything.
    /// </summary>
    void Resume(AttemptOrder order);

    /// <summary>
    /// Ends the attempt's whole process tree and reports it as killed once no process of it is left. If the attempt is not known here
    /// (a restart lies between), it is looked for on disk first.
    /// </summary>
    void End(AttemptOrder order);
}

/// <summary>Where a worker reports how attempts ended. A report that fails must be repeated; one that came too late is accepted and ignored.</summary>
public interface IAttemptReports
{
    /// <summary>Completes when the outcome is durable. Throws when it could not be written: repeat it.</summary>
    /// <param name="order">The order that the worker was given.</param>
    /// <param name="outcome">How the attempt ended.</param>
    /// <param name="at">When it ended (UTC).</param>
    Task ReportAsync(AttemptOrder order, AttemptOutcome outcome, DateTimeOffset at);
}
