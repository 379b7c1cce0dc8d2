using Porpoise.Api.OpenApi;
using static Porpoise.Api.OpenApi.OperationParameter;
using static Porpoise.Api.OpenApi.OperationParameters;

namespace Porpoise.Api.Runs;

/// <summary>The parameters of the operations on runs, task instances, logs and counts, for the documentation.</summary>
internal static class RunParameters
{
    private const string Project = "/dolphinscheduler/projects/{projectCode}";
    private const string Counts = "/dolphinscheduler/projects/analysis";
    private const string Time = "yyyy-MM-dd HH:mm:ss in UTC";

    private static readonly OperationParameter Workflow = Code("processDefinitionCode", "The workflow").Like("17580000000001");
    private static readonly OperationParameter Run = Number("processInstanceId", "The run").Like("1");
    private static readonly OperationParameter Runs = Text("processInstanceIds", "Numbers of runs with commas, at most 1,000").Required().Like("1,2");
    private static readonly OperationParameter Control = Word("executeType", "Stop it, run it again, or go on from what failed or was stopped", "STOP", "REPEAT_RUNNING", "START_FAILURE_TASK_PROCESS", "RECOVER_SUSPENDED_PROCESS").Required();
    private static readonly OperationParameter Host = Text("host", "Part of the machine's name");
    private static readonly OperationParameter Executor = Text("executorName", "The name of whoever started it, in any case");

    private static readonly OperationParameter[] Span = [Text("startDate", $"From this time on: {Time}").Like("2026-01-01 00:00:00"), Text("endDate", $"Up to this time: {Time}").Like("2026-12-31 23:59:59")];

    private static readonly OperationParameter[] Log =
    [
        Number("taskInstanceId", "The task instance").Required().Like("1"), Number("attempt", "Which attempt; the newest if it is not said"),
    ];

    private static readonly OperationParameter[] LogWindow = [.. Log, Number("skipLineNum", "Lines before the window"), Number("limit", "Lines of the window, at most 10,000").Like("1000")];

    private static readonly OperationParameter[] Counted = [Text("projectCode", "Only of this workspace"), .. Span];

    private static readonly OperationParameter[] Start =
    [
        Workflow.Required(),
        Number("versionNumber", "Pins the version"),
        Number("version", "The same as versionNumber"),
        Text("versionHashCode", "Pins the version by its content"),
        Flag("isProd", "True: the published version on a production queue; false: the current one on a development queue. Default: false when signed, true with a token"),
        Text("runtimeQueue", "The queue of all its tasks").Like("dev_queue"),
        Word("failureStrategy", "What becomes of the other branches when a task has failed for good", "END", "CONTINUE"),
        Text("workerGroup", "The worker group of the nodes that name none").Like("default"),
        Word("processInstancePriority", "Against other runs", "HIGHEST", "HIGH", "MEDIUM", "LOW", "LOWEST"),
        Json("startParams", "Values that win over the definition's").Like("""{"day":"2026-01-31"}"""),
        Text("clientToken", "The same token with the same parameters gives the same run for 24 hours"),
        Text("interval", "Kept with the run; a range of dates asks for a backfill and is refused"),
        Text("action", "Kept with the run"), Text("comments", "Kept with the run"), Text("email", "Kept with the run"),
        Word("runMode", "Kept with the run", "RUN_MODE_SERIAL", "RUN_MODE_PARALLEL"), Number("expectedParallelismNumber", "Kept with the run"), Number("timeout", "Kept with the run, 0 to 86,400"),
        Text("scheduleTime", "What the time parameters stand for: a day, or yyyy-MM-dd HH:mm:ss in the zone of the workflow's schedule. The JSON object of a backfill counts for backfills only").Like("2026-01-31") with { MayBeJson = true },
        Only("execType", "START_PROCESS"), Only("warningType", "NONE"), Only("warningGroupId", "0"), Only("taskDependType", "TASK_POST"),
        Only("tenantCode", "default"), Only("environmentCode", "-1"), Only("dryRun", "0"), Only("testFlag", "0"), Only("complementDependentMode", "OFF_MODE"), Only("allLevelDependent", "false"),
        Text("startNodeList", "Refused"),
        .. Cloud,
    ];

    public static IReadOnlyDictionary<string, OperationParameter[]> Lists { get; } = new Dictionary<string, OperationParameter[]>(StringComparer.Ordinal)
    {
        [$"POST {Project}/executors/start-process-instance"] = Start,
        [$"POST {Project}/executors/start-check"] = [Workflow.Required(), Flag("isProd", "As in a start")],
        [$"POST {Project}/executors/execute"] = [Run.Required(), Control],
        [$"POST {Project}/executors/batch-execute"] = [Runs, Control],
        [$"GET {Project}/process-instances"] =
        [
            Workflow, Code("processDefineCode", "The same"), Code("processDefiniteCode", "The same"), Text("searchVal", "Part of the run's name"), Executor,
            Text("stateType", "States with commas: RUNNING_EXECUTION, READY_STOP, SUCCESS, FAILURE, STOP").Like("FAILURE"), Host, .. Span, .. Pages,
        ],
        [$"GET {Project}/process-instances/{{id}}"] = [Number("waitSeconds", "0 to 60: answers, without the graph, as soon as the run has ended, or after that time").Like("30")],
        [$"GET {Project}/process-instances/top-n"] =
        [
            Number("size", "How many, 1 to 1,000").Required().Like("10"), Text("startTime", $"Started from this time on: {Time}").Required().Like("2026-01-01 00:00:00"),
            Text("endTime", $"Started up to this time: {Time}").Required().Like("2026-12-31 23:59:59"),
        ],
        [$"GET {Project}/process-instances/query-sub-by-parent"] = [Number("taskId", "The task instance").Required().Like("1")],
        [$"GET {Project}/process-instances/query-parent-by-sub"] = [Number("subId", "The run").Required().Like("1")],
        [$"POST {Project}/process-instances/batch-delete"] = [Runs],
        [$"GET {Project}/task-instances"] =
        [
            Run, Text("processInstanceName", "Part of the run's name"), Text("processDefinitionName", "Part of the workflow's name"), Text("searchVal", "Part of the task's name"),
            Text("taskName", "Part of the task's name"), Executor,
            Text("stateType", "States with commas: SUBMITTED_SUCCESS, RUNNING_EXECUTION, DELAY_EXECUTION, SUCCESS, FAILURE, KILL").Like("FAILURE"), Host,
            Word("taskExecuteType", "There are none of STREAM", "BATCH", "STREAM"), .. Span, .. Pages,
        ],
        ["GET /porpoise/v1/workspaces/{projectCode}/task-instances/{id}/log/events"] = [Number("attempt", "Which attempt; the newest if it is not said"), Code("offset", "From which byte on").Like("0")],
        ["GET /dolphinscheduler/log/detail"] = LogWindow,
        ["GET /dolphinscheduler/log/{projectCode}/detail"] = LogWindow,
        ["GET /dolphinscheduler/log/download-log"] = Log,
        ["GET /dolphinscheduler/log/{projectCode}/download-log"] = Log,
        [$"GET {Counts}/process-state-count"] = Counted,
        [$"GET {Counts}/task-state-count"] = Counted,
        [$"GET {Counts}/define-user-count"] = [Text("projectCode", "Only of this workspace")],
    };
}
