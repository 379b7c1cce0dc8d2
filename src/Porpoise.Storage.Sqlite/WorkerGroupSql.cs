using Porpoise.Core.Queues;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Queues;

namespace Porpoise.Storage.Sqlite;

/// <summary>Worker groups in SQL.</summary>
internal static class WorkerGroupSql
{
    public static IReadOnlyList<WorkerGroupRow> List(Session s)
    {
        var groups = new List<WorkerGroupRow>();
        var row = s.Use("select id, name, slots, description, created_at, updated_at from worker_group order by id");
        while (row.Step())
        {
            groups.Add(ReadGroup(row));
        }

        return groups;
    }

    public static SaveWorkerGroupResult Create(WriterSession s, WorkerGroupSettings settings, DateTimeOffset at, NonceRow? nonce)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return new SaveWorkerGroupResult.NonceUsed();
        }

        var groups = List(s);
        if (groups.Any(g => g.Settings.Name == settings.Name))
        {
            return new SaveWorkerGroupResult.NameTaken();
        }

        if (groups.Count >= IWorkerGroupStore.WorkerGroupsMax)
        {
            return new SaveWorkerGroupResult.TooMany();
        }

        s.Use("insert into worker_group (name, slots, description, created_at, updated_at) values (?1, ?2, ?3, ?4, ?4)")
            .Bind(settings.Name).Bind((long)settings.Slots).Bind(settings.Description).Bind(at).Execute();
        return new SaveWorkerGroupResult.Saved(List(s)[^1]);
    }

    public static SaveWorkerGroupResult Update(WriterSession s, int id, WorkerGroupSettings settings, DateTimeOffset at, NonceRow? nonce)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return new SaveWorkerGroupResult.NonceUsed();
        }

        if (Find(s, id) is not { } before)
        {
            return new SaveWorkerGroupResult.NotFound();
        }

        if (settings.Name != before.Settings.Name)
        {
            return new SaveWorkerGroupResult.NameIsFixed();
        }

        s.Use("update worker_group set slots = ?2, description = ?3, updated_at = ?4 where id = ?1")
            .Bind((long)id).Bind((long)settings.Slots).Bind(settings.Description).Bind(at).Execute();
        return new SaveWorkerGroupResult.Saved(Find(s, id)!);
    }

    public static SaveWorkerGroupResult Delete(WriterSession s, int id, NonceRow? nonce)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return new SaveWorkerGroupResult.NonceUsed();
        }

        if (Find(s, id) is not { } group)
        {
            return new SaveWorkerGroupResult.NotFound();
        }

        if (group.Settings.Name == StandardWorkerGroup.Name)
        {
            return new SaveWorkerGroupResult.IsStandard();
        }

        if (IsInUse(s, group.Settings.Name))
        {
            return new SaveWorkerGroupResult.InUse();
        }

        if (EnvironmentSql.FindWithGroup(s, group.Settings.Name) is { } environment)
        {
            return new SaveWorkerGroupResult.NamedByEnvironment(environment.Settings.Name);
        }

        s.Use("delete from worker_group where id = ?1").Bind((long)id).Execute();
        return new SaveWorkerGroupResult.Saved(group);
    }

    private static bool IsInUse(Session s, string name)
    {
        var row = s.Use(
            """
            select 1 from run where ended_at is null and worker_group = ?1
            union all
            select 1
            from workflow_task t
            join workflow w on w.code = t.code and t.version in (w.version, w.published_version)
            where t.worker_group = ?1 and t.worker_group <> ''
            union all
            select 1
            from workflow_task t
            join run r on r.workflow_code = t.code and r.version = t.version and r.ended_at is null
            where t.worker_group = ?1 and t.worker_group <> ''
            limit 1
            """).Bind(name);
        var isInUse = row.Step();
        row.End();
        return isInUse;
    }

    private static WorkerGroupRow? Find(Session s, int id) => List(s).FirstOrDefault(g => g.Id == id);

    private static WorkerGroupRow ReadGroup(Statement row) => new(row.Int(0), new WorkerGroupSettings(row.Text(1), row.Int(2), row.Text(3)), row.Time(4), row.Time(5));
}
