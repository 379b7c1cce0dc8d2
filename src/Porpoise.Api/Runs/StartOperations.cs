using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Porpoise.Api.Definitions;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Core.Queues;
using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Engine;
using Porpoise.Engine.Queues;
using Porpoise.Storage;
using Porpoise.Storage.Runs;

namespace Porpoise.Api.Runs;

/// <summary>Start runs.</summary>
public sealed class StartOperations(IStore store, RunEngine engine, QueueCatalog queues, WorkerGroupCatalog groups, bool hasSpark, TimeProvider clock)
{
    private const int TokenLengthMax = 128;
    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(24);

    private readonly StartLibrary _library = new(engine.Library, engine.Environments, hasSpark);
    private readonly StartChoices _choices = new(store, engine.Catalog, queues, engine.Environments);

    public IEnumerable<Operation> Table =>
    [
        new("POST", "/dolphinscheduler/projects/{projectCode}/executors/start-process-instance", "emr-serverless-spark:StartProcessInstance", "Start a run", StartAsync),
        new("POST", "/dolphinscheduler/projects/{projectCode}/executors/start-check", "emr-serverless-spark:CheckProcessDefinition", "Whether a workflow could be started", CheckAsync),
    ];

    private async Task<Answer> StartAsync(Call call)
    {
        DefinitionOperations.CheckNamespace(call);
        var isProduction = IsProduction(call);
        var idempotency = IdempotencyOf(call, isProduction);
        StartOrder order;
        try
        {
            order = await OrderAsync(call, isProduction, idempotency);
        }
        catch (RefusalException) when (idempotency is not null)
        {
            // What can be started no more may have been: whoever repeats the call may not have heard the first answer.
            if (await store.FindStartedAsync(call.Workspace.Id, idempotency) is not { } run)
            {
                throw;
            }

            await Nonces.UseAsync(call, store);
            return Answer.Of([run.Value], RunJson.Default.Int32Array);
        }

        return await engine.StartAsync(order) switch
        {
            StartRunResult.Started started => Answer.Of([started.Run.Value], RunJson.Default.Int32Array),
            StartRunResult.Repeated repeated => Answer.Of([repeated.Run.Value], RunJson.Default.Int32Array),
            StartRunResult.VersionGone => throw new RefusalException(
                ErrorCodes.VersionNotFound, $"Version {order.Version.Row.Version} of workflow '{order.Version.Row.Definition.Name}' is not there any more."),
            StartRunResult.TokenMismatch => throw new RefusalException(ErrorCodes.TokenReused, ErrorCodes.TokenReused.Text),
            _ => throw Nonces.WasUsed(),
        };
    }

    private async Task<StartOrder> OrderAsync(Call call, bool isProduction, IdempotencyKey? idempotency)
    {
        var parameters = call.Parameters;
        StartRules.RefuseWhatIsNotHonoured(parameters);
        var code = CodeOf(parameters);
        var (version, zone) = await _choices.ChooseVersionAsync(call, code, isProduction);
        var scheduleTime = ScheduleTime.Read(parameters, zone);
        StartChoices.CheckTypes(version);
        var environment = _choices.ChooseEnvironment(parameters, version.Row.Definition);
        var library = await _library.ChooseAsync(call.Workspace.Id, version, isProduction, environment);
        var queue = _choices.ChooseQueue(call.Workspace.Id, parameters.Text("runtimeQueue"), version.Row.Definition, isProduction);
        var group = ReadGroup(parameters);
        StartChoices.CheckGroups(groups, version.Row.Definition.Tasks, group);
        return new StartOrder(
            call.Workspace.Id,
            version,
            parameters.Word("failureStrategy", "END", "CONTINUE") == "END" ? FailureStrategy.End : FailureStrategy.Continue,
            Enum.Parse<Priority>(parameters.Word("processInstancePriority", "HIGHEST", "HIGH", "MEDIUM", "LOW", "LOWEST") ?? "MEDIUM", ignoreCase: true),
            isProduction,
            queue.Name,
            call.Principal.UserName,
            Remarks.Write(parameters),
            idempotency,
            call.Nonce)
        {
            QueueIsChosen = queue.IsChosen,
            WorkerGroup = group,
            Environment = environment,
            StartParams = StartValues.Parse(parameters, version.Row.Definition),
            ScheduleTime = scheduleTime,
            TimeZone = zone,
            Library = library,
        };
    }

    /// <summary>What a start would be refused for, apart from its own parameters. DolphinScheduler looks at the child workflows here, which do not run yet.</summary>
    private async Task<Answer> CheckAsync(Call call)
    {
        var isProduction = IsProduction(call);
        var (version, _) = await _choices.ChooseVersionAsync(call, CodeOf(call.Parameters), isProduction);
        StartChoices.CheckTypes(version);
        await _library.ChooseAsync(call.Workspace.Id, version, isProduction, _choices.ChooseEnvironment(call.Parameters, version.Row.Definition));
        _choices.ChooseQueue(call.Workspace.Id, wanted: null, version.Row.Definition, isProduction);
        StartChoices.CheckGroups(groups, version.Row.Definition.Tasks, StandardWorkerGroup.Name);
        return Answer.Nothing;
    }

    private string ReadGroup(Parameters parameters) => parameters.Text("workerGroup") is not { } name ? StandardWorkerGroup.Name
        : groups.Has(name) ? name
        : throw new RefusalException(ErrorCodes.WorkerGroupNotFound, $"There is no worker group '{name}'. There are: {string.Join(", ", groups.All.Select(g => g.Settings.Name))}.");

    private static WorkflowCode CodeOf(Parameters parameters) => new(parameters.RequiredLong("processDefinitionCode", 1, WorkflowLimits.CodeLimit - 1));

    /// <summary>DolphinScheduler has only one environment, and in it only what is ONLINE runs.</summary>
    private static bool IsProduction(Call call) => call.Parameters.Bool("isProd") ?? !call.IsCloud;

    /// <summary>All parameters but the token itself are part of what the token stands for, and the environment, which the two dialects choose differently for a call that names none.</summary>
    private IdempotencyKey? IdempotencyOf(Call call, bool isProduction)
    {
        var token = call.Parameters.Text("clientToken") ?? call.Http.Request.Headers["Idempotency-Key"].ToString();
        if (token.Length == 0)
        {
            return null;
        }

        if (token.Length > TokenLengthMax)
        {
            throw Parameters.Invalid("clientToken", $"at most {TokenLengthMax} characters");
        }

        var text = new StringBuilder(isProduction ? "production:" : "development:");
        foreach (var (name, value) in call.Parameters.All.Where(p => p.Key != "clientToken" && p.Value.Length > 0).OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{name.Length}:{name}{value.Length}:{value}");
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        return new IdempotencyKey(call.Principal.AccountId + "/" + call.Principal.UserName, "StartProcessInstance", token, hash, clock.GetUtcNow() - TokenLife);
    }
}
