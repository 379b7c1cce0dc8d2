using System.Globalization;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Api.Security;
using Porpoise.Core.Library;
using Porpoise.Storage;
using Porpoise.Storage.Library;

namespace Porpoise.Api.Library;

/// <summary>The task library of a workspace: development tasks, which nodes of workflows refer to by <c>taskBizId</c>.</summary>
/// <param name="store">Where they are.</param>
/// <param name="gate">What the caller may do besides.</param>
/// <param name="randomHex">Gives a text of that many random hexadecimal digits.</param>
/// <param name="clock">The time.</param>
public sealed class LibraryOperations(IStore store, AccessGate gate, Func<int, string> randomHex, TimeProvider clock)
{
    private const string PublishAction = "emr-serverless-spark:CommitTask";
    private const int IdDigits = 32;
    private const string Tasks = "/porpoise/v1/workspaces/{projectCode}/tasks";
    private const string OneTask = Tasks + "/{id}";

    public IEnumerable<Operation> Table =>
    [
        new("GET", Tasks, "emr-serverless-spark:ListTasks", "A page of development tasks", PageAsync),
        new("POST", Tasks, "emr-serverless-spark:CreateTask", "Create a development task", CreateAsync),
        new("GET", OneTask, "emr-serverless-spark:GetTask", "A version of a development task", ShowAsync),
        new("PUT", OneTask, "emr-serverless-spark:UpdateTask", "Save a new version of a development task", UpdateAsync),
        new("GET", OneTask + "/versions", "emr-serverless-spark:GetTask", "A page of the versions of a development task", ListVersionsAsync),
        new("POST", OneTask + "/publish", PublishAction, "Publish a version of a development task", PublishAsync),
        new("DELETE", OneTask, "emr-serverless-spark:DeleteTask", "Delete a development task that no workflow refers to", DeleteAsync),
    ];

    private async Task<Answer> PageAsync(Call call)
    {
        var wish = PageWish.Read(call.Parameters);
        var page = await store.ListDevelopmentTasksAsync(call.Workspace.Id, call.Parameters.Search("searchVal"), wish.Request);
        return Answer.Of(DolphinPage.Of(wish, [.. page.Rows.Select(DevelopmentTaskItem.Of)], page.Total), LibraryJson.Default.DolphinPageDevelopmentTaskItem);
    }

    private async Task<Answer> CreateAsync(Call call)
    {
        var kind = LibraryWords.Read(call.Parameters) ?? throw Parameters.Missing("type");
        var task = Read(call.Parameters, new DevelopmentTask(call.Parameters.RequiredText("name"), kind));
        var id = new DevelopmentTaskId(DevelopmentTaskId.Beginning + randomHex(IdDigits));
        var saved = Saved(await store.CreateDevelopmentTaskAsync(call.Workspace.Id, id, task, TermsOf(call), call.Nonce), task.Name, id.Value);
        return new Answer.Data(DevelopmentTaskItem.Of(saved), LibraryJson.Default.DevelopmentTaskItem, Created: true);
    }

    /// <summary>The newest version, unless the call names another one.</summary>
    private async Task<Answer> ShowAsync(Call call)
    {
        var row = await FindAsync(call);
        var number = call.Parameters.Int("version", 1) ?? row.Version;
        var version = await store.FindDevelopmentTaskVersionAsync(row.Id, number) ?? throw NoSuchVersion(row.Id.Value);
        return Answer.Of(DevelopmentTaskDetail.Of(row, version), LibraryJson.Default.DevelopmentTaskDetail);
    }

    /// <summary>What the call does not name stays as it is in the newest version, also in one that somebody else saves meanwhile: then the call is read again.</summary>
    private async Task<Answer> UpdateAsync(Call call)
    {
        DevelopmentTaskRow row;
        DevelopmentTask task;
        SaveDevelopmentTaskResult result;
        var tries = 0;
        do
        {
            row = await FindAsync(call);
            var newest = await store.FindDevelopmentTaskVersionAsync(row.Id, row.Version) ?? throw NoSuchVersion(row.Id.Value);
            var before = newest.Task with { Kind = LibraryWords.Read(call.Parameters) ?? row.Kind };
            task = Read(call.Parameters, call.Parameters.Text("name") is { } name ? before with { Name = name } : before);
            result = await store.UpdateDevelopmentTaskAsync(call.Workspace.Id, row.Id, task, TermsOf(call), call.Nonce, row.Version);
        }
        while (result is SaveDevelopmentTaskResult.Overtaken && ++tries < Overtaking.TriesMax);
        return Answer.Of(DevelopmentTaskItem.Of(Saved(result, task.Name, row.Id.Value)), LibraryJson.Default.DevelopmentTaskItem);
    }

    private async Task<Answer> ListVersionsAsync(Call call)
    {
        var row = await FindAsync(call);
        var wish = PageWish.Read(call.Parameters);
        var page = await store.ListDevelopmentTaskVersionsAsync(row.Id, wish.Request);
        return Answer.Of(DolphinPage.Of(wish, [.. page.Rows.Select(DevelopmentTaskVersion.Of)], page.Total), LibraryJson.Default.DolphinPageDevelopmentTaskVersion);
    }

    private async Task<Answer> PublishAsync(Call call)
    {
        var id = IdOf(call);
        var result = await store.PublishDevelopmentTaskAsync(call.Workspace.Id, id, call.Parameters.Int("version", 1), clock.GetUtcNow(), call.Nonce);
        return Answer.Of(DevelopmentTaskItem.Of(Saved(result, name: "", id.Value)), LibraryJson.Default.DevelopmentTaskItem);
    }

    private async Task<Answer> DeleteAsync(Call call)
    {
        var id = IdOf(call);
        return await store.DeleteDevelopmentTaskAsync(call.Workspace.Id, id, clock.GetUtcNow(), call.Nonce) switch
        {
            DeleteDevelopmentTaskResult.Deleted => Answer.Nothing,
            DeleteDevelopmentTaskResult.NotFound => throw NoSuchTask(id.Value),
            DeleteDevelopmentTaskResult.InUse used => throw new RefusalException(
                ErrorCodes.DevelopmentTaskInUse, $"Nothing was deleted: these workflows refer to {id}: {string.Join(", ", used.Workflows.Select(w => $"'{w}'"))}. Change or delete them first."),
            _ => throw Nonces.WasUsed(),
        };
    }

    private async Task<DevelopmentTaskRow> FindAsync(Call call) => await store.FindDevelopmentTaskAsync(call.Workspace.Id, IdOf(call)) ?? throw NoSuchTask(IdOf(call).Value);

    private static DevelopmentTaskId IdOf(Call call) => new(call.Parameters.RequiredText("id"));

    private static DevelopmentTask Read(Parameters parameters, DevelopmentTask before)
    {
        var task = before with
        {
            Name = before.Name.Trim(),
            Description = Named(parameters, "description") ?? before.Description,
            Code = Named(parameters, "code") ?? before.Code,
            EntryFile = Named(parameters, "entryFile") ?? before.EntryFile,
            MainClass = Named(parameters, "mainClass") ?? before.MainClass,
            Arguments = LibraryValues.ReadArguments(parameters) ?? before.Arguments,
            Settings = LibraryValues.ReadSettings(parameters) ?? before.Settings,
            Catalog = Named(parameters, "catalog") ?? before.Catalog,
            Database = Named(parameters, "database") ?? before.Database,
        };
        return DevelopmentTaskRules.Check(task) is { } fault ? throw Parameters.Invalid(fault.Member, fault.Message) : task;
    }

    /// <summary>Here an empty value is not an absent one: it takes away what was there.</summary>
    private static string? Named(Parameters parameters, string name) => parameters.All.GetValueOrDefault(name);

    private SaveTerms TermsOf(Call call)
    {
        var publish = call.Parameters.Bool("publish") ?? false;
        if (publish)
        {
            gate.CheckAlso(call, PublishAction, "*"); // else it would be a way around
        }

        return new SaveTerms(publish, call.Parameters.Text("remark", DevelopmentTaskRules.RemarkLengthMax) ?? "", call.Principal.UserName, clock.GetUtcNow());
    }

    private static DevelopmentTaskRow Saved(SaveDevelopmentTaskResult result, string name, string id) => result switch
    {
        SaveDevelopmentTaskResult.Saved saved => saved.Task,
        SaveDevelopmentTaskResult.NotFound => throw NoSuchTask(id),
        SaveDevelopmentTaskResult.VersionNotFound => throw NoSuchVersion(id),
        SaveDevelopmentTaskResult.NameTaken => throw new RefusalException(ErrorCodes.DevelopmentTaskNameTaken, $"Another development task of this workspace is named '{name}'."),
        SaveDevelopmentTaskResult.Overtaken => throw Overtaking.Refuse($"development task '{name}'"),
        SaveDevelopmentTaskResult.KindIsFixed kept => throw Parameters.Invalid("type", $"{LibraryWords.NameOf(kept.Kind)}: a development task stays of its kind; create another one"),
        SaveDevelopmentTaskResult.TooMany => throw new RefusalException(
            ErrorCodes.LimitReached, string.Create(CultureInfo.InvariantCulture, $"A workspace has at most {ILibraryStore.TasksMax} development tasks. Delete what is not needed any more.")),
        _ => throw Nonces.WasUsed(),
    };

    private static RefusalException NoSuchTask(string id) =>
        new(ErrorCodes.DevelopmentTaskNotFound, $"There is no development task '{id}' in this workspace.");

    private static RefusalException NoSuchVersion(string id) =>
        new(ErrorCodes.VersionNotFound, $"The development task '{id}' has no such version. List its versions.");
}
