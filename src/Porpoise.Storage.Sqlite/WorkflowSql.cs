using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Workflows;

namespace Porpoise.Storage.Sqlite;

/// <summary>Workflow definitions in SQL.</summary>
internal static class WorkflowSql
{
    public const string Columns =
        "id, code, workspace_id, name, version, published_version, created_at, updated_at, updated_by, last_version, description, created_by, schedule";

    public static SaveWorkflowResult Create(
        WriterSession s, WorkspaceId workspace, WorkflowCode code, WorkflowDefinition definition, bool publish, string by, DateTimeOffset at, NonceRow? nonce, ScheduleChange? schedule)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return new SaveWorkflowResult.NonceUsed();
        }

        if (IsNameTaken(s, workspace, definition.Name, code))
        {
            return new SaveWorkflowResult.NameTaken();
        }

        var hash = VersionHash.Of(definition);
        s.Use(
            """
            insert into workflow (code, workspace_id, name, version, last_version, published_version, created_at, updated_at, created_by, updated_by, description, schedule)
            values (?1, ?2, ?3, 1, 1, ?4, ?5, ?5, ?6, ?6, ?7, ?8)
            """)
            .Bind(code.Value).Bind(workspace.Value).Bind(definition.Name).Bind(publish ? 1L : (long?)null).Bind(at).Bind(by)
            .Bind(definition.Description).BindOrNull(ScheduleDocument.Write(schedule?.Schedule)).Execute();
        AddVersion(s, code, 1, hash, definition, by, at);
        return new SaveWorkflowResult.Saved(Find(s, workspace, code)!, hash);
    }

    public static SaveWorkflowResult Update(
        WriterSession s, WorkspaceId workspace, WorkflowCode code, WorkflowDefinition definition, bool? published, string by, DateTimeOffset at, NonceRow? nonce, ScheduleChange? schedule, WorkflowRow? basis)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return new SaveWorkflowResult.NonceUsed();
        }

        if (Find(s, workspace, code) is not { } before)
        {
            return new SaveWorkflowResult.NotFound();
        }

        if (basis is not null && (basis.Version, basis.PublishedVersion) != (before.Version, before.PublishedVersion))
        {
            return new SaveWorkflowResult.Overtaken();
        }

        if (IsNameTaken(s, workspace, definition.Name, code))
        {
            return new SaveWorkflowResult.NameTaken();
        }

        var hash = VersionHash.Of(definition);
        var current = FindVersion(s, code, before.Version)!;
        var version = before.Version;
        if (current.Hash != hash || current.Definition.Locations != definition.Locations)
        {
            version = before.LastVersion + 1;
            AddVersion(s, code, version, hash, definition, by, at);
        }

        s.Use(
            """
            update workflow
            set name = ?2, version = ?3, last_version = max(last_version, ?3), published_version = ?4, updated_at = ?5, updated_by = ?6, description = ?7, schedule = ?8
            where code = ?1
            """)
            .Bind(code.Value).Bind(definition.Name).Bind((long)version)
            .Bind(published switch { true => version, false => null, null => (long?)before.PublishedVersion }).Bind(at).Bind(by)
            .Bind(definition.Description).BindOrNull(ScheduleDocument.Write(schedule is null ? before.Schedule : schedule.Schedule)).Execute();
        return new SaveWorkflowResult.Saved(Find(s, workspace, code)!, hash);
    }

    public static ReleaseWorkflowResult Release(WriterSession s, WorkspaceId workspace, WorkflowCode code, bool online, DateTimeOffset at, NonceRow? nonce)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return ReleaseWorkflowResult.NonceUsed;
        }

        var released = s.Use("update workflow set published_version = iif(?3, version, null), updated_at = ?4 where code = ?1 and workspace_id = ?2")
            .Bind(code.Value).Bind(workspace.Value).Bind(online ? 1L : 0).Bind(at).Execute();
        return released == 1 ? ReleaseWorkflowResult.Released : ReleaseWorkflowResult.NotFound;
    }

    public static WorkflowRow? Find(Session s, WorkspaceId workspace, WorkflowCode code)
    {
        var row = s.Use($"select {Columns} from workflow where code = ?1 and workspace_id = ?2").Bind(code.Value).Bind(workspace.Value);
        if (!row.Step())
        {
            return null;
        }

        var found = ReadWorkflow(row);
        row.End();
        return found;
    }

    public static WorkflowVersionRow? FindVersion(Session s, WorkflowCode code, int version)
    {
        var row = s.Use("select hash, definition, created_at, created_by from workflow_version where code = ?1 and version = ?2").Bind(code.Value).Bind((long)version);
        if (!row.Step())
        {
            return null;
        }

        var found = new WorkflowVersionRow(code, version, row.Text(0), WorkflowDocument.Read(row.Text(1)), row.Time(2), row.Text(3));
        row.End();
        return found;
    }

    public static int? FindVersionByHash(Session s, WorkflowCode code, string hash)
    {
        var row = s.Use("select max(version) from workflow_version where code = ?1 and hash = ?2").Bind(code.Value).Bind(hash);
        row.Step();
        var version = row.IntOrNull(0);
        row.End();
        return version;
    }

    public static long ReserveCodes(WriterSession s, long bound)
    {
        var row = s.Use("select code_bound from store");
        row.Step();
        var before = row.Long(0);
        row.End();
        s.Use("update store set code_bound = max(code_bound, ?1)").Bind(bound).Execute();
        return before;
    }

    public static WorkflowRow ReadWorkflow(Statement row) => new(
        row.Int(0), new WorkflowCode(row.Long(1)), new WorkspaceId(row.Text(2)), row.Text(3), row.Int(4), row.IntOrNull(5), row.Time(6), row.Time(7), row.Text(8))
    {
        LastVersion = row.Int(9),
        Description = row.Text(10),
        CreatedBy = row.Text(11),
        Schedule = row.IsNull(12) ? null : ScheduleDocument.Read(row.Text(12)),
    };

    public static bool IsNameTaken(Session s, WorkspaceId workspace, string name, WorkflowCode code)
    {
        var row = s.Use("select 1 from workflow where workspace_id = ?1 and name = ?2 and code <> ?3").Bind(workspace.Value).Bind(name).Bind(code.Value);
        var taken = row.Step();
        row.End();
        return taken;
    }

    private static void AddVersion(WriterSession s, WorkflowCode code, int version, string hash, WorkflowDefinition definition, string by, DateTimeOffset at)
    {
        s.Use("insert into workflow_version (code, version, hash, definition, created_at, created_by) values (?1, ?2, ?3, ?4, ?5, ?6)")
            .Bind(code.Value).Bind((long)version).Bind(hash).Bind(WorkflowDocument.Write(definition)).Bind(at).Bind(by).Execute();
        for (var i = 0; i < definition.Tasks.Count; i++)
        {
            s.Use("insert into workflow_task (code, version, idx, name, worker_group) values (?1, ?2, ?3, ?4, ?5)")
                .Bind(code.Value).Bind((long)version).Bind((long)i).Bind(definition.Tasks[i].Name).Bind(definition.Tasks[i].WorkerGroup).Execute();
        }
    }
}
