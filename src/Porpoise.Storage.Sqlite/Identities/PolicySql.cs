using Porpoise.Storage.Identities;
using Porpoise.Storage.Paging;

namespace Porpoise.Storage.Sqlite.Identities;

/// <summary>Custom policies and their versions in SQL.</summary>
internal static class PolicySql
{
    private const string Columns = "name, description, default_version, created_at, updated_at";

    public static ChangeAccessResult Create(WriterSession s, PolicyRow policy, string document)
    {
        if (Exists(s, policy.Name))
        {
            return ChangeAccessResult.NameTaken;
        }

        if (s.Use("select count(*) from policy").Number() >= IAccessStore.PoliciesMax)
        {
            return ChangeAccessResult.TooMany;
        }

        s.Use("insert into policy (name, description, default_version, version_bound, created_at, updated_at) values (?1, ?2, 1, 2, ?3, ?4)")
            .Bind(policy.Name).Bind(policy.Description).Bind(policy.CreatedAt).Bind(policy.UpdatedAt).Execute();
        InsertVersion(s, policy.Name, 1, document, policy.CreatedAt);
        return ChangeAccessResult.Changed;
    }

    public static AddPolicyVersionResult AddVersion(WriterSession s, string name, string document, bool isDefault, DateTimeOffset at)
    {
        if (!Exists(s, name))
        {
            return new AddPolicyVersionResult(ChangeAccessResult.NotFound, 0);
        }

        if (s.Use("select count(*) from policy_version where policy_name = ?1").Bind(name).Number() >= IAccessStore.PolicyVersionsMax)
        {
            return new AddPolicyVersionResult(ChangeAccessResult.TooMany, 0);
        }

        var version = (int)s.Use("update policy set version_bound = version_bound + 1, updated_at = ?2 where name = ?1 returning version_bound - 1").Bind(name).Bind(at).Number();
        InsertVersion(s, name, version, document, at);
        if (isDefault)
        {
            s.Use("update policy set default_version = ?2 where name = ?1").Bind(name).Bind((long)version).Execute();
        }

        return new AddPolicyVersionResult(ChangeAccessResult.Changed, version);
    }

    public static ChangeAccessResult SetDefault(WriterSession s, string name, int version, DateTimeOffset at)
    {
        if (!s.Use("select 1 from policy_version where policy_name = ?1 and version = ?2").Bind(name).Bind((long)version).Any())
        {
            return ChangeAccessResult.NotFound;
        }

        s.Use("update policy set default_version = ?2, updated_at = ?3 where name = ?1").Bind(name).Bind((long)version).Bind(at).Execute();
        return ChangeAccessResult.Changed;
    }

    public static ChangeAccessResult DeleteVersion(WriterSession s, string name, int version, DateTimeOffset at)
    {
        if (s.Use("select 1 from policy where name = ?1 and default_version = ?2").Bind(name).Bind((long)version).Any())
        {
            return ChangeAccessResult.InUse;
        }

        if (s.Use("delete from policy_version where policy_name = ?1 and version = ?2").Bind(name).Bind((long)version).Execute() == 0)
        {
            return ChangeAccessResult.NotFound;
        }

        s.Use("update policy set updated_at = ?2 where name = ?1").Bind(name).Bind(at).Execute();
        return ChangeAccessResult.Changed;
    }

    public static ChangeAccessResult Delete(WriterSession s, string name)
    {
        if (!Exists(s, name))
        {
            return ChangeAccessResult.NotFound;
        }

        if (s.Use("select 1 from policy_attachment where is_system = 0 and policy_name = ?1 limit 1").Bind(name).Any())
        {
            return ChangeAccessResult.InUse;
        }

        s.Use("delete from policy_version where policy_name = ?1").Bind(name).Execute();
        s.Use("delete from policy where name = ?1").Bind(name).Execute();
        return ChangeAccessResult.Changed;
    }

    public static PolicyRow? Find(Session s, string name) => s.Use($"select {Columns} from policy where name = ?1").Bind(name).First(Read);

    public static bool Exists(Session s, string name) => s.Use("select 1 from policy where name = ?1").Bind(name).Any();

    public static IReadOnlyList<PolicyVersionRow> ListVersions(Session s, string name) => s.Use(
        """
        select v.policy_name, v.version, v.document, v.version = p.default_version, v.created_at
        from policy p
        join policy_version v on v.policy_name = p.name
        where p.name = ?1
        order by v.version desc
        """).Bind(name).All(static row => new PolicyVersionRow(row.Text(0), row.Int(1), row.Text(2), row.Int(3) == 1, row.Time(4)));

    public static Page<PolicyRow> List(Session s, string? search, PageRequest page)
    {
        using var snapshot = s.BeginSnapshot();
        var part = SearchPattern.Containing(search);
        var rows = s.Use(
            $"""
            select {Columns}
            from policy
            where ?1 is null or name like ?1 escape '\' or description like ?1 escape '\'
            order by name
            limit ?2 offset ?3
            """).BindOrNull(part).Bind((long)page.Limit).Bind(page.Offset).All(Read);
        var total = s.Use(@"select count(*) from policy where ?1 is null or name like ?1 escape '\' or description like ?1 escape '\'").BindOrNull(part).Number();
        return new Page<PolicyRow>(rows, total);
    }

    private static void InsertVersion(WriterSession s, string name, int version, string document, DateTimeOffset at) =>
        s.Use("insert into policy_version (policy_name, version, document, created_at) values (?1, ?2, ?3, ?4)")
            .Bind(name).Bind((long)version).Bind(document).Bind(at).Execute();

    private static PolicyRow Read(Statement row) => new(row.Text(0), row.Text(1), row.Int(2), row.Time(3)) { UpdatedAt = row.Time(4) };
}
