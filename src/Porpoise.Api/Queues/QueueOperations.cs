using System.Globalization;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Core.Queues;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Queues;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Queues;

namespace Porpoise.Api.Queues;

/// <summary>
/// Queues: at DolphinScheduler's addresses, which name no project and mean the oldest workspace unless <c>projectCode</c> says another one,
/// and at addresses of our own below the workspace.
/// </summary>
public sealed class QueueOperations(QueueCatalog queues, TimeProvider clock)
{
    /// <summary>Of one limit of a queue.</summary>
    public const int LimitMax = 1_000_000;

    private const int NameLengthMax = 200;
    private const string Own = "/porpoise/v1/workspaces/{projectCode}/queues";

    public IEnumerable<Operation> Table =>
    [
        new("GET", "/dolphinscheduler/queues", "emr-serverless-spark:ListWorkspaceQueues", "A page of queues", c => Task.FromResult(Page(c))),
        new("GET", "/dolphinscheduler/queues/list", "emr-serverless-spark:ListWorkspaceQueues", "All queues", c => Task.FromResult(ListAll(c))),
        new("POST", "/dolphinscheduler/queues", "emr-serverless-spark:CreateWorkspaceQueue", "Create a queue", CreateAsync),
        new("PUT", "/dolphinscheduler/queues/{id}", "emr-serverless-spark:EditWorkspaceQueue", "Change the environment or the limits of a queue", UpdateAsync),
        new("POST", "/dolphinscheduler/queues/verify", "emr-serverless-spark:CheckWorkspaceQueue", "Whether a queue's name is free", c => Task.FromResult(Verify(c))),
        new("GET", Own, "emr-serverless-spark:ListWorkspaceQueues", "All queues of a workspace", c => Task.FromResult(ListOwn(c))),
        new("POST", Own, "emr-serverless-spark:CreateWorkspaceQueue", "Create a queue", CreateOwnAsync),
        new("PUT", Own + "/{id}", "emr-serverless-spark:EditWorkspaceQueue", "Change the environment or the limits of a queue", UpdateOwnAsync),
    ];

    private Answer Page(Call call)
    {
        var workspace = WorkspaceOf(call);
        var search = call.Parameters.Search("searchVal") ?? "";
        var found = queues.ListOf(workspace.Id).Where(q => q.Settings.Name.Contains(search, StringComparison.OrdinalIgnoreCase));
        return Answer.Of(DolphinPage.Cut(PageWish.Read(call.Parameters), [.. found.Select(q => DolphinQueue.Of(q, workspace.ProjectCode))]), QueueJson.Default.DolphinPageDolphinQueue);
    }

    private Answer ListAll(Call call)
    {
        var workspace = WorkspaceOf(call);
        return Answer.Of<IReadOnlyList<DolphinQueue>>([.. queues.ListOf(workspace.Id).Select(q => DolphinQueue.Of(q, workspace.ProjectCode))], QueueJson.Default.IReadOnlyListDolphinQueue);
    }

    private async Task<Answer> CreateAsync(Call call)
    {
        var workspace = WorkspaceOf(call);
        var saved = await CreateAsync(call, workspace.Id, ReadDolphinName(call.Parameters) ?? throw Parameters.Missing("queueName"));
        return new Answer.Data(DolphinQueue.Of(saved, workspace.ProjectCode), QueueJson.Default.DolphinQueue, Created: true);
    }

    private async Task<Answer> UpdateAsync(Call call)
    {
        var workspace = WorkspaceOf(call);
        return Answer.Of(DolphinQueue.Of(await UpdateAsync(call, workspace.Id, ReadDolphinName(call.Parameters)), workspace.ProjectCode), QueueJson.Default.DolphinQueue);
    }

    private Answer Verify(Call call)
    {
        var name = ReadDolphinName(call.Parameters) ?? throw Parameters.Missing("queueName");
        return queues.Find(new QueueKey(WorkspaceOf(call).Id, name)) is null ? Answer.Nothing : throw NameTaken(name);
    }

    private Answer ListOwn(Call call) =>
        Answer.Of<IReadOnlyList<WorkspaceQueue>>([.. queues.ListOf(call.Workspace.Id).Select(WorkspaceQueue.Of)], QueueJson.Default.IReadOnlyListWorkspaceQueue);

    private async Task<Answer> CreateOwnAsync(Call call)
    {
        var saved = await CreateAsync(call, call.Workspace.Id, CheckedName("name", call.Parameters.RequiredText("name")));
        return new Answer.Data(WorkspaceQueue.Of(saved), QueueJson.Default.WorkspaceQueue, Created: true);
    }

    private async Task<Answer> UpdateOwnAsync(Call call) => Answer.Of(
        WorkspaceQueue.Of(await UpdateAsync(call, call.Workspace.Id, call.Parameters.Text("name") is { } name ? CheckedName("name", name) : null)), QueueJson.Default.WorkspaceQueue);

    /// <summary>A queue takes runs of both kinds unless it is said otherwise: DolphinScheduler's callers know of no kinds.</summary>
    private async Task<QueueRow> CreateAsync(Call call, WorkspaceId workspace, string name)
    {
        var parameters = call.Parameters;
        var settings = new QueueSettings(
            name, QueueEnvironments.Read(parameters) ?? QueueEnvironment.Both, parameters.Int("tasksMax", 0, LimitMax) ?? 0, parameters.Int("cuMax", 0, LimitMax) ?? 0);
        return Saved(await queues.CreateAsync(workspace, settings, clock.GetUtcNow(), call.Nonce), settings, id: 0);
    }

    /// <summary>What the call does not name stays as it is.</summary>
    private async Task<QueueRow> UpdateAsync(Call call, WorkspaceId workspace, string? name)
    {
        var parameters = call.Parameters;
        var id = parameters.RequiredInt("id", 1);
        QueueSettings? wanted = null;
        var result = await queues.UpdateAsync(
            workspace,
            id,
            now => wanted = new QueueSettings(
                name ?? now.Name, QueueEnvironments.Read(parameters) ?? now.Environment, parameters.Int("tasksMax", 0, LimitMax) ?? now.TasksMax, parameters.Int("cuMax", 0, LimitMax) ?? now.CuMax),
            clock.GetUtcNow(),
            call.Nonce);
        return Saved(result, wanted, id);
    }

    /// <param name="result">What came of it.</param>
    /// <param name="wanted">Null: there is no such queue.</param>
    /// <param name="id">Its id, for messages.</param>
    private static QueueRow Saved(SaveQueueResult result, QueueSettings? wanted, int id) => result switch
    {
        SaveQueueResult.Saved saved => saved.Queue,
        SaveQueueResult.NotFound => throw NoSuchQueue(id),
        SaveQueueResult.NameTaken => throw NameTaken(wanted!.Name),
        SaveQueueResult.NameIsFixed => throw new RefusalException(
            ErrorCodes.BadParameter, $"Queue {Number(id)} cannot be renamed to '{wanted!.Name}': workflows and runs name it. Leave the name out, or create another queue."),
        SaveQueueResult.IsStandard => throw new RefusalException(ErrorCodes.BadParameter, $"The standard queue '{wanted!.Name}' keeps its environment; its limits can be changed."),
        SaveQueueResult.TooMany => throw new RefusalException(ErrorCodes.BadParameter, $"A workspace has at most {IQueueStore.QueuesMax} queues."),
        _ => throw Nonces.WasUsed(),
    };

    /// <summary>DolphinScheduler has a name to show and a name of the cluster's queue; here they are one, and either may be left out.</summary>
    private static string? ReadDolphinName(Parameters parameters)
    {
        var (name, queue) = (parameters.Text("queueName"), parameters.Text("queue"));
        if (name is not null && queue is not null && name != queue)
        {
            throw Parameters.Invalid("queue", "the same text as queueName: a queue has one name here");
        }

        return (name ?? queue) is { } text ? CheckedName("queueName", text) : null;
    }

    private static string CheckedName(string parameter, string name) => name.Length <= NameLengthMax && name.Trim() == name && !name.Any(char.IsControl)
        ? name
        : throw Parameters.Invalid(parameter, string.Create(CultureInfo.InvariantCulture, $"1 to {NameLengthMax} characters, without blanks at its ends and without control characters"));

    private static WorkspaceRow WorkspaceOf(Call call) => call.Parameters.Text("projectCode") is null or "0"
        ? call.Workspaces.All is [var oldest, ..] ? oldest : throw new RefusalException(ErrorCodes.WorkspaceNotFound, "There is no workspace yet.")
        : call.WorkspacesByProjectCode()[0];

    private static RefusalException NoSuchQueue(int id) =>
        new(ErrorCodes.QueueNotFound, $"There is no queue {Number(id)} in this workspace.");

    private static RefusalException NameTaken(string name) => new(ErrorCodes.QueueNameTaken, $"Another queue of this workspace is named '{name}'.");

    private static string Number(int id) => id.ToString(CultureInfo.InvariantCulture);
}
