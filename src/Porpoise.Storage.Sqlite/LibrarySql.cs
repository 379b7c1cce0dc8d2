using Porpoise.Core.Library;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Library;
using Porpoise.Storage.Paging;

namespace Porpoise.Storage.Sqlite;

/// <summary>Development tasks in SQL.</summary>
internal static class LibrarySql
{
    private const string Columns = "task_id, workspace_id, name, kind, version, published_version, created_at, updated_at, updated_by";

    public static SaveDevelopmentTaskResult Create(WriterSession s, WorkspaceId workspace, DevelopmentTaskId id, DevelopmentTask task, SaveTerms terms, NonceRow? nonce)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return new SaveDevelopmentTaskResult.NonceUsed();
        }

        if (!WorkspaceSql.Exists(s, workspace))
        {
            return new SaveDevelopmentTaskResult.NotFound();
        }

        if (IsNameTaken(s, workspace, task.Name, id))
        {
            return new SaveDevelopmentTaskResult.NameTaken();
        }

        if (Count(s, workspace, name: null) >= ILibraryStore.TasksMax)
        {
            return new SaveDevelopmentTaskResult.TooMany();
        }

        s.Use(
            """
            insert into development_task (task_id, workspace_id, name, kind, version, published_version, created_at, updated_at, updated_by)
            values (?1, ?2, ?3, ?4, 1, ?5, ?6, ?6, ?7)
            """)
            .Bind(id.Value).Bind(workspace.Value).Bind(task.Name).Bind((long)task.Kind).Bind(terms.Publish ? 1L : (long?)null).Bind(terms.At).Bind(terms.By).Execute();
        AddVersion(s, id, 1, DevelopmentTaskDocument.Write(task), terms);
        return new SaveDevelopmentTaskResult.Saved(Find(s, workspace, id)!);
    }

    public static SaveDevelopmentTaskResult Update(WriterSession s, WorkspaceId workspace, DevelopmentTaskId id, DevelopmentTask task, SaveTerms terms, NonceRow? nonce, int? basis)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return new SaveDevelopmentTaskResult.NonceUsed();
        }

        if (Find(s, workspace, id) is not { } before)
        {
            return new SaveDevelopmentTaskResult.NotFound();
        }

        if (basis is not null && basis != before.Version)
        {
            return new SaveDevelopmentTaskResult.Overtaken();
        }

        if (before.Kind != task.Kind)
        {
            return new SaveDevelopmentTaskResult.KindIsFixed(before.Kind);
        }

        if (IsNameTaken(s, workspace, task.Name, id))
        {
            return new SaveDevelopmentTaskResult.NameTaken();
        }

        var (version, content) = (before.Version, DevelopmentTaskDocument.Write(task));
        if (ReadContent(s, id, version) != content)
        {
            AddVersion(s, id, ++version, content, terms);
        }

        s.Use("update development_task set name = ?2, version = ?3, published_version = ?4, updated_at = ?5, updated_by = ?6 where task_id = ?1")
            .Bind(id.Value).Bind(task.Name).Bind((long)version).Bind(terms.Publish ? version : (long?)before.PublishedVersion).Bind(terms.At).Bind(terms.By).Execute();
        return new SaveDevelopmentTaskResult.Saved(Find(s, workspace, id)!);
    }

    public static SaveDevelopmentTaskResult Publish(WriterSession s, WorkspaceId workspace, DevelopmentTaskId id, int? version, DateTimeOffset at, NonceRow? nonce)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return new SaveDevelopmentTaskResult.NonceUsed();
        }

        if (Find(s, workspace, id) is not { } before)
        {
            return new SaveDevelopmentTaskResult.NotFound();
        }

        if (version is { } wanted && ReadContent(s, id, wanted) is null)
        {
            return new SaveDevelopmentTaskResult.VersionNotFound();
        }

        s.Use("update development_task set published_version = ?2, updated_at = ?3 where task_id = ?1").Bind(id.Value).Bind((long)(version ?? before.Version)).Bind(at).Execute();
        return new SaveDevelopmentTaskResult.Saved(Find(s, workspace, id)!);
    }

    public static DeleteDevelopmentTaskResult Delete(WriterSession s, WorkspaceId workspace, DevelopmentTaskId id, DateTimeOffset at, NonceRow? nonce)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return new DeleteDevelopmentTaskResult.NonceUsed();
        }

        if (Find(s, workspace, id) is null)
        {
            return new DeleteDevelopmentTaskResult.NotFound();
        }

        if (ListUsers(s, workspace, id) is { Count: > 0 } users)
        {
            return new DeleteDevelopmentTaskResult.InUse(users);
        }

        s.Use("update development_task set deleted_at = ?2 where task_id = ?1").Bind(id.Value).Bind(at).Execute();
        return new DeleteDevelopmentTaskResult.Deleted();
    }

    public static DevelopmentTaskRow? Find(Session s, WorkspaceId workspace, DevelopmentTaskId id)
    {
        var row = s.Use($"select {Columns} from development_task where task_id = ?1 and workspace_id = ?2 and deleted_at is null").Bind(id.Value).Bind(workspace.Value);
        if (!row.Step())
        {
            return null;
        }

        var found = ReadTask(row);
        row.End();
        return found;
    }

    public static DevelopmentTaskVersionRow? FindVersion(Session s, DevelopmentTaskId id, int version)
    {
        var row = s.Use(
            """
            select v.content, t.kind, v.remark, v.created_at, v.created_by
            from development_task_version v
            join development_task t on t.task_id = v.task_id
            where v.task_id = ?1 and v.version = ?2
            """).Bind(id.Value).Bind((long)version);
        if (!row.Step())
        {
            return null;
        }

        var found = new DevelopmentTaskVersionRow(id, version, DevelopmentTaskDocument.Read(row.Text(0), (DevelopmentTaskKind)row.Int(1)), row.Text(2), row.Time(3), row.Text(4));
        row.End();
        return found;
    }

    public static Page<DevelopmentTaskRow> List(Session s, WorkspaceId workspace, string? search, PageRequest page)
    {
        using var snapshot = s.BeginSnapshot();
        var name = SearchPattern.Containing(search);
        var rows = new List<DevelopmentTaskRow>();
        var row = s.Use(
            $"""
            select {Columns}
            from development_task
            where workspace_id = ?1 and deleted_at is null and (?2 is null or name like ?2 escape '\')
            order by updated_at desc, task_id
            limit ?3 offset ?4
            """).Bind(workspace.Value).BindOrNull(name).Bind((long)page.Limit).Bind(page.Offset);
        while (row.Step())
        {
            rows.Add(ReadTask(row));
        }

        return new Page<DevelopmentTaskRow>(rows, Count(s, workspace, name));
    }

    public static Page<DevelopmentTaskVersionRow> ListVersions(Session s, DevelopmentTaskId id, PageRequest page)
    {
        using var snapshot = s.BeginSnapshot();
        var versions = new List<int>();
        var row = s.Use("select version from development_task_version where task_id = ?1 order by version desc limit ?2 offset ?3").Bind(id.Value).Bind((long)page.Limit).Bind(page.Offset);
        while (row.Step())
        {
            versions.Add(row.Int(0));
        }

        // Versions are numbered without gaps, and none is ever deleted.
        var newest = s.Use("select coalesce(max(version), 0) from development_task_version where task_id = ?1").Bind(id.Value);
        newest.Step();
        var count = newest.Long(0);
        newest.End();
        return new Page<DevelopmentTaskVersionRow>([.. versions.Select(version => FindVersion(s, id, version)!)], count);
    }

    /// <summary>With a workspace everything goes: it has no runs any more that could be pinned to anything.</summary>
    public static void DeleteAll(WriterSession s, WorkspaceId workspace)
    {
        s.Use("delete from development_task_version where task_id in (select task_id from development_task where workspace_id = ?1)").Bind(workspace.Value).Execute();
        s.Use("delete from development_task where workspace_id = ?1").Bind(workspace.Value).Execute();
    }

    private static void AddVersion(WriterSession s, DevelopmentTaskId id, int version, string content, SaveTerms terms) =>
        s.Use("insert into development_task_version (task_id, version, content, remark, created_at, created_by) values (?1, ?2, ?3, ?4, ?5, ?6)")
            .Bind(id.Value).Bind((long)version).Bind(content).Bind(terms.Remark).Bind(terms.At).Bind(terms.By).Execute();

    private static string? ReadContent(Session s, DevelopmentTaskId id, int version)
    {
        var row = s.Use("select content from development_task_version where task_id = ?1 and version = ?2").Bind(id.Value).Bind((long)version);
        if (!row.Step())
        {
            return null;
        }

        var content = row.Text(0);
        row.End();
        return content;
    }

    /// <summary>The id stands in the definition's text as it is; it is too long and too random to stand there by chance.</summary>
    private static List<string> ListUsers(Session s, WorkspaceId workspace, DevelopmentTaskId id)
    {
        var names = new List<string>();
        var row = s.Use(
            """
            select w.name
            from workflow w
            where w.workspace_id = ?1
              and exists (
                select 1 from workflow_version v
                where v.code = w.code and v.version in (w.version, w.published_version) and instr(v.definition, ?2) > 0)
            order by w.name
            limit ?3
            """).Bind(workspace.Value).Bind(id.Value).Bind((long)ILibraryStore.UsersNamedMax);
        while (row.Step())
        {
            names.Add(row.Text(0));
        }

        return names;
    }

    private static bool IsNameTaken(Session s, WorkspaceId workspace, string name, DevelopmentTaskId id)
    {
        var row = s.Use("select 1 from development_task where workspace_id = ?1 and name = ?2 and task_id <> ?3 and deleted_at is null").Bind(workspace.Value).Bind(name).Bind(id.Value);
        var taken = row.Step();
        row.End();
        return taken;
    }

    private static long Count(Session s, WorkspaceId workspace, string? name)
    {
        var row = s.Use(@"select count(*) from development_task where workspace_id = ?1 and deleted_at is null and (?2 is null or name like ?2 escape '\')")
            .Bind(workspace.Value).BindOrNull(name);
        row.Step();
        var count = row.Long(0);
        row.End();
        return count;
    }

    private static DevelopmentTaskRow ReadTask(Statement row) => new(
        new DevelopmentTaskId(row.Text(0)), new WorkspaceId(row.Text(1)), row.Text(2), (DevelopmentTaskKind)row.Int(3), row.Int(4), row.IntOrNull(5), row.Time(6), row.Time(7), row.Text(8));
}
