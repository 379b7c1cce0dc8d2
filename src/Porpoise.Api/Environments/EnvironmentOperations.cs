using System.Globalization;
using System.Text.Json;
using Porpoise.Api.Definitions;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Core.Environments;
using Porpoise.Engine.Environments;
using Porpoise.Engine.Queues;
using Porpoise.Storage.Environments;

namespace Porpoise.Api.Environments;

/// <summary>
/// Environments: named sets of variables for attempts. They belong to no workspace. At DolphinScheduler's addresses, and at addresses of our own.
/// Who may change them chooses the interpreters and libraries of other people's tasks.
/// </summary>
public sealed class EnvironmentOperations(EnvironmentCatalog environments, WorkerGroupCatalog workerGroups, CodeMint codes, TimeProvider clock)
{
    private const int NameLengthMax = 100;
    private const int DescriptionLengthMax = 4_000;
    private const string Dolphin = "/dolphinscheduler/environment/";
    private const string Own = "/porpoise/v1/environments";

    public IEnumerable<Operation> Table =>
    [
        new("GET", Dolphin + "list-paging", "emr-serverless-spark:ListEnvironments", "A page of environments", c => Task.FromResult(Page(c))),
        new("GET", Dolphin + "query-environment-list", "emr-serverless-spark:ListEnvironments", "All environments", _ => Task.FromResult(ListAll())),
        new("GET", Dolphin + "query-by-code", "emr-serverless-spark:GetEnvironment", "One environment", c => Task.FromResult(Show(c))),
        new("POST", Dolphin + "verify-environment", "emr-serverless-spark:CheckEnvironment", "Whether an environment's name is free", c => Task.FromResult(Verify(c))),
        new("POST", Dolphin + "create", "emr-serverless-spark:CreateEnvironment", "Create an environment", CreateAsync),
        new("POST", Dolphin + "update", "emr-serverless-spark:EditEnvironment", "Change an environment", UpdateAsync),
        new("POST", Dolphin + "delete", "emr-serverless-spark:DeleteEnvironment", "Delete an environment that nothing uses", c => DeleteAsync(c, "environmentCode")),
        new("GET", Own, "emr-serverless-spark:ListEnvironments", "All environments", _ => Task.FromResult(ListOwn())),
        new("POST", Own, "emr-serverless-spark:CreateEnvironment", "Create an environment", CreateOwnAsync),
        new("PUT", Own + "/{code}", "emr-serverless-spark:EditEnvironment", "Change an environment", UpdateOwnAsync),
        new("DELETE", Own + "/{code}", "emr-serverless-spark:DeleteEnvironment", "Delete an environment that nothing uses", c => DeleteAsync(c, "code")),
    ];

    private Answer Page(Call call)
    {
        var search = call.Parameters.Search("searchVal") ?? "";
        var found = environments.List().Where(e => e.Settings.Name.Contains(search, StringComparison.OrdinalIgnoreCase));
        return Answer.Of(DolphinPage.Cut(PageWish.Read(call.Parameters), [.. found.Select(DolphinEnvironment.Of)]), EnvironmentJson.Default.DolphinPageDolphinEnvironment);
    }

    private Answer ListAll() => Answer.Of<IReadOnlyList<DolphinEnvironment>>([.. environments.List().Select(DolphinEnvironment.Of)], EnvironmentJson.Default.IReadOnlyListDolphinEnvironment);

    private Answer Show(Call call) => Answer.Of(DolphinEnvironment.Of(Find(CodeOf(call, "environmentCode"))), EnvironmentJson.Default.DolphinEnvironment);

    private Answer Verify(Call call)
    {
        var name = call.Parameters.RequiredText("environmentName");
        return environments.List().Any(e => e.Settings.Name == name) ? throw NameTaken(name) : Answer.Nothing;
    }

    /// <summary>DolphinScheduler answers the code alone.</summary>
    private async Task<Answer> CreateAsync(Call call) => new Answer.Data((await SaveNewAsync(call)).Code.Value, EnvironmentJson.Default.Int64, Created: true);

    private async Task<Answer> UpdateAsync(Call call) => Answer.Of(DolphinEnvironment.Of(await SaveAsync(call)), EnvironmentJson.Default.DolphinEnvironment);

    private Answer ListOwn() => Answer.Of<IReadOnlyList<EnvironmentView>>([.. environments.List().Select(EnvironmentView.Of)], EnvironmentJson.Default.IReadOnlyListEnvironmentView);

    private async Task<Answer> CreateOwnAsync(Call call) => new Answer.Data(EnvironmentView.Of(await SaveNewAsync(call)), EnvironmentJson.Default.EnvironmentView, Created: true);

    private async Task<Answer> UpdateOwnAsync(Call call) => Answer.Of(EnvironmentView.Of(await SaveAsync(call)), EnvironmentJson.Default.EnvironmentView);

    private async Task<EnvironmentRow> SaveNewAsync(Call call)
    {
        var settings = Read(call.Parameters, before: null);
        var code = new EnvironmentCode((await codes.TakeAsync(1))[0]);
        return Saved(await environments.CreateAsync(code, settings, call.Principal.UserName, clock.GetUtcNow(), call.Nonce), settings.Name, code);
    }

    /// <summary>What the call does not name stays as it is.</summary>
    private async Task<EnvironmentRow> SaveAsync(Call call)
    {
        var code = CodeOf(call, "code");
        return Saved(await environments.UpdateAsync(code, before => Read(call.Parameters, before), clock.GetUtcNow(), call.Nonce), call.Parameters.Text("name") ?? "", code);
    }

    private async Task<Answer> DeleteAsync(Call call, string parameter)
    {
        var code = CodeOf(call, parameter);
        return await environments.DeleteAsync(code, call.Nonce) switch
        {
            DeleteEnvironmentResult.Deleted => Answer.Nothing,
            DeleteEnvironmentResult.NotFound => throw NotFound(code),
            DeleteEnvironmentResult.Used used => throw new RefusalException(
                ErrorCodes.EnvironmentInUse, $"Environment {code} is used by '{used.By}'. Take it out of the workflow's nodes, or wait for the run to end."),
            _ => throw Nonces.WasUsed(),
        };
    }

    private EnvironmentSettings Read(Parameters parameters, EnvironmentSettings? before)
    {
        var config = parameters.Text("config") ?? before?.Config ?? throw Parameters.Missing("config");
        if (EnvironmentConfig.Read(config) is (null, var fault))
        {
            throw new RefusalException(ErrorCodes.BadParameter, $"The config of an environment cannot be read: {fault}.");
        }

        return new EnvironmentSettings(
            parameters.Text("name") is { } name ? CheckedName(name) : before?.Name ?? throw Parameters.Missing("name"),
            config,
            CheckedDescription(parameters.Text("description") ?? before?.Description ?? ""),
            parameters.Text("workerGroups") is { } groups ? ReadGroups(groups) : before?.WorkerGroups ?? []);
    }

    private static string CheckedName(string name) => name.Length <= NameLengthMax && name.Trim() == name && !name.Any(char.IsControl)
        ? name
        : throw Parameters.Invalid("name", string.Create(CultureInfo.InvariantCulture, $"1 to {NameLengthMax} characters, without blanks at its ends and without control characters"));

    private static string CheckedDescription(string description) => description.Length <= DescriptionLengthMax
        ? description
        : throw Parameters.Invalid("description", string.Create(CultureInfo.InvariantCulture, $"at most {DescriptionLengthMax} characters"));

    /// <summary>A JSON list of names.</summary>
    private IReadOnlyList<string> ReadGroups(string text)
    {
        try
        {
            var groups = JsonSerializer.Deserialize(text, EnvironmentJson.Default.StringArray);
            return groups is not null && groups.All(workerGroups.Has) ? [.. groups.Distinct()] : throw BadGroups();
        }
        catch (JsonException)
        {
            throw BadGroups();
        }
    }

    private static RefusalException BadGroups() => new(ErrorCodes.BadWorkerGroups, "The parameter workerGroups is not valid: it takes a JSON list of worker groups that there are, such as [] or [\"default\"].");

    private static EnvironmentRow Saved(SaveEnvironmentResult result, string name, EnvironmentCode code) => result switch
    {
        SaveEnvironmentResult.Saved saved => saved.Environment,
        SaveEnvironmentResult.NotFound => throw NotFound(code),
        SaveEnvironmentResult.NameTaken => throw NameTaken(name),
        SaveEnvironmentResult.TooMany => throw new RefusalException(ErrorCodes.BadParameter, $"There are at most {IEnvironmentStore.EnvironmentsMax} environments."),
        _ => throw Nonces.WasUsed(),
    };

    private EnvironmentRow Find(EnvironmentCode code) => environments.Find(code) ?? throw NotFound(code);

    private static EnvironmentCode CodeOf(Call call, string parameter) => new(call.Parameters.RequiredLong(parameter));

    private static RefusalException NotFound(EnvironmentCode code) => new(ErrorCodes.EnvironmentNotFound, $"There is no environment {code}.");

    private static RefusalException NameTaken(string name) => new(ErrorCodes.EnvironmentNameTaken, $"Another environment is named '{name}'.");
}
