using Porpoise.Core.Queues;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Queues;

namespace Porpoise.Storage.Sqlite;

/// <summary>Queues in SQL.</summary>
internal static class QueueSql
{
    private static readonly QueueSettings[] Standard =
    [
        new(StandardQueues.Production, QueueEnvironment.Production, 0, 0),
        new(StandardQueues.Development, QueueEnvironment.Development, 0, 0),
    ];

    public static void AddStandard(WriterSession s, WorkspaceId workspace, DateTimeOffset at)
    {
        foreach (var settings in Standard)
        {
            Insert(s, workspace, settings, at);
        }
    }

    public static IReadOnlyList<QueueRow> List(Session s, WorkspaceId? workspace)
    {
        var queues = new List<QueueRow>();
        var row = s.Use(
            """
            select id, workspace_id, name, environment, tasks_max, cu_max, created_at, updated_at
            from queue
            where ?1 is null or workspace_id = ?1
            order by id
            """).BindOrNull(workspace?.Value);
        while (row.Step())
        {
            queues.Add(ReadQueue(row));
        }

        return queues;
    }

    public static SaveQueueResult Create(WriterSession s, WorkspaceId workspace, QueueSettings settings, DateTimeOffset at, NonceRow? nonce)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return new SaveQueueResult.NonceUsed();
        }

        if (!WorkspaceSql.Exists(s, workspace))
        {
            return new SaveQueueResult.NotFound();
        }

        if (IsNameTaken(s, workspace, settings.Name))
        {
            return new SaveQueueResult.NameTaken();
        }

        if (Count(s, workspace) >= IQueueStore.QueuesMax)
        {
            return new SaveQueueResult.TooMany();
        }

        return new SaveQueueResult.Saved(Insert(s, workspace, settings, at));
    }

    public static SaveQueueResult Update(WriterSession s, WorkspaceId workspace, int id, QueueSettings settings, DateTimeOffset at, NonceRow? nonce)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return new SaveQueueResult.NonceUsed();
        }

        if (Find(s, workspace, id) is not { } before)
        {
            return new SaveQueueResult.NotFound();
        }

        if (settings.Name != before.Settings.Name)
        {
            return new SaveQueueResult.NameIsFixed();
        }

        if (settings.Name is StandardQueues.Production or StandardQueues.Development && settings.Environment != before.Settings.Environment)
        {
            return new SaveQueueResult.IsStandard();
        }

        s.Use("update queue set environment = ?2, tasks_max = ?3, cu_max = ?4, updated_at = ?5 where id = ?1")
            .Bind((long)id).Bind((long)settings.Environment).Bind((long)settings.TasksMax).Bind((long)settings.CuMax).Bind(at).Execute();
        return new SaveQueueResult.Saved(Find(s, workspace, id)!);
    }

    private static QueueRow Insert(WriterSession s, WorkspaceId workspace, QueueSettings settings, DateTimeOffset at)
    {
        var row = s.Use(
            """
            insert into queue (workspace_id, name, environment, tasks_max, cu_max, created_at, updated_at)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?6)
            returning id, workspace_id, name, environment, tasks_max, cu_max, created_at, updated_at
            """)
            .Bind(workspace.Value).Bind(settings.Name).Bind((long)settings.Environment).Bind((long)settings.TasksMax).Bind((long)settings.CuMax).Bind(at);
        row.Step();
        var queue = ReadQueue(row);
        row.End();
        return queue;
    }

    private static QueueRow? Find(Session s, WorkspaceId workspace, int id)
    {
        var row = s.Use("select id, workspace_id, name, environment, tasks_max, cu_max, created_at, updated_at from queue where id = ?1 and workspace_id = ?2")
            .Bind((long)id).Bind(workspace.Value);
        if (!row.Step())
        {
            return null;
        }

        var queue = ReadQueue(row);
        row.End();
        return queue;
    }

    private static bool IsNameTaken(Session s, WorkspaceId workspace, string name)
    {
        var row = s.Use("select 1 from queue where workspace_id = ?1 and name = ?2").Bind(workspace.Value).Bind(name);
        var taken = row.Step();
        row.End();
        return taken;
    }

    private static long Count(Session s, WorkspaceId workspace)
    {
        var row = s.Use("select count(*) from queue where workspace_id = ?1").Bind(workspace.Value);
        row.Step();
        var count = row.Long(0);
        row.End();
        return count;
    }

    private static QueueRow ReadQueue(Statement row) => new(
        row.Int(0), new WorkspaceId(row.Text(1)), new QueueSettings(row.Text(2), (QueueEnvironment)row.Int(3), row.Int(4), row.Int(5)), row.Time(6), row.Time(7));
}
