using Porpoise.Core.DataSources;
using Porpoise.Core.Workflows;
using Porpoise.Storage.DataSources;
using Porpoise.Storage.Identities;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.DataSources;

public abstract class DataSourcesTests(IStoreFixture fixture) : StoreTests(fixture)
{
    private static readonly DateTimeOffset Later = At.AddMinutes(7);
    private static readonly DataSourceSettings Sales = new("sales – 每天", DataSourceType.PostgreSql, "a note", "db.example", 5432, "sales", "reader", """{"sslMode":"require"}""");

    [Fact]
    public async Task A_data_source_is_created_changed_and_still_there_after_a_crash()
    {
        await AddWorkspaceAsync();
        var created = await CreateAsync(Sales, id => [1, (byte)id]);
        Assert.Equal((Workspace, Sales, At, At), (created.Workspace, created.Settings, created.CreatedAt, created.UpdatedAt));
        Assert.Equal([1, (byte)created.Id], created.EncryptedPassword);
        var changed = new DataSourceSettings("other", DataSourceType.Sqlite, "", "", 0, "/data/x.db", "", "");
        var saved = Assert.IsType<SaveDataSourceResult.Saved>(await Store.UpdateDataSourceAsync(created, changed, null, Later, null)).DataSource;
        Assert.Equal((created.Id, changed, At, Later), (saved.Id, saved.Settings, saved.CreatedAt, saved.UpdatedAt));
        await CrashAndReopenAsync();
        var found = await Store.FindDataSourceAsync(Workspace, created.Id);
        Assert.Equal(changed, found!.Settings);
        Assert.Equal([1, (byte)created.Id], found.EncryptedPassword); // it was not named, so it stayed
        Assert.IsType<SaveDataSourceResult.Saved>(await Store.UpdateDataSourceAsync(found, changed, [9], Later, null));
        Assert.Equal([9], Assert.Single(await Store.ListDataSourcesAsync(Workspace)).EncryptedPassword);
    }

    [Fact]
    public async Task What_was_made_from_other_settings_or_another_password_is_not_saved()
    {
        await AddWorkspaceAsync();
        var first = await CreateAsync(Sales, _ => [1]);
        var second = Assert.IsType<SaveDataSourceResult.Saved>(await Store.UpdateDataSourceAsync(first, Sales with { Note = "x" }, null, At, null)).DataSource;
        var third = Assert.IsType<SaveDataSourceResult.Saved>(await Store.UpdateDataSourceAsync(second, second.Settings, [2], At, null)).DataSource;
        foreach (var basis in new[] { first, second })
        {
            Assert.IsType<SaveDataSourceResult.Overtaken>(await Store.UpdateDataSourceAsync(basis, Sales with { Port = 1 }, null, At, Nonce("n")));
        }

        Assert.Empty(await Store.ListNoncesAsync(At, 10));
        Assert.Equal("x", (await Store.FindDataSourceAsync(Workspace, first.Id))!.Settings.Note);
        Assert.IsType<SaveDataSourceResult.Saved>(await Store.UpdateDataSourceAsync(third, Sales, null, At, Nonce("n")));
    }

    [Fact]
    public async Task A_workspace_neither_sees_nor_changes_what_is_anothers()
    {
        await AddWorkspacesAsync();
        var created = await CreateAsync(Sales, null);
        Assert.Null(created.EncryptedPassword);
        Assert.Null(await Store.FindDataSourceAsync(OtherWorkspace, created.Id));
        Assert.Empty(await Store.ListDataSourcesAsync(OtherWorkspace));
        Assert.IsType<SaveDataSourceResult.NotFound>(await Store.UpdateDataSourceAsync(created with { Workspace = OtherWorkspace }, Sales, [1], At, null));
        Assert.IsType<SaveDataSourceResult.NotFound>(await Store.DeleteDataSourceAsync(OtherWorkspace, created.Id, null));
        Assert.IsType<SaveDataSourceResult.NotFound>(await Store.CreateDataSourceAsync(new WorkspaceId("w-none"), Sales, null, At, null));
        Assert.IsType<SaveDataSourceResult.Saved>(await Store.CreateDataSourceAsync(OtherWorkspace, Sales, null, At, null)); // the name is free there
        Assert.Equal(created.Settings, Assert.Single(await Store.ListDataSourcesAsync(Workspace)).Settings);
    }

    [Fact]
    public async Task A_name_is_taken_once_in_a_workspace_and_a_refused_call_leaves_nothing_behind()
    {
        await AddWorkspaceAsync();
        var first = await CreateAsync(Sales, null);
        var second = await CreateAsync(Sales with { Name = "second" }, null);
        Assert.IsType<SaveDataSourceResult.NameTaken>(await Store.CreateDataSourceAsync(Workspace, Sales, null, At, Nonce("n")));
        Assert.IsType<SaveDataSourceResult.NameTaken>(await Store.UpdateDataSourceAsync(second, Sales, null, At, Nonce("n")));
        Assert.Empty(await Store.ListNoncesAsync(At, 10));
        Assert.IsType<SaveDataSourceResult.Saved>(await Store.UpdateDataSourceAsync(first, Sales with { Port = 1 }, null, At, Nonce("n")));
        Assert.IsType<SaveDataSourceResult.NonceUsed>(await Store.DeleteDataSourceAsync(Workspace, first.Id, Nonce("n")));
    }

    [Fact]
    public async Task A_deleted_one_is_gone_and_its_id_is_never_given_again()
    {
        await AddWorkspaceAsync();
        var first = await CreateAsync(Sales, null);
        Assert.IsType<SaveDataSourceResult.Saved>(await Store.DeleteDataSourceAsync(Workspace, first.Id, null));
        Assert.IsType<SaveDataSourceResult.NotFound>(await Store.DeleteDataSourceAsync(Workspace, first.Id, null));
        Assert.True((await CreateAsync(Sales, null)).Id > first.Id);
    }

    [Fact]
    public async Task A_workspace_can_be_deleted_that_has_data_sources()
    {
        await AddWorkspaceAsync();
        var created = await CreateAsync(Sales, null);
        Assert.Equal(ChangeWorkspaceResult.Changed, await Store.DeleteWorkspaceAsync(Workspace, null));
        Assert.Null(await Store.FindDataSourceAsync(Workspace, created.Id));
    }

    [Fact]
    public async Task Passwords_are_listed_in_bites_and_replaced_only_if_they_are_still_the_same()
    {
        await AddWorkspacesAsync();
        var rows = new List<DataSourceRow>();
        foreach (var name in (string[])["a", "b", "c"])
        {
            rows.Add(await CreateAsync(Sales with { Name = name }, name == "b" ? null : id => [(byte)id]));
        }

        Assert.Equal([rows[0].Id], (await Store.ListDataSourcesAfterAsync(0, 1)).Select(r => r.Id));
        Assert.Equal([rows[2].Id], (await Store.ListDataSourcesAfterAsync(rows[0].Id, 10)).Select(r => r.Id));
        Assert.False(await Store.ReplaceDataSourcePasswordAsync(rows[0].Id, [77], [78]));
        Assert.True(await Store.ReplaceDataSourcePasswordAsync(rows[0].Id, rows[0].EncryptedPassword!, [78]));
        Assert.Equal([78], (await Store.FindDataSourceAsync(Workspace, rows[0].Id))!.EncryptedPassword);
    }

    private async Task<DataSourceRow> CreateAsync(DataSourceSettings settings, Func<int, byte[]>? encrypt) =>
        Assert.IsType<SaveDataSourceResult.Saved>(await Store.CreateDataSourceAsync(Workspace, settings, encrypt, At, null)).DataSource;
}
