using System.Globalization;
using Porpoise.Access.Secrets;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Core.DataSources;
using Porpoise.Storage.DataSources;
using Porpoise.Storage.Identities;
using Porpoise.Worker.Runners;

namespace Porpoise.Api.DataSources;

/// <summary>
/// Data sources: at DolphinScheduler's addresses, where the parameter <c>projectCode</c> says the workspace (without it, lists have those of all workspaces of the
/// caller, ids are looked for in all of them, and new ones go into the oldest), and at addresses of our own below the workspace. Passwords come in and never go out.
/// </summary>
public sealed class DataSourceOperations(IDataSourceStore store, MasterKey masterKey, ConnectionTest connection, TimeProvider clock)
{
    /// <summary>In place of a password; sent back, it changes nothing.</summary>
    internal const string HiddenPassword = "******";

    private const int PasswordLengthMax = 4_096;
    private const string Dolphin = "/dolphinscheduler/datasources";
    private const string Own = "/porpoise/v1/workspaces/{projectCode}/data-sources";
    private const string List = "emr-serverless-spark:ListDataSources";
    private const string Get = "emr-serverless-spark:GetDataSource";
    private const string Create = "emr-serverless-spark:CreateDataSource";
    private const string Edit = "emr-serverless-spark:EditDataSource";
    private const string Delete = "emr-serverless-spark:DeleteDataSource";
    private const string Connect = "emr-serverless-spark:ConnectDataSource";

    public IEnumerable<Operation> Table =>
    [
        new("GET", Dolphin, List, "A page of data sources", PageAsync),
        new("GET", Dolphin + "/list", List, "All data sources of a type", ListAsync),
        new("POST", Dolphin, Create, "Create a data source", CreateAsync),
        new("POST", Dolphin + "/connect", Connect, "Try to connect to a data source before it is created", TryNewAsync),
        new("GET", Dolphin + "/verify-name", "emr-serverless-spark:CheckDataSource", "Whether a data source's name is free", VerifyAsync),
        new("GET", Dolphin + "/kerberos-startup-state", Get, "Whether Kerberos is in use: it is not", _ => Task.FromResult(Answer.Of(false, DataSourceJson.Default.Boolean))),
        new("GET", Dolphin + "/{id}", Get, "One data source, without its password", GetAsync),
        new("PUT", Dolphin + "/{id}", Edit, "Change a data source", UpdateAsync),
        new("DELETE", Dolphin + "/{id}", Delete, "Delete a data source", DeleteAsync),
        new("GET", Dolphin + "/{id}/connect-test", Connect, "Try to connect to a data source", TryAsync) { Changes = true },
        new("GET", Own, List, "All data sources of a workspace", ListOwnAsync),
        new("POST", Own, Create, "Create a data source", CreateOwnAsync),
        new("POST", Own + "/connect", Connect, "Try to connect to a data source before it is created", TryNewAsync),
        new("GET", Own + "/{id}", Get, "One data source, without its password", GetOwnAsync),
        new("PUT", Own + "/{id}", Edit, "Change a data source", UpdateOwnAsync),
        new("DELETE", Own + "/{id}", Delete, "Delete a data source", DeleteAsync),
        new("POST", Own + "/{id}/connect", Connect, "Try to connect to a data source", TryAsync),
    ];

    private async Task<Answer> PageAsync(Call call)
    {
        var search = call.Parameters.Search("searchVal") ?? "";
        var found = (await FindAllAsync(call)).Where(row => row.Settings.Name.Contains(search, StringComparison.OrdinalIgnoreCase));
        return Answer.Of(DolphinPage.Cut(PageWish.Read(call.Parameters), [.. found.Select(DolphinDataSource.Of)]), DataSourceJson.Default.DolphinPageDolphinDataSource);
    }

    private async Task<Answer> ListAsync(Call call)
    {
        var type = call.Parameters.Text("type");
        var found = (await FindAllAsync(call)).Where(row => type is null || DataSourceTypes.NameOf(row.Settings.Type).Equals(type, StringComparison.OrdinalIgnoreCase));
        return Answer.Of<IReadOnlyList<DolphinDataSource>>([.. found.Select(DolphinDataSource.Of)], DataSourceJson.Default.IReadOnlyListDolphinDataSource);
    }

    private async Task<Answer> ListOwnAsync(Call call) =>
        Answer.Of<IReadOnlyList<DataSourceView>>([.. (await store.ListDataSourcesAsync(call.Workspace.Id)).Select(DataSourceView.Of)], DataSourceJson.Default.IReadOnlyListDataSourceView);

    private async Task<Answer> GetAsync(Call call) => Answer.Of(DolphinDataSource.Of(await FindAsync(call)), DataSourceJson.Default.DolphinDataSource);

    private async Task<Answer> GetOwnAsync(Call call) => Answer.Of(DataSourceView.Of(await FindAsync(call)), DataSourceJson.Default.DataSourceView);

    private async Task<Answer> CreateAsync(Call call) => new Answer.Data(DolphinDataSource.Of(await SaveNewAsync(call, WorkspaceOf(call))), DataSourceJson.Default.DolphinDataSource, Created: true);

    private async Task<Answer> CreateOwnAsync(Call call) => new Answer.Data(DataSourceView.Of(await SaveNewAsync(call, call.Workspace)), DataSourceJson.Default.DataSourceView, Created: true);

    private async Task<Answer> UpdateAsync(Call call) => Answer.Of(DolphinDataSource.Of(await SaveAsync(call)), DataSourceJson.Default.DolphinDataSource);

    private async Task<Answer> UpdateOwnAsync(Call call) => Answer.Of(DataSourceView.Of(await SaveAsync(call)), DataSourceJson.Default.DataSourceView);

    private async Task<Answer> DeleteAsync(Call call)
    {
        var row = await FindAsync(call);
        Saved(await store.DeleteDataSourceAsync(row.Workspace, row.Id, call.Nonce), row.Settings);
        return Answer.Nothing;
    }

    private async Task<Answer> VerifyAsync(Call call)
    {
        var name = call.Parameters.RequiredText("name");
        return (await store.ListDataSourcesAsync(WorkspaceOf(call).Id)).Any(row => row.Settings.Name == name) ? throw NameTaken(name) : Answer.Nothing;
    }

    private async Task<Answer> TryNewAsync(Call call)
    {
        if (call.InWorkspace is null)
        {
            WorkspaceOf(call); // whoever may do this nowhere may not let the server connect anywhere
        }

        return await TryAsync(new DataSourceAccess(DataSourceParameters.Read(call.Parameters, null), ReadPassword(call.Parameters) ?? ""), call);
    }

    private async Task<Answer> TryAsync(Call call)
    {
        var row = await FindAsync(call);
        return await TryAsync(new DataSourceAccess(row.Settings, DataSourcePasswords.Decrypt(masterKey, row)), call);
    }

    private async Task<Answer> TryAsync(DataSourceAccess source, Call call) => await connection.TryAsync(source, call.Aborted) is { } fault
        ? throw new RefusalException(ErrorCodes.DataSourceNotConnected, fault)
        : Answer.Of(true, DataSourceJson.Default.Boolean);

    private async Task<DataSourceRow> SaveNewAsync(Call call, WorkspaceRow workspace)
    {
        var settings = DataSourceParameters.Read(call.Parameters, null);
        var password = ReadPassword(call.Parameters);
        return Saved(
            await store.CreateDataSourceAsync(workspace.Id, settings, password is null ? null : id => DataSourcePasswords.Encrypt(masterKey, password, id), clock.GetUtcNow(), call.Nonce), settings);
    }

    private async Task<DataSourceRow> SaveAsync(Call call)
    {
        DataSourceSettings settings;
        SaveDataSourceResult result;
        var password = ReadPassword(call.Parameters);
        var tries = 0;
        do
        {
            var now = await FindAsync(call);
            settings = DataSourceParameters.Read(call.Parameters, now.Settings);
            if (password is null && now.EncryptedPassword is not null && (settings.Type, settings.Host, settings.Port) != (now.Settings.Type, now.Settings.Host, now.Settings.Port))
            {
                throw Parameters.Invalid("password", "the password once more: the data source is to be looked for elsewhere, and the stored password is not sent to another machine");
            }

            result = await store.UpdateDataSourceAsync(now, settings, password is null ? null : DataSourcePasswords.Encrypt(masterKey, password, now.Id), clock.GetUtcNow(), call.Nonce);
        }
        while (result is SaveDataSourceResult.Overtaken && ++tries < Overtaking.TriesMax);
        return Saved(result, settings);
    }

    /// <summary>Null: none was sent.</summary>
    private static string? ReadPassword(Parameters parameters) => parameters.Text("password", PasswordLengthMax) is { } text && text != HiddenPassword ? text : null;

    private async Task<List<DataSourceRow>> FindAllAsync(Call call)
    {
        var found = new List<DataSourceRow>();
        foreach (var workspace in call.WorkspacesByProjectCode())
        {
            found.AddRange(await store.ListDataSourcesAsync(workspace.Id));
        }

        return found;
    }

    /// <summary>In the workspace of the address, or in those of the caller.</summary>
    private async Task<DataSourceRow> FindAsync(Call call)
    {
        var id = call.Parameters.RequiredInt("id", 1);
        foreach (var workspace in call.InWorkspace is { } named ? [named] : call.WorkspacesByProjectCode())
        {
            if (await store.FindDataSourceAsync(workspace.Id, id) is { } row)
            {
                return row;
            }
        }

        throw new RefusalException(ErrorCodes.DataSourceNotFound, string.Create(CultureInfo.InvariantCulture, $"There is no data source {id}."));
    }

    private static WorkspaceRow WorkspaceOf(Call call) => call.WorkspacesByProjectCode() is [var first, ..]
        ? first
        : throw new RefusalException(ErrorCodes.NoPermissionInWorkspace, ErrorCodes.NoPermissionInWorkspace.Text);

    private static DataSourceRow Saved(SaveDataSourceResult result, DataSourceSettings settings) => result switch
    {
        SaveDataSourceResult.Saved saved => saved.DataSource,
        SaveDataSourceResult.NotFound => throw new RefusalException(ErrorCodes.DataSourceNotFound, $"The data source '{settings.Name}' or its workspace is gone."),
        SaveDataSourceResult.NameTaken => throw NameTaken(settings.Name),
        SaveDataSourceResult.Overtaken => throw Overtaking.Refuse($"data source '{settings.Name}'"),
        SaveDataSourceResult.TooMany => throw new RefusalException(ErrorCodes.LimitReached, $"A workspace has at most {IDataSourceStore.DataSourcesMax} data sources. Delete some first."),
        _ => throw Nonces.WasUsed(),
    };

    private static RefusalException NameTaken(string name) => new(ErrorCodes.DataSourceNameTaken, $"Another data source of this workspace is named '{name}'.");
}
