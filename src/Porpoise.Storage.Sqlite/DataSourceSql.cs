using Porpoise.Core.DataSources;
using Porpoise.Core.Workflows;
using Porpoise.Storage.DataSources;
using Porpoise.Storage.Identities;

namespace Porpoise.Storage.Sqlite;

/// <summary>Data sources in SQL.</summary>
internal static class DataSourceSql
{
    public static IReadOnlyList<DataSourceRow> List(Session s, WorkspaceId workspace) => s.Use(
        """
        select id, workspace_id, name, type, note, host, port, database_name, user_name, options, encrypted_password, created_at, updated_at
        from data_source
        where workspace_id = ?1
        order by id
        """).Bind(workspace.Value).All(Read);

    public static IReadOnlyList<DataSourceRow> ListAfter(Session s, int after, int max) => s.Use(
        """
        select id, workspace_id, name, type, note, host, port, database_name, user_name, options, encrypted_password, created_at, updated_at
        from data_source
        where id > ?1 and encrypted_password is not null
        order by id
        limit ?2
        """).Bind((long)after).Bind((long)max).All(Read);

    public static DataSourceRow? Find(Session s, WorkspaceId workspace, int id) => s.Use(
        """
        select id, workspace_id, name, type, note, host, port, database_name, user_name, options, encrypted_password, created_at, updated_at
        from data_source
        where id = ?1 and workspace_id = ?2
        """).Bind((long)id).Bind(workspace.Value).First(Read);

    public static SaveDataSourceResult Create(WriterSession s, WorkspaceId workspace, DataSourceSettings settings, Func<int, byte[]>? encrypt, DateTimeOffset at, NonceRow? nonce)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return new SaveDataSourceResult.NonceUsed();
        }

        if (!WorkspaceSql.Exists(s, workspace))
        {
            return new SaveDataSourceResult.NotFound();
        }

        if (IsNameTaken(s, workspace, settings.Name, except: 0))
        {
            return new SaveDataSourceResult.NameTaken();
        }

        if (s.Use("select count(*) from data_source where workspace_id = ?1").Bind(workspace.Value).Number() >= IDataSourceStore.DataSourcesMax)
        {
            return new SaveDataSourceResult.TooMany();
        }

        var id = (int)s.Use(
            """
            insert into data_source (workspace_id, name, type, note, host, port, database_name, user_name, options, created_at, updated_at)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)
            returning id
            """)
            .Bind(workspace.Value).Bind(settings.Name).Bind((long)settings.Type).Bind(settings.Note).Bind(settings.Host).Bind((long)settings.Port)
            .Bind(settings.Database).Bind(settings.User).Bind(settings.Options).Bind(at).Number();
        if (encrypt is not null)
        {
            SetPassword(s, id, encrypt(id));
        }

        return new SaveDataSourceResult.Saved(Find(s, workspace, id)!);
    }

    public static SaveDataSourceResult Update(WriterSession s, DataSourceRow before, DataSourceSettings settings, byte[]? encryptedPassword, DateTimeOffset at, NonceRow? nonce)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return new SaveDataSourceResult.NonceUsed();
        }

        var id = before.Id;
        if (Find(s, before.Workspace, id) is not { } now)
        {
            return new SaveDataSourceResult.NotFound();
        }

        if (now.Settings != before.Settings || !now.EncryptedPassword.AsSpan().SequenceEqual(before.EncryptedPassword))
        {
            return new SaveDataSourceResult.Overtaken();
        }

        if (IsNameTaken(s, before.Workspace, settings.Name, except: id))
        {
            return new SaveDataSourceResult.NameTaken();
        }

        s.Use(
            """
            update data_source
            set name = ?2, type = ?3, note = ?4, host = ?5, port = ?6, database_name = ?7, user_name = ?8, options = ?9, updated_at = ?10
            where id = ?1
            """)
            .Bind((long)id).Bind(settings.Name).Bind((long)settings.Type).Bind(settings.Note).Bind(settings.Host).Bind((long)settings.Port)
            .Bind(settings.Database).Bind(settings.User).Bind(settings.Options).Bind(at).Execute();
        if (encryptedPassword is not null)
        {
            SetPassword(s, id, encryptedPassword);
        }

        return new SaveDataSourceResult.Saved(Find(s, before.Workspace, id)!);
    }

    public static SaveDataSourceResult Delete(WriterSession s, WorkspaceId workspace, int id, NonceRow? nonce)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return new SaveDataSourceResult.NonceUsed();
        }

        if (Find(s, workspace, id) is not { } before)
        {
            return new SaveDataSourceResult.NotFound();
        }

        s.Use("delete from data_source where id = ?1").Bind((long)id).Execute();
        return new SaveDataSourceResult.Saved(before);
    }

    public static bool ReplacePassword(WriterSession s, int id, byte[] before, byte[] after) =>
        s.Use("update data_source set encrypted_password = ?3 where id = ?1 and encrypted_password = ?2").Bind((long)id).Bind(before).Bind(after).Execute() > 0;

    private static void SetPassword(WriterSession s, int id, byte[] encrypted) =>
        s.Use("update data_source set encrypted_password = ?2 where id = ?1").Bind((long)id).Bind(encrypted).Execute();

    private static bool IsNameTaken(Session s, WorkspaceId workspace, string name, int except) =>
        s.Use("select 1 from data_source where workspace_id = ?1 and name = ?2 and id <> ?3").Bind(workspace.Value).Bind(name).Bind((long)except).Any();

    private static DataSourceRow Read(Statement row) => new(
        row.Int(0), new WorkspaceId(row.Text(1)),
        new DataSourceSettings(row.Text(2), (DataSourceType)row.Int(3), row.Text(4), row.Text(5), row.Int(6), row.Text(7), row.Text(8), row.Text(9)),
        row.IsNull(10) ? null : row.Bytes(10), row.Time(11), row.Time(12));
}
