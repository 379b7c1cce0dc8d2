using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Porpoise.Api.Definitions;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Engine;
using Porpoise.Engine.Workflows;
using Porpoise.Storage;
using Porpoise.Storage.Runs;

namespace Porpoise.Api.Runs;

/// <summary>Start runs, stop them, and read them back.</summary>
public sealed class RunOperations(IStore store, RunEngine engine, TimeProvider clock)
{
    /// <summary>Callers that wait for the end of a run at the same time.</summary>
    public const int WaitersMax = 10_000;

    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(24);
    private static readonly string[] Queues = ["root_queue", "dev_queue"];

    private int _waiters;

    public IEnumerable<Operation> Table =>
    [
        new("POST", "/dolphinscheduler/projects/{projectCode}/executors/start-process-instance", "emr-serverless-spark:StartProcessInstance", "Start a run", StartAsync),
        new("POST", "/dolphinscheduler/projects/{projectCode}/executors/execute", "emr-serverless-spark:Execute", "Stop a run", ExecuteAsync),
        new("GET", "/dolphinscheduler/projects/{projectCode}/process-instances/{id}", "emr-serverless-spark:GetProcessInstance", "One run; waitSeconds=N answers as soon as it has ended", GetAsync) { MayWait = true },
        new("GET", "/dolphinscheduler/projects/{projectCode}/process-instances/{id}/tasks", "emr-serverless-spark:ListTaskInstances", "The task instances of a run", ListTasksAsync),
        new("GET", "/dolphinscheduler/projects/analysis/process-state-count", "emr-serverless-spark:QueryProcessStateCount", "How many runs are in each state", CountAsync),
    ];

    private async Task<Answer> StartAsync(Call call)
    {
        DefinitionOperations.CheckNamespace(call);
        var parameters = call.Parameters;
        RefuseWhatIsNotHonoured(parameters);
        var code = new WorkflowCode(parameters.RequiredLong("processDefinitionCode", 1, WorkflowLimits.CodeLimit - 1));
        var isProduction = !call.IsCloud || (parameters.Bool("isProd") ?? false);
        var order = new StartOrder(
            call.Workspace.Id,
            await ChooseVersionAsync(call, code, isProduction),
            parameters.Word("failureStrategy", "END", "CONTINUE") == "END" ? FailureStrategy.End : FailureStrategy.Continue,
            Enum.Parse<Priority>(parameters.Word("processInstancePriority", "HIGHEST", "HIGH", "MEDIUM", "LOW", "LOWEST") ?? "MEDIUM", ignoreCase: true),
            isProduction,
            ChooseQueue(parameters, isProduction),
            call.Principal.UserName,
            Remarks.Write(parameters),
            IdempotencyOf(call),
            call.Nonce);
        return await engine.StartAsync(order) switch
        {
            StartRunResult.Started started => Answer.Of([started.Run.Value], WireJson.Default.Int32Array),
            StartRunResult.Repeated repeated => Answer.Of([repeated.Run.Value], WireJson.Default.Int32Array),
            StartRunResult.TokenMismatch => throw new RefusalException(ErrorCodes.TokenReused, ErrorCodes.TokenReused.Text),
            _ => throw DefinitionOperations.NonceWasUsed(),
        };
    }

    private async Task<Answer> ExecuteAsync(Call call)
    {
        var run = await FindAsync(call, "processInstanceId");
        var type = call.Parameters.RequiredText("executeType");
        if (!type.Equals("STOP", StringComparison.OrdinalIgnoreCase))
        {
            throw Parameters.NotHonoured($"executeType {type}", "STOP");
        }

        switch (run.State)
        {
            case RunState.Running:
                if (call.Nonce is { } nonce && !await store.UseNonceAsync(nonce))
                {
                    throw DefinitionOperations.NonceWasUsed();
                }

                await engine.StopAsync(run.Id);
                return Answer.Nothing;
            case RunState.Stopping:
                throw new RefusalException(ErrorCodes.AlreadyRequested, $"Run {run.Id} is being stopped already.");
            default:
                throw new RefusalException(ErrorCodes.WrongState, $"Run {run.Id} cannot be stopped: it has ended with {States.Of(run.State)}.");
        }
    }

    private async Task<Answer> GetAsync(Call call)
    {
        var seconds = call.Parameters.Int("waitSeconds", 0, 60) ?? 0;
        var run = await FindAsync(call, "id");
        if (seconds > 0 && !run.State.IsFinal())
        {
            run = await WaitAsync(call, run.Id, TimeSpan.FromSeconds(seconds));
        }

        return Answer.Of(DolphinRun.Of(run, clock.GetUtcNow()), WireJson.Default.DolphinRun);
    }

    private async Task<RunRow> WaitAsync(Call call, RunId id, TimeSpan wait)
    {
        if (Interlocked.Increment(ref _waiters) > WaitersMax)
        {
            Interlocked.Decrement(ref _waiters);
            throw new RefusalException(new Refusal(ErrorCodes.TooManyCalls, $"More than {WaitersMax} callers are waiting for runs to end.") { RetryAfter = TimeSpan.FromSeconds(1) });
        }

        try
        {
            using var end = engine.Ends.Register(id);
            var run = await FindAsync(call, "id");
            if (!run.State.IsFinal())
            {
                await Task.WhenAny(end.Ended, engine.Ends.Closed, Task.Delay(wait, clock, call.Aborted));
                call.Aborted.ThrowIfCancellationRequested();
                run = await FindAsync(call, "id");
            }

            return run;
        }
        finally
        {
            Interlocked.Decrement(ref _waiters);
        }
    }

    private async Task<Answer> ListTasksAsync(Call call)
    {
        var run = await FindAsync(call, "id");
        var version = await engine.Catalog.LoadAsync(run.Workflow, run.Version) ?? throw DefinitionOperations.NoSuchWorkflow(run.Workflow);
        var tasks = await store.ListTasksAsync(run.Id, WorkflowLimits.TasksMax);
        var now = clock.GetUtcNow();
        return Answer.Of(
            new DolphinTasks(States.Of(run.State), [.. tasks.Select(t => DolphinTask.Of(t, version.Graph.Tasks[t.Index], now))]),
            WireJson.Default.DolphinTasks);
    }

    private async Task<Answer> CountAsync(Call call)
    {
        var from = DolphinTime.Read(call.Parameters, "startDate");
        var to = DolphinTime.Read(call.Parameters, "endDate");
        var counts = new Dictionary<RunState, long>();
        foreach (var workspace in call.WorkspacesByProjectCode())
        {
            foreach (var (state, count) in await store.CountRunsAsync(workspace.Id, from, to))
            {
                counts[state] = counts.GetValueOrDefault(state) + count;
            }
        }

        return Answer.Of(
            new DolphinStateCounts(counts.Values.Sum(), [.. States.AllRunStates.Select(s => new DolphinStateCount(States.Of(s), counts.GetValueOrDefault(s)))]),
            WireJson.Default.DolphinStateCounts);
    }

    private async Task<RunRow> FindAsync(Call call, string name)
    {
        var id = new RunId(call.Parameters.RequiredInt(name, 1));
        return await store.FindRunAsync(call.Workspace.Id, id)
            ?? throw new RefusalException(ErrorCodes.RunNotFound, string.Create(CultureInfo.InvariantCulture, $"There is no run {id} in this workspace."));
    }

    /// <summary>What a run is pinned to: a named version, else the published one in production and the newest saved one in development.</summary>
    private async Task<CompiledVersion> ChooseVersionAsync(Call call, WorkflowCode code, bool isProduction)
    {
        var workflow = await store.FindWorkflowAsync(call.Workspace.Id, code) ?? throw DefinitionOperations.NoSuchWorkflow(code);
        var number = call.Parameters.Int("versionNumber", 1) ?? call.Parameters.Int("version", 1);
        if (call.Parameters.Text("versionHashCode") is { } hash)
        {
            var byHash = await store.FindVersionByHashAsync(code, hash)
                ?? throw new RefusalException(ErrorCodes.WorkflowNotFound, $"No version of workflow {code} has the versionHashCode '{hash}'.");
            if (number is { } named && await store.FindVersionAsync(code, named) is { } version && version.Hash != hash)
            {
                throw new RefusalException(ErrorCodes.BadParameter, $"versionNumber {named} and versionHashCode '{hash}' name different versions.");
            }

            number ??= byHash;
        }

        number ??= isProduction
            ? workflow.PublishedVersion ?? throw new RefusalException(ErrorCodes.NotPublished, $"Workflow '{workflow.Name}' is not published. {ErrorCodes.NotPublished.Remedy}")
            : workflow.Version;
        return await engine.Catalog.LoadAsync(code, number.Value)
            ?? throw new RefusalException(ErrorCodes.WorkflowNotFound, $"Workflow '{workflow.Name}' has no version {number}; its newest is {workflow.Version}.");
    }

    private static string ChooseQueue(Parameters parameters, bool isProduction) => parameters.Text("runtimeQueue") switch
    {
        null => Queues[isProduction ? 0 : 1],
        var queue when Queues.Contains(queue) => queue,
        _ => throw Parameters.Invalid("runtimeQueue", "the name of a queue of this workspace: " + string.Join(" or ", Queues)),
    };

    private static void RefuseWhatIsNotHonoured(Parameters parameters)
    {
        parameters.RefuseUnless("execType", "START_PROCESS");
        parameters.RefuseUnless("warningType", "NONE");
        parameters.RefuseUnless("warningGroupId", "0");
        parameters.RefuseUnless("startNodeList");
        parameters.RefuseUnless("taskDependType", "TASK_POST");
        parameters.RefuseUnless("runMode", "RUN_MODE_SERIAL"); // of a backfill; DolphinScheduler's UI always sends it
        parameters.RefuseUnless("expectedParallelismNumber");
        parameters.RefuseUnless("workerGroup", "default");
        parameters.RefuseUnless("tenantCode", "default");
        parameters.RefuseUnless("environmentCode", "-1", "0");
        parameters.RefuseUnless("startParams", "{}", "[]");
        parameters.RefuseUnless("dryRun", "0");
        parameters.RefuseUnless("testFlag", "0");
        parameters.RefuseUnless("timeout", "0", "86400");
        parameters.RefuseUnless("complementDependentMode", "OFF_MODE");
        parameters.RefuseUnless("allLevelDependent", "false");
        if (parameters.Text("interval") is { } interval && interval.AsSpan().IndexOfAny(",{[~") >= 0)
        {
            throw Parameters.NotHonoured("an interval that is a range of dates: backfills are not built yet; it");
        }
    }

    /// <summary>All parameters but the token itself are part of what the token stands for.</summary>
    private IdempotencyKey? IdempotencyOf(Call call)
    {
        var token = call.Parameters.Text("clientToken") ?? call.Http.Request.Headers["Idempotency-Key"].ToString();
        if (token.Length == 0)
        {
            return null;
        }

        if (token.Length > 128)
        {
            throw Parameters.Invalid("clientToken", "at most 128 characters");
        }

        var text = new StringBuilder();
        foreach (var (name, value) in call.Parameters.All.Where(p => p.Key != "clientToken" && p.Value.Length > 0).OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{name.Length}:{name}{value.Length}:{value}");
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        return new IdempotencyKey(call.Principal.AccountId + "/" + call.Principal.UserName, "StartProcessInstance", token, hash, clock.GetUtcNow() - TokenLife);
    }
}
