using Porpoise.Core.Environments;
using Porpoise.Storage.Environments;
using Porpoise.Storage.Identities;

namespace Porpoise.Storage.Sqlite;

/// <summary>Environments in SQL.</summary>
internal static class EnvironmentSql
{
    private const string Columns = "code, name, config, description, worker_groups, created_by, created_at, updated_at";

    public static IReadOnlyList<EnvironmentRow> List(Session s)
    {
        var environments = new List<EnvironmentRow>();
        var row = s.Use($"select {Columns} from environment order by code");
        while (row.Step())
        {
            environments.Add(Read(row));
        }

        return environments;
    }

    /// <summary>One that names the worker group; null: none does.</summary>
    public static EnvironmentRow? FindWithGroup(Session s, string group) => List(s).FirstOrDefault(e => e.Settings.WorkerGroups.Contains(group, StringComparer.Ordinal));

    public static SaveEnvironmentResult Create(WriterSession s, EnvironmentCode code, EnvironmentSettings settings, string by, DateTimeOffset at, NonceRow? nonce)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return new SaveEnvironmentResult.NonceUsed();
        }

        if (IsNameTaken(s, code, settings.Name))
        {
            return new SaveEnvironmentResult.NameTaken();
        }

        if (Count(s) >= IEnvironmentStore.EnvironmentsMax)
        {
            return new SaveEnvironmentResult.TooMany();
        }

        s.Use("insert into environment (code, name, config, description, worker_groups, created_by, created_at, updated_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)")
            .Bind(code.Value).Bind(settings.Name).Bind(settings.Config).Bind(settings.Description).Bind(WriteGroups(settings.WorkerGroups)).Bind(by).Bind(at).Execute();
        return new SaveEnvironmentResult.Saved(Find(s, code)!);
    }

    public static SaveEnvironmentResult Update(WriterSession s, EnvironmentCode code, EnvironmentSettings settings, DateTimeOffset at, NonceRow? nonce)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return new SaveEnvironmentResult.NonceUsed();
        }

        if (Find(s, code) is null)
        {
            return new SaveEnvironmentResult.NotFound();
        }

        if (IsNameTaken(s, code, settings.Name))
        {
            return new SaveEnvironmentResult.NameTaken();
        }

        s.Use("update environment set name = ?2, config = ?3, description = ?4, worker_groups = ?5, updated_at = ?6 where code = ?1")
            .Bind(code.Value).Bind(settings.Name).Bind(settings.Config).Bind(settings.Description).Bind(WriteGroups(settings.WorkerGroups)).Bind(at).Execute();
        return new SaveEnvironmentResult.Saved(Find(s, code)!);
    }

    public static DeleteEnvironmentResult Delete(WriterSession s, EnvironmentCode code, NonceRow? nonce)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return new DeleteEnvironmentResult.NonceUsed();
        }

        if (Find(s, code) is null)
        {
            return new DeleteEnvironmentResult.NotFound();
        }

        if (FindUser(s, code) is { } user)
        {
            return new DeleteEnvironmentResult.Used(user);
        }

        s.Use("delete from environment where code = ?1").Bind(code.Value).Execute();
        return new DeleteEnvironmentResult.Deleted();
    }

    /// <summary>The name of a workflow or of an unfinished run. Definitions are searched, which is slow, but nobody waits for it often; an index would cost every save.</summary>
    private static string? FindUser(Session s, EnvironmentCode code)
    {
        var row = s.Use(
            """
            select name from run where environment_code = ?1 and ended_at is null
            union all
            select w.name
            from workflow w
            join workflow_version v on v.code = w.code and v.version in (w.version, w.published_version)
            where instr(v.definition, '"environment":') > 0
              and exists (select 1 from json_each(v.definition, '$.tasks') t where json_extract(t.value, '$.environment') = ?1)
            union all
            select r.name
            from run r
            join workflow_version v on v.code = r.workflow_code and v.version = r.version
            where r.ended_at is null
              and instr(v.definition, '"environment":') > 0
              and exists (select 1 from json_each(v.definition, '$.tasks') t where json_extract(t.value, '$.environment') = ?1)
            limit 1
            """).Bind(code.Value);
        if (!row.Step())
        {
            return null;
        }

        var name = row.Text(0);
        row.End();
        return name;
    }

    private static EnvironmentRow? Find(Session s, EnvironmentCode code)
    {
        var row = s.Use($"select {Columns} from environment where code = ?1").Bind(code.Value);
        if (!row.Step())
        {
            return null;
        }

        var environment = Read(row);
        row.End();
        return environment;
    }

    private static bool IsNameTaken(Session s, EnvironmentCode code, string name)
    {
        var row = s.Use("select 1 from environment where name = ?1 and code <> ?2").Bind(name).Bind(code.Value);
        var taken = row.Step();
        row.End();
        return taken;
    }

    private static long Count(Session s)
    {
        var row = s.Use("select count(*) from environment");
        row.Step();
        var count = row.Long(0);
        row.End();
        return count;
    }

    private static EnvironmentRow Read(Statement row) => new(
        new EnvironmentCode(row.Long(0)), new EnvironmentSettings(row.Text(1), row.Text(2), row.Text(3), ReadGroups(row.Text(4))), row.Text(5), row.Time(6), row.Time(7));

    private static string WriteGroups(IReadOnlyList<string> groups) => string.Join('\n', groups);

    private static string[] ReadGroups(string text) => text.Length == 0 ? [] : text.Split('\n');
}
