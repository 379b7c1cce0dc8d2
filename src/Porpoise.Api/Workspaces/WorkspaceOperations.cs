using System.Globalization;
using Porpoise.Access.Identities;
using Porpoise.Api.Definitions;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Api.Security;
using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Queues;
using Porpoise.Storage;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Workspaces;

/// <summary>Workspaces, which DolphinScheduler calls projects.</summary>
/// <param name="randomHex">Gives a text of that many random hexadecimal digits.</param>
public sealed class WorkspaceOperations(
    IStore store, WorkspaceDirectory workspaces, KeyRing keys, QueueCatalog queues, CodeMint codes, Func<int, string> randomHex, TimeProvider clock)
{
    public const int NameLengthMax = 200;
    public const int DescriptionLengthMax = 4_000;

    private const int IdDigits = 16;
    private const string Projects = "/dolphinscheduler/projects";

    public IEnumerable<Operation> Table =>
    [
        new("GET", Projects, "emr-serverless-spark:ListWorkspaces", "A page of the workspaces that the caller may see", PageAsync),
        new("POST", Projects, "emr-serverless-spark:CreateWorkspace", "Create a workspace", CreateAsync),
        new("GET", Projects + "/list", "emr-serverless-spark:ListWorkspaces", "All workspaces that the caller may see", ListAsync),
        new("GET", Projects + "/list-dependent", "emr-serverless-spark:ListWorkspaces", "All workspaces that the caller may see", ListAsync),
        new("GET", Projects + "/created-and-authed", "emr-serverless-spark:ListWorkspaces", "The workspaces that the caller may see", ListAsync),
        new("GET", Projects + "/authed-project", "emr-serverless-spark:ListWorkspaces", "The workspaces that the caller may see", ListOfAsync),
        new("GET", Projects + "/unauth-project", "emr-serverless-spark:ListWorkspaces", "The workspaces that a user may not see: none", c => Task.FromResult(ListNotOf(c))),
        new("GET", Projects + "/{projectCode}", "emr-serverless-spark:GetWorkspace", "One workspace", GetAsync),
        new("PUT", Projects + "/{projectCode}", "emr-serverless-spark:UpdateWorkspace", "Rename or describe a workspace", UpdateAsync),
        new("DELETE", Projects + "/{projectCode}", "emr-serverless-spark:DeleteWorkspace", "Delete a workspace that has no definitions and no runs", DeleteAsync),
    ];

    private async Task<Answer> PageAsync(Call call)
    {
        var wish = PageWish.Read(call.Parameters);
        var search = call.Parameters.Search("searchVal") ?? "";
        WorkspaceRow[] found = [.. call.Workspaces.All.Where(w => w.Name.Contains(search, StringComparison.OrdinalIgnoreCase))];
        var page = DolphinPage.Cut(wish, found);
        var described = new List<DolphinProject>(page.TotalList.Count);
        foreach (var workspace in page.TotalList)
        {
            described.Add(await DescribeAsync(workspace));
        }

        return Answer.Of(DolphinPage.Of(wish, described, page.Total), WorkspaceJson.Default.DolphinPageDolphinProject);
    }

    private async Task<Answer> GetAsync(Call call) => Answer.Of(await DescribeAsync(call.Workspace), WorkspaceJson.Default.DolphinProject);

    private async Task<Answer> ListAsync(Call call)
    {
        var owner = await DolphinUser.NameOfRootAsync(store);
        return Answer.Of<IReadOnlyList<DolphinProject>>([.. call.Workspaces.All.Select(w => DolphinProject.Of(w, owner))], WorkspaceJson.Default.IReadOnlyListDolphinProject);
    }

    private Task<Answer> ListOfAsync(Call call)
    {
        DolphinUser.CheckId(call.Parameters);
        return ListAsync(call);
    }

    private static Answer ListNotOf(Call call)
    {
        DolphinUser.CheckId(call.Parameters);
        return EmptyList.All;
    }

    private async Task<Answer> CreateAsync(Call call)
    {
        var (name, description) = ReadTexts(call.Parameters);
        var now = clock.GetUtcNow();
        var code = (await codes.TakeAsync(1))[0];
        var workspace = new WorkspaceRow(new WorkspaceId("w-" + randomHex(IdDigits)), code, name, now) { Description = description ?? "" };
        Check(await workspaces.CreateAsync(workspace, call.Principal.IsRoot ? null : call.Principal.Id, call.Nonce), name);
        keys.Forget(); // whoever creates a workspace owns it
        await queues.LoadAsync();
        var created = workspaces.Find(workspace.Id.Value) ?? workspace;
        return new Answer.Data(DolphinProject.Of(created, await DolphinUser.NameOfRootAsync(store)), WorkspaceJson.Default.DolphinProject, Created: true);
    }

    private async Task<Answer> UpdateAsync(Call call)
    {
        var (name, description) = ReadTexts(call.Parameters);
        var owner = await DolphinUser.NameOfRootAsync(store);
        if (call.Parameters.Text("userName") is { } other && other != owner && other != call.Principal.UserName) // their UI sends who is signed in
        {
            throw Parameters.NotHonoured("userName, another owner of the workspace,", owner);
        }

        Check(await workspaces.UpdateAsync(call.Workspace.Id, name, description, clock.GetUtcNow(), call.Nonce), name);
        var changed = workspaces.Find(call.Workspace.Id.Value) ?? call.Workspace;
        return Answer.Of(await DescribeAsync(changed), WorkspaceJson.Default.DolphinProject);
    }

    private async Task<Answer> DeleteAsync(Call call)
    {
        Check(await workspaces.DeleteAsync(call.Workspace.Id, call.Nonce), call.Workspace.Name);
        await queues.LoadAsync();
        return Answer.Of(true, WorkspaceJson.Default.Boolean);
    }

    private async Task<DolphinProject> DescribeAsync(WorkspaceRow workspace)
    {
        var runs = await store.CountRunsAsync(workspace.Id, from: null, to: null);
        var running = runs.Where(r => !r.Key.IsFinal()).Sum(r => r.Value);
        return DolphinProject.Of(workspace, await DolphinUser.NameOfRootAsync(store), await store.CountWorkflowsAsync(workspace.Id), running);
    }

    /// <summary>A description of blanks alone is an empty one: an empty text equals an absent one, which leaves it as it was.</summary>
    private static (string Name, string? Description) ReadTexts(Parameters parameters)
    {
        var name = parameters.RequiredText("projectName").Trim();
        return name.Length is > 0 and <= NameLengthMax && !name.Any(char.IsControl)
            ? (name, parameters.Text("description", DescriptionLengthMax) is { } description ? string.IsNullOrWhiteSpace(description) ? "" : description : null)
            : throw Parameters.Invalid("projectName", string.Create(CultureInfo.InvariantCulture, $"1 to {NameLengthMax} characters, without control characters"));
    }

    private static void Check(ChangeWorkspaceResult? result, string name)
    {
        if (result == ChangeWorkspaceResult.Changed)
        {
            return;
        }

        throw result switch
        {
            ChangeWorkspaceResult.NameTaken => new RefusalException(ErrorCodes.WorkspaceNameTaken, $"Another workspace is named '{name}'."),
            ChangeWorkspaceResult.NotEmpty => new RefusalException(ErrorCodes.WorkspaceNotEmpty, $"Workspace '{name}' still has workflow definitions or runs."),
            ChangeWorkspaceResult.NotFound => new RefusalException(ErrorCodes.WorkspaceNotFound, $"There is no workspace '{name}' any more."),
            null => new RefusalException(ErrorCodes.BadParameter, $"There are at most {WorkspaceDirectory.WorkspacesMax} workspaces."),
            _ => Nonces.WasUsed(),
        };
    }
}
