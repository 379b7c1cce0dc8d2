using System.Globalization;
using Porpoise.Api.Errors;
using Porpoise.Api.Monitor;
using Porpoise.Api.Operations;
using Porpoise.Api.Runs;
using Porpoise.Api.Security;
using Porpoise.Core.Queues;
using Porpoise.Engine;
using Porpoise.Engine.Queues;
using Porpoise.Storage.Queues;

namespace Porpoise.Api.Queues;

/// <summary>Where tasks run besides queues: worker groups, of which this machine serves all, with slots of their own; and one tenant, in the simplest honest form.</summary>
public sealed class WorkerGroupOperations(WorkerGroupCatalog groups, RunEngine engine, ThisServer server, AccessGate gate, TimeProvider clock)
{
    /// <summary>Slots of one group.</summary>
    public const int SlotsMax = 1_024;

    private const string Dolphin = "/dolphinscheduler/worker-groups";
    private const string Own = "/porpoise/v1/worker-groups";
    private const string ListAction = "emr-serverless-spark:ListWorkerGroups";
    private const string UpdateAction = "emr-serverless-spark:UpdateWorkerGroup";
    private const int NameLengthMax = 100;
    private const int DescriptionLengthMax = 1_000;

    public IEnumerable<Operation> Table =>
    [
        new("GET", Dolphin, ListAction, "A page of worker groups", c => Done(PageGroups(c))),
        new("GET", Dolphin + "/all", ListAction, "The names of all worker groups", _ => Done(Names([.. groups.All.Select(g => g.Settings.Name)]))),
        new("GET", Dolphin + "/worker-address-list", "emr-serverless-spark:ListWorkers", "The addresses of all workers", c => Done(Names([AddressOf(c)]))),
        new("POST", Dolphin, "emr-serverless-spark:CreateWorkerGroup", "Create a worker group, or change the one with this id", SaveAsync),
        new("DELETE", Dolphin + "/{id}", "emr-serverless-spark:DeleteWorkerGroup", "Delete a worker group that nothing names", DeleteAsync),
        new("GET", Own, ListAction, "All worker groups, with their slots and who waits for them", _ => Done(ListOwn())),
        new("POST", Own, "emr-serverless-spark:CreateWorkerGroup", "Create a worker group", CreateOwnAsync),
        new("PUT", Own + "/{id}", UpdateAction, "Change a worker group's slots or description, at once", UpdateOwnAsync),
        new("DELETE", Own + "/{id}", "emr-serverless-spark:DeleteWorkerGroup", "Delete a worker group that nothing names", DeleteAsync),
        new("GET", "/dolphinscheduler/tenants", "emr-serverless-spark:ListTenants", "A page of tenants: the only one", c => Done(PageTenants(c))),
        new("GET", "/dolphinscheduler/tenants/list", "emr-serverless-spark:ListTenants", "All tenants: the only one", _ => Done(ListTenants())),
        new("GET", "/dolphinscheduler/tenants/verify-code", "emr-serverless-spark:CheckTenant", "Whether a tenant's code is free", c => Done(VerifyTenant(c))),
        new("POST", "/dolphinscheduler/tenants", "emr-serverless-spark:CreateTenant", "Refused: there is one tenant", _ => throw new RefusalException(ErrorCodes.NotHonoured, $"There is one tenant, '{DolphinTenant.OnlyCode}', and this version cannot create another one yet.")),
    ];

    private Answer PageGroups(Call call)
    {
        var search = call.Parameters.Search("searchVal");
        var found = groups.All.Where(g => search is null || g.Settings.Name.Contains(search, StringComparison.OrdinalIgnoreCase)).Select(g => DolphinWorkerGroup.Of(g, AddressOf(call))).ToArray();
        return Answer.Of(DolphinPage.Cut(PageWish.Read(call.Parameters), found), QueueJson.Default.DolphinPageDolphinWorkerGroup);
    }

    /// <summary>DolphinScheduler's form: an id above 0 changes. Its addresses may only be this machine's, which serves every group.</summary>
    private async Task<Answer> SaveAsync(Call call)
    {
        call.Parameters.RefuseUnless("addrList", AddressOf(call));
        call.Parameters.RefuseUnless("otherParamsJson", "{}");
        var isChange = call.Parameters.Int("id", 0) is > 0;
        if (isChange)
        {
            gate.CheckAlso(call, UpdateAction, "*"); // else it would be a way around
        }

        var saved = isChange ? await UpdateAsync(call) : await CreateAsync(call);
        return Answer.Of(DolphinWorkerGroup.Of(saved, AddressOf(call)), QueueJson.Default.DolphinWorkerGroup);
    }

    private Answer ListOwn() => Answer.Of<IReadOnlyList<WorkerGroup>>([.. groups.All.Select(Describe)], QueueJson.Default.IReadOnlyListWorkerGroup);

    private async Task<Answer> CreateOwnAsync(Call call) => new Answer.Data(Describe(await CreateAsync(call)), QueueJson.Default.WorkerGroup, Created: true);

    private async Task<Answer> UpdateOwnAsync(Call call) => Answer.Of(Describe(await UpdateAsync(call)), QueueJson.Default.WorkerGroup);

    private async Task<Answer> DeleteAsync(Call call)
    {
        var id = call.Parameters.RequiredInt("id", 1);
        Saved(await groups.DeleteAsync(id, call.Nonce), id, "");
        return Answer.Nothing;
    }

    private async Task<WorkerGroupRow> CreateAsync(Call call)
    {
        var name = call.Parameters.RequiredText("name");
        if (name.Length > NameLengthMax || name.Trim() != name || name.Any(char.IsControl))
        {
            throw Parameters.Invalid("name", string.Create(CultureInfo.InvariantCulture, $"1 to {NameLengthMax} characters, without blanks at its ends and without control characters"));
        }

        var slots = call.Parameters.Int("slots", 0, SlotsMax) ?? groups.All.First(g => g.Settings.Name == StandardWorkerGroup.Name).Settings.Slots;
        return Saved(await groups.CreateAsync(new WorkerGroupSettings(name, slots, DescriptionOf(call) ?? ""), clock.GetUtcNow(), call.Nonce), id: 0, name);
    }

    /// <summary>What the call does not name stays as it is.</summary>
    private async Task<WorkerGroupRow> UpdateAsync(Call call)
    {
        var id = call.Parameters.RequiredInt("id", 1);
        var name = call.Parameters.Text("name");
        var result = await groups.UpdateAsync(
            id,
            now => new WorkerGroupSettings(name ?? now.Name, call.Parameters.Int("slots", 0, SlotsMax) ?? now.Slots, DescriptionOf(call) ?? now.Description),
            clock.GetUtcNow(),
            call.Nonce);
        return Saved(result, id, name ?? "");
    }

    private static string? DescriptionOf(Call call) => call.Parameters.Text("description", DescriptionLengthMax);

    private static WorkerGroupRow Saved(SaveWorkerGroupResult result, int id, string name) => result switch
    {
        SaveWorkerGroupResult.Saved saved => saved.Group,
        SaveWorkerGroupResult.NotFound => throw NoSuchGroup(id),
        SaveWorkerGroupResult.NameTaken => throw new RefusalException(ErrorCodes.WorkerGroupNameTaken, $"Another worker group is named '{name}'."),
        SaveWorkerGroupResult.NameIsFixed => throw new RefusalException(ErrorCodes.BadParameter, $"A worker group cannot be renamed to '{name}': workflows and runs name it. Leave the name out, or create another group."),
        SaveWorkerGroupResult.IsStandard => throw new RefusalException(ErrorCodes.WorkerGroupInUse, "The standard worker group cannot be deleted."),
        SaveWorkerGroupResult.InUse => throw new RefusalException(ErrorCodes.WorkerGroupInUse, "Unfinished runs, or current or published versions of workflows, name the worker group."),
        SaveWorkerGroupResult.NamedByEnvironment named => throw new RefusalException(
            ErrorCodes.WorkerGroupInEnvironment, $"The environment '{named.Environment}' names the worker group. Take it out of the environment's workerGroups first."),
        SaveWorkerGroupResult.TooMany => throw new RefusalException(ErrorCodes.LimitReached, $"There are at most {IWorkerGroupStore.WorkerGroupsMax} worker groups."),
        _ => throw Nonces.WasUsed(),
    };

    private WorkerGroup Describe(WorkerGroupRow group)
    {
        var (_, used, waiting) = engine.Queue.Count(group.Settings.Name);
        return new WorkerGroup(group.Id, group.Settings.Name, group.Settings.Slots, used, waiting, group.Settings.Description, group.CreatedAt, group.UpdatedAt);
    }

    private static RefusalException NoSuchGroup(int id) => new(ErrorCodes.WorkerGroupNotFound, string.Create(CultureInfo.InvariantCulture, $"There is no worker group {id}."));

    private Answer PageTenants(Call call) => Answer.Of(Find(call, Tenant(), DolphinTenant.OnlyCode), QueueJson.Default.DolphinPageDolphinTenant);

    private Answer ListTenants() => Answer.Of<IReadOnlyList<DolphinTenant>>([Tenant()], QueueJson.Default.IReadOnlyListDolphinTenant);

    private static Answer VerifyTenant(Call call)
    {
        var code = call.Parameters.RequiredText("tenantCode");
        return code == DolphinTenant.OnlyCode ? throw new RefusalException(ErrorCodes.TenantCodeTaken, $"There is a tenant '{code}' already.") : Answer.Nothing;
    }

    private DolphinTenant Tenant() => new(DolphinTime.Write(server.StartedAt), DolphinTime.Write(server.StartedAt));

    private static DolphinPage<T> Find<T>(Call call, T only, string name) => DolphinPage.Cut(
        PageWish.Read(call.Parameters), call.Parameters.Search("searchVal") is not { } search || name.Contains(search, StringComparison.OrdinalIgnoreCase) ? [only] : Array.Empty<T>());

    private string AddressOf(Call call) => string.Create(CultureInfo.InvariantCulture, $"{server.Host}:{call.Http.Connection.LocalPort}");

    private static Answer Names(IReadOnlyList<string> names) => Answer.Of(names, QueueJson.Default.IReadOnlyListString);

    private static Task<Answer> Done(Answer answer) => Task.FromResult(answer);
}

/// <summary>A worker group as DolphinScheduler answers it, and its slots.</summary>
internal sealed record DolphinWorkerGroup(int Id, string Name, string AddrList, string CreateTime, string UpdateTime, string Description, bool SystemDefault, int Slots)
{
    public string OtherParamsJson => "";

    public static DolphinWorkerGroup Of(WorkerGroupRow group, string address) => new(
        group.Id, group.Settings.Name, address, DolphinTime.Write(group.CreatedAt), DolphinTime.Write(group.UpdatedAt), group.Settings.Description,
        group.Settings.Name == StandardWorkerGroup.Name, group.Settings.Slots);
}

/// <summary>A worker group at the addresses of our own.</summary>
/// <param name="Slots">How many attempts of its tasks may run at once; 0: its tasks wait.</param>
/// <param name="Running">Tasks that have a slot.</param>
/// <param name="Waiting">Tasks that wait for one.</param>
internal sealed record WorkerGroup(int Id, string Name, int Slots, int Running, int Waiting, string Description, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>The only tenant, as DolphinScheduler answers it.</summary>
internal sealed record DolphinTenant(string CreateTime, string UpdateTime)
{
    public const int OnlyId = 1;
    public const string OnlyCode = "default";

    public int Id => OnlyId;

    public string TenantCode => OnlyCode;

    public string Description => "The user that the server runs as.";

    public int QueueId => 0;

    public string QueueName => StandardQueues.Production;

    public string Queue => StandardQueues.Production;
}
