using Porpoise.Storage.Identities;
using Porpoise.Storage.Paging;

namespace Porpoise.Storage.Sqlite.Identities;

/// <summary>Users, groups and roles in SQL, and who is in which group.</summary>
internal static class PeopleSql
{
    private const string Columns = "i.kind, i.identity_id, i.name, i.description, i.created_at, i.number, i.updated_at, i.password_hash, i.trust_policy, i.session_seconds_max";

    public static ChangeAccessResult Create(WriterSession s, IdentityRow identity)
    {
        if (IsNameTaken(s, identity, but: ""))
        {
            return ChangeAccessResult.NameTaken;
        }

        if (s.Use("select count(*) from identity where kind = ?1").Bind((long)identity.Kind).Number() >= MaxOf(identity.Kind))
        {
            return ChangeAccessResult.TooMany;
        }

        s.Use(
            """
            insert into identity (identity_id, kind, name, description, password_hash, trust_policy, session_seconds_max, created_at, updated_at)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """)
            .Bind(identity.Id).Bind((long)identity.Kind).Bind(identity.Name).Bind(identity.Description).BindOrNull(identity.PasswordHash).BindOrNull(identity.TrustPolicy)
            .Bind((long?)identity.SessionSecondsMax).Bind(identity.CreatedAt).Bind(identity.UpdatedAt).Execute();
        return ChangeAccessResult.Changed;
    }

    public static ChangeAccessResult Update(WriterSession s, IdentityRow identity)
    {
        if (!Exists(s, identity.Id, identity.Kind))
        {
            return ChangeAccessResult.NotFound;
        }

        if (IsNameTaken(s, identity, but: identity.Id))
        {
            return ChangeAccessResult.NameTaken;
        }

        s.Use(
            """
            update identity
            set name = ?2, description = ?3, password_hash = ?4, trust_policy = ?5, session_seconds_max = ?6, updated_at = ?7
            where identity_id = ?1
            """)
            .Bind(identity.Id).Bind(identity.Name).Bind(identity.Description).BindOrNull(identity.PasswordHash).BindOrNull(identity.TrustPolicy)
            .Bind((long?)identity.SessionSecondsMax).Bind(identity.UpdatedAt).Execute();
        return ChangeAccessResult.Changed;
    }

    public static ChangeAccessResult Delete(WriterSession s, string id)
    {
        s.Use("delete from group_user where user_id = ?1").Bind(id).Execute();
        s.Use("delete from group_user where group_id = ?1").Bind(id).Execute();
        s.Use("delete from policy_attachment where identity_id = ?1").Bind(id).Execute();
        s.Use("delete from workspace_member where identity_id = ?1").Bind(id).Execute();
        s.Use("delete from access_key where owner_id = ?1").Bind(id).Execute();
        s.Use("delete from api_token where owner_id = ?1").Bind(id).Execute();
        return s.Use("delete from identity where identity_id = ?1").Bind(id).Execute() == 1 ? ChangeAccessResult.Changed : ChangeAccessResult.NotFound;
    }

    public static IdentityRow? Find(Session s, string id) => s.Use($"select {Columns} from identity i where identity_id = ?1").Bind(id).First(Read);

    public static IdentityRow? Find(Session s, IdentityKind kind, string name) =>
        s.Use($"select {Columns} from identity i where kind = ?1 and name = ?2").Bind((long)kind).Bind(name).First(Read);

    public static bool Exists(Session s, string id, IdentityKind kind) => s.Use("select 1 from identity where identity_id = ?1 and kind = ?2").Bind(id).Bind((long)kind).Any();

    public static Page<IdentityRow> List(Session s, IdentityKind kind, string? search, PageRequest page)
    {
        using var snapshot = s.BeginSnapshot();
        var part = SearchPattern.Containing(search);
        var rows = s.Use(
            $"""
            select {Columns}
            from identity i
            where kind = ?1 and (?2 is null or name like ?2 escape '\' or description like ?2 escape '\')
            order by name
            limit ?3 offset ?4
            """).Bind((long)kind).BindOrNull(part).Bind((long)page.Limit).Bind(page.Offset).All(Read);
        var total = s.Use(@"select count(*) from identity where kind = ?1 and (?2 is null or name like ?2 escape '\' or description like ?2 escape '\')")
            .Bind((long)kind).BindOrNull(part).Number();
        return new Page<IdentityRow>(rows, total);
    }

    public static ChangeAccessResult SetGroupUser(WriterSession s, string groupId, string userId, bool isIn, DateTimeOffset at)
    {
        if (!Exists(s, groupId, IdentityKind.Group) || !Exists(s, userId, IdentityKind.User))
        {
            return ChangeAccessResult.NotFound;
        }

        if (!isIn)
        {
            s.Use("delete from group_user where group_id = ?1 and user_id = ?2").Bind(groupId).Bind(userId).Execute();
            return ChangeAccessResult.Changed;
        }

        s.Use("insert or ignore into group_user (group_id, user_id, added_at) values (?1, ?2, ?3)").Bind(groupId).Bind(userId).Bind(at).Execute();
        return s.Use("select count(*) from group_user where user_id = ?1").Bind(userId).Number() > IAccessStore.GroupsPerUserMax
            ? ChangeAccessResult.TooMany
            : ChangeAccessResult.Changed;
    }

    public static IReadOnlyList<IdentityRow> ListGroupsOfUser(Session s, string userId) => s.Use(
        $"""
        select {Columns}
        from group_user g
        join identity i on i.identity_id = g.group_id
        where g.user_id = ?1
        order by i.name
        """).Bind(userId).All(Read);

    public static IReadOnlyList<IdentityRow> ListUsersOfGroup(Session s, string groupId) => s.Use(
        $"""
        select {Columns}
        from group_user g
        join identity i on i.identity_id = g.user_id
        where g.group_id = ?1
        order by i.name
        """).Bind(groupId).All(Read);

    public static IReadOnlyList<IdentityRow> ListAttached(Session s, string policyName, bool isSystem) => s.Use(
        $"""
        select {Columns}
        from policy_attachment a
        join identity i on i.identity_id = a.identity_id
        where a.is_system = ?1 and a.policy_name = ?2
        order by i.kind, i.name
        limit ?3
        """).Bind(isSystem ? 1L : 0).Bind(policyName).Bind((long)IAccessStore.UsersMax).All(Read);

    private static bool IsNameTaken(Session s, IdentityRow identity, string but) =>
        s.Use("select 1 from identity where kind = ?1 and name = ?2 and identity_id <> ?3").Bind((long)identity.Kind).Bind(identity.Name).Bind(but).Any()
        || (identity.Kind == IdentityKind.User && s.Use("select 1 from account where user_name = ?1 collate nocase").Bind(identity.Name).Any());

    private static int MaxOf(IdentityKind kind) => kind switch
    {
        IdentityKind.User => IAccessStore.UsersMax,
        IdentityKind.Group => IAccessStore.GroupsMax,
        _ => IAccessStore.RolesMax,
    };

    private static IdentityRow Read(Statement row) => new((IdentityKind)row.Int(0), row.Text(1), row.Text(2), row.Text(3), row.Time(4))
    {
        Number = row.Int(5),
        UpdatedAt = row.Time(6),
        PasswordHash = row.TextOrNull(7),
        TrustPolicy = row.TextOrNull(8),
        SessionSecondsMax = row.IntOrNull(9),
    };
}
