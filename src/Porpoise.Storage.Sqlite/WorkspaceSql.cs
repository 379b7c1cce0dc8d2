using Porpoise.Core.Policies;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;

namespace Porpoise.Storage.Sqlite;

/// <summary>Workspaces in SQL.</summary>
internal static class WorkspaceSql
{
    public static IReadOnlyList<WorkspaceRow> List(Session s)
    {
        var workspaces = new List<WorkspaceRow>();
        var row = s.Use("select workspace_id, project_code, name, created_at, number, description, updated_at from workspace order by number");
        while (row.Step())
        {
            workspaces.Add(new WorkspaceRow(new WorkspaceId(row.Text(0)), row.Long(1), row.Text(2), row.Time(3))
            {
                Number = row.Int(4),
                Description = row.Text(5),
                UpdatedAt = row.Time(6),
            });
        }

        return workspaces;
    }

    public static ChangeWorkspaceResult Create(WriterSession s, WorkspaceRow workspace, NonceRow? nonce, string? ownerId)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return ChangeWorkspaceResult.NonceUsed;
        }

        if (IsNameTaken(s, workspace.Name, workspace.Id))
        {
            return ChangeWorkspaceResult.NameTaken;
        }

        Insert(s, workspace);
        s.Use(
            """
            insert into workspace_member (workspace_id, identity_id, role, added_at)
            select ?1, identity_id, ?3, ?4 from identity where identity_id = ?2
            """)
            .Bind(workspace.Id.Value).BindOrNull(ownerId).Bind((long)WorkspaceRole.Owner).Bind(workspace.CreatedAt).Execute();
        return ChangeWorkspaceResult.Changed;
    }

    /// <summary>With the standard queues.</summary>
    public static void Insert(WriterSession s, WorkspaceRow workspace)
    {
        s.Use("insert into workspace (workspace_id, project_code, name, description, created_at, updated_at) values (?1, ?2, ?3, ?4, ?5, ?6)")
            .Bind(workspace.Id.Value).Bind(workspace.ProjectCode).Bind(workspace.Name).Bind(workspace.Description).Bind(workspace.CreatedAt).Bind(workspace.UpdatedAt)
            .Execute();
        QueueSql.AddStandard(s, workspace.Id, workspace.CreatedAt);
    }

    public static ChangeWorkspaceResult Update(WriterSession s, WorkspaceId workspace, string name, string? description, DateTimeOffset at, NonceRow? nonce)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return ChangeWorkspaceResult.NonceUsed;
        }

        if (!Exists(s, workspace))
        {
            return ChangeWorkspaceResult.NotFound;
        }

        if (IsNameTaken(s, name, workspace))
        {
            return ChangeWorkspaceResult.NameTaken;
        }

        s.Use("update workspace set name = ?2, description = coalesce(?3, description), updated_at = ?4 where workspace_id = ?1").Bind(workspace.Value).Bind(name).BindOrNull(description).Bind(at).Execute();
        return ChangeWorkspaceResult.Changed;
    }

    public static ChangeWorkspaceResult Delete(WriterSession s, WorkspaceId workspace, NonceRow? nonce)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return ChangeWorkspaceResult.NonceUsed;
        }

        if (!Exists(s, workspace))
        {
            return ChangeWorkspaceResult.NotFound;
        }

        if (IsUsed(s, workspace))
        {
            return ChangeWorkspaceResult.NotEmpty;
        }

        LibrarySql.DeleteAll(s, workspace);
        s.Use("delete from queue where workspace_id = ?1").Bind(workspace.Value).Execute();
        s.Use("delete from data_source where workspace_id = ?1").Bind(workspace.Value).Execute();
        s.Use("delete from workspace_member where workspace_id = ?1").Bind(workspace.Value).Execute();
        s.Use("delete from workspace where workspace_id = ?1").Bind(workspace.Value).Execute();
        return ChangeWorkspaceResult.Changed;
    }

    public static bool Exists(Session s, WorkspaceId workspace)
    {
        var row = s.Use("select 1 from workspace where workspace_id = ?1").Bind(workspace.Value);
        var exists = row.Step();
        row.End();
        return exists;
    }

    private static bool IsNameTaken(Session s, string name, WorkspaceId workspace)
    {
        var row = s.Use("select 1 from workspace where name = ?1 and workspace_id <> ?2").Bind(name).Bind(workspace.Value);
        var taken = row.Step();
        row.End();
        return taken;
    }

    private static bool IsUsed(Session s, WorkspaceId workspace)
    {
        var row = s.Use(
            """
            select 1
            where exists (select 1 from workflow where workspace_id = ?1) or exists (select 1 from run where workspace_id = ?1)
            """).Bind(workspace.Value);
        var used = row.Step();
        row.End();
        return used;
    }
}
