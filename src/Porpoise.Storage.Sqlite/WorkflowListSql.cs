using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Paging;
using Porpoise.Storage.Workflows;

namespace Porpoise.Storage.Sqlite;

/// <summary>Lists of workflow definitions and versions in SQL, and what is done to them from there.</summary>
internal static class WorkflowListSql
{
    public static Page<WorkflowRow> List(Session s, WorkspaceId workspace, string? search, PageRequest page)
    {
        using var snapshot = s.BeginSnapshot();
        var name = SearchPattern.Containing(search);
        var rows = new List<WorkflowRow>();
        var row = s.Use(
            $"""
            select {WorkflowSql.Columns}
            from workflow indexed by workflow_by_change
            where workspace_id = ?1 and (?2 is null or name like ?2 escape '\')
            order by updated_at desc, id desc
            limit ?3 offset ?4
            """).Bind(workspace.Value).BindOrNull(name).Bind((long)page.Limit).Bind(page.Offset);
        while (row.Step())
        {
            rows.Add(WorkflowSql.ReadWorkflow(row));
        }

        return new Page<WorkflowRow>(rows, Count(s, workspace, name));
    }

    public static long Count(Session s, WorkspaceId workspace, string? name)
    {
        var row = s.Use(@"select count(*) from workflow where workspace_id = ?1 and (?2 is null or name like ?2 escape '\')").Bind(workspace.Value).BindOrNull(name);
        row.Step();
        var count = row.Long(0);
        row.End();
        return count;
    }

    public static WorkflowRow? FindByName(Session s, WorkspaceId workspace, string name)
    {
        var row = s.Use($"select {WorkflowSql.Columns} from workflow where workspace_id = ?1 and name = ?2").Bind(workspace.Value).Bind(name);
        if (!row.Step())
        {
            return null;
        }

        var found = WorkflowSql.ReadWorkflow(row);
        row.End();
        return found;
    }

    public static Page<WorkflowVersionRow> ListVersions(Session s, WorkflowCode code, TaskCode? node, PageRequest page)
    {
        using var snapshot = s.BeginSnapshot();
        if (node is { } wanted)
        {
            var having = s.Use("select version from workflow_version where code = ?1 and exists (select 1 from json_each(definition, '$.tasks') where value ->> 'code' = ?2) order by version desc")
                .Bind(code.Value).Bind(wanted.Value).All(static row => row.Int(0));
            return new Page<WorkflowVersionRow>(
                [.. having.Skip((int)Math.Min(page.Offset, having.Count)).Take(page.Limit).Select(version => WorkflowSql.FindVersion(s, code, version)!)], having.Count);
        }

        var versions = new List<int>();
        var row = s.Use("select version from workflow_version where code = ?1 order by version desc limit ?2 offset ?3").Bind(code.Value).Bind((long)page.Limit).Bind(page.Offset);
        while (row.Step())
        {
            versions.Add(row.Int(0));
        }

        var total = s.Use("select count(*) from workflow_version indexed by workflow_version_by_hash where code = ?1").Bind(code.Value);
        total.Step();
        var count = total.Long(0);
        total.End();
        return new Page<WorkflowVersionRow>([.. versions.Select(version => WorkflowSql.FindVersion(s, code, version)!)], count);
    }

    public static ChangeWorkflowResult SwitchVersion(WriterSession s, WorkspaceId workspace, WorkflowCode code, int version, string by, DateTimeOffset at, NonceRow? nonce)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return ChangeWorkflowResult.NonceUsed;
        }

        if (WorkflowSql.Find(s, workspace, code) is null)
        {
            return ChangeWorkflowResult.NotFound;
        }

        if (WorkflowSql.FindVersion(s, code, version) is not { } stored)
        {
            return ChangeWorkflowResult.VersionNotFound;
        }

        if (WorkflowSql.IsNameTaken(s, workspace, stored.Definition.Name, code))
        {
            return ChangeWorkflowResult.NameTaken;
        }

        s.Use("update workflow set version = ?2, name = ?3, description = ?4, updated_at = ?5, updated_by = ?6 where code = ?1")
            .Bind(code.Value).Bind((long)version).Bind(stored.Definition.Name).Bind(stored.Definition.Description).Bind(at).Bind(by).Execute();
        return ChangeWorkflowResult.Changed;
    }

    public static ChangeWorkflowResult DeleteVersion(WriterSession s, WorkspaceId workspace, WorkflowCode code, int version, NonceRow? nonce)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return ChangeWorkflowResult.NonceUsed;
        }

        if (WorkflowSql.Find(s, workspace, code) is not { } workflow)
        {
            return ChangeWorkflowResult.NotFound;
        }

        if (workflow.Version == version)
        {
            return ChangeWorkflowResult.Current;
        }

        if (workflow.PublishedVersion == version)
        {
            return ChangeWorkflowResult.Published;
        }

        if (CounterSql.CountPinned(s, code, version) > 0)
        {
            return ChangeWorkflowResult.UsedByRuns;
        }

        return RemoveVersion(s, code, version) ? ChangeWorkflowResult.Changed : ChangeWorkflowResult.VersionNotFound;
    }

    public static ChangeWorkflowResult Delete(WriterSession s, WorkspaceId workspace, WorkflowCode code, NonceRow? nonce)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return ChangeWorkflowResult.NonceUsed;
        }

        if (WhyKept(s, workspace, code) is { } reason)
        {
            return reason;
        }

        s.Use("delete from workflow where code = ?1").Bind(code.Value).Execute();
        foreach (var version in FindUnpinned(s, code))
        {
            RemoveVersion(s, code, version);
        }

        return ChangeWorkflowResult.Changed;
    }

    public static ChangeWorkflowResult Move(WriterSession s, WorkspaceId workspace, WorkflowCode code, WorkspaceId target, string by, DateTimeOffset at, NonceRow? nonce)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return ChangeWorkflowResult.NonceUsed;
        }

        if (!WorkspaceSql.Exists(s, target))
        {
            return ChangeWorkflowResult.NotFound;
        }

        if (WhyKept(s, workspace, code) is { } reason)
        {
            return reason;
        }

        if (WorkflowSql.IsNameTaken(s, target, WorkflowSql.Find(s, workspace, code)!.Name, code))
        {
            return ChangeWorkflowResult.NameTaken;
        }

        s.Use("update workflow set workspace_id = ?2, updated_at = ?3, updated_by = ?4 where code = ?1").Bind(code.Value).Bind(target.Value).Bind(at).Bind(by).Execute();
        return ChangeWorkflowResult.Changed;
    }

    /// <summary>False: no such version.</summary>
    public static bool RemoveVersion(WriterSession s, WorkflowCode code, int version)
    {
        s.DeletedVersions.Add((code, version));
        s.Use("delete from workflow_task where code = ?1 and version = ?2").Bind(code.Value).Bind((long)version).Execute();
        return s.Use("delete from workflow_version where code = ?1 and version = ?2").Bind(code.Value).Bind((long)version).Execute() == 1;
    }

    private static List<int> FindUnpinned(Session s, WorkflowCode code)
    {
        var versions = new List<int>();
        var row = s.Use("select version from workflow_version where code = ?1 and version not in (select version from version_count where workflow_code = ?1)").Bind(code.Value);
        while (row.Step())
        {
            versions.Add(row.Int(0));
        }

        return versions;
    }

    /// <summary>Why the definition has to stay where it is; null: it may go.</summary>
    private static ChangeWorkflowResult? WhyKept(Session s, WorkspaceId workspace, WorkflowCode code) =>
        WorkflowSql.Find(s, workspace, code) is not { } workflow ? ChangeWorkflowResult.NotFound
        : workflow.PublishedVersion is not null ? ChangeWorkflowResult.Published
        : CounterSql.IsUnderWay(s, code) ? ChangeWorkflowResult.UsedByRuns
        : null;
}
