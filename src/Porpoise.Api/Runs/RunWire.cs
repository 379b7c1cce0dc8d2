using Porpoise.Api.Operations;
using Porpoise.Api.Definitions;
using Porpoise.Core.Runs;
using Porpoise.Engine.Dispatch;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Runs;
using Porpoise.Storage.Workflows;

namespace Porpoise.Api.Runs;

/// <summary>What an answer about runs needs beside their rows.</summary>
/// <param name="Workspace">Where the runs belong.</param>
/// <param name="Host">The machine that runs them.</param>
/// <param name="Now">For the duration of what has not ended.</param>
/// <param name="Slots">Knows why a task has no slot.</param>
internal sealed record RunView(WorkspaceRow Workspace, string Host, DateTimeOffset Now, WorkerGroupQueue Slots);

/// <summary>
/// A run as DolphinScheduler answers it (ProcessInstance), with what this service knows beyond it: the exact times, the environment, the
/// remarks, the start parameters. Members without a setter are the same for every run here.
/// </summary>
internal sealed record DolphinRun
{
    public required int Id { get; init; }

    public required string Name { get; init; }

    public required string State { get; init; }

    public required long ProjectCode { get; init; }

    public required long ProcessDefinitionCode { get; init; }

    public required int ProcessDefinitionVersion { get; init; }

    public required string StartTime { get; init; }

    public required string? EndTime { get; init; }

    public required string Duration { get; init; }

    public required string FailureStrategy { get; init; }

    public required string ProcessInstancePriority { get; init; }

    public required string ExecutorName { get; init; }

    public required string Host { get; init; }

    public required string Queue { get; init; }

    /// <summary>DolphinScheduler keeps the start parameters in here, as JSON text.</summary>
    public required string CommandParam { get; init; }

    /// <summary>JSON text of the global parameters with the run's values. Null in lists, like all from here to <see cref="DagData"/>.</summary>
    public string? GlobalParams { get; init; }

    /// <summary>Minutes; 0: none.</summary>
    public int? Timeout { get; init; }

    public string? Locations { get; init; }

    public DolphinDag? DagData { get; init; }

    public string CommandStartTime => StartTime;

    /// <summary>When it began, or last began anew.</summary>
    public required string RestartTime { get; init; }

    /// <summary>What it was last begun by.</summary>
    public required string CommandType { get; init; }

    public required string HistoryCmd { get; init; }

    public string CmdTypeIfComplement => "START_PROCESS";

    public bool ComplementData => false;

    public bool Blocked => false;

    /// <summary>What its time parameters stand for, if its starter named that; in <see cref="TimeZone"/>.</summary>
    public required string? ScheduleTime { get; init; }

    /// <summary>The zone in which its time parameters are written. Ours.</summary>
    public required string TimeZone { get; init; }

    public string? DependenceScheduleTimes => null;

    public required string Recovery { get; init; }

    public string IsSubProcess => "NO";

    public string TaskDependType => "TASK_POST";

    public string WarningType => "NONE";

    public int WarningGroupId => 0;

    /// <summary>How often it was begun.</summary>
    public required int RunTimes { get; init; }

    public int MaxTryTimes => 0;

    public int ExecutorId => Security.DolphinUser.RootId;

    public int TenantId => Queues.DolphinTenant.OnlyId;

    public string TenantCode => Queues.DolphinTenant.OnlyCode;

    /// <summary>Of the nodes that name none.</summary>
    public required string WorkerGroup { get; init; }

    public required long EnvironmentCode { get; init; }

    /// <summary>JSON text of what its tasks gave. Null in lists.</summary>
    public string? VarPool { get; init; }

    public int NextProcessInstanceId => 0;

    public int DryRun => 0;

    public int TestFlag => 0;

    public required bool IsProd { get; init; }

    /// <summary>True: the caller named the queue with runtimeQueue.</summary>
    public required bool QueueIsChosen { get; init; }

    public required Dictionary<string, string>? StartParams { get; init; }

    public required Dictionary<string, string>? Remarks { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset? EndedAt { get; init; }

    public static DolphinRun Of(RunRow run, RunView view)
    {
        var startParams = StartValues.Read(run.StartParams);
        return new DolphinRun
        {
            Id = run.Id.Value,
            Name = run.Name,
            State = States.Of(run.State),
            ProjectCode = view.Workspace.ProjectCode,
            ProcessDefinitionCode = run.Workflow.Value,
            ProcessDefinitionVersion = run.Version,
            StartTime = DolphinTime.Write(run.StartedAt),
            EndTime = DolphinTime.Write(run.EndedAt),
            RestartTime = DolphinTime.Write(run.BegunAt),
            CommandType = CommandOf(run.Restart),
            HistoryCmd = run.Restart is null ? Start : $"{Start},{CommandOf(run.Restart)}",
            Recovery = run.Restart is { Scope: RerunScope.FromFailure } ? "YES" : "NO",
            RunTimes = run.Restarts + 1,
            WorkerGroup = run.WorkerGroup,
            Duration = States.Duration((run.EndedAt ?? view.Now) - run.BegunAt),
            FailureStrategy = run.FailureStrategy == Core.Runs.FailureStrategy.End ? "END" : "CONTINUE",
            ProcessInstancePriority = States.Of(run.Priority),
            ExecutorName = run.StartedBy,
            Host = view.Host,
            Queue = run.Queue,
            EnvironmentCode = run.Environment.Wire,
            ScheduleTime = Runs.ScheduleTime.Write(run),
            TimeZone = run.TimeZone,
            CommandParam = StartValues.WriteCommandParam(run.StartParams),
            IsProd = run.IsProduction,
            QueueIsChosen = run.QueueIsChosen,
            StartParams = startParams,
            Remarks = Runs.Remarks.Read(run.Remarks),
            StartedAt = run.StartedAt,
            EndedAt = run.EndedAt,
        };
    }

    private const string Start = "START_PROCESS";

    private static string CommandOf(RunRestart? restart) => restart?.Scope switch
    {
        null => Start,
        RerunScope.All => "REPEAT_RUNNING",
        _ => "START_FAILURE_TASK_PROCESS",
    };

    /// <summary>With what only its version tells, for the page of one run.</summary>
    public DolphinRun WithVersion(RunRow run, WorkflowVersionRow version, DolphinDag dag, string varPool) => this with
    {
        VarPool = varPool,
        GlobalParams = AnswerJson.Write(RunVariables.GlobalsOf(run, version.Definition), RunJson.Default.IReadOnlyListWireParameter),
        Timeout = (int)Math.Ceiling(version.Definition.TimeLimit?.After.TotalMinutes ?? 0),
        Locations = version.Definition.Locations,
        DagData = dag,
    };
}

/// <summary>How many runs, or task instances, are in each state.</summary>
internal sealed record DolphinStateCounts(long TotalCount, IReadOnlyList<DolphinStateCount> TaskCountDtos);

internal sealed record DolphinStateCount(string TaskStateType, long Count);

/// <summary>How many definitions each user has.</summary>
internal sealed record DolphinUserCounts(long Count, IReadOnlyList<DolphinUserCount> UserList);

internal sealed record DolphinUserCount(int UserId, string UserName, long Count);
