using System.Diagnostics;
using Porpoise.Core.Policies;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;

namespace Porpoise.Storage.Sqlite.Identities;

/// <summary>What decides about users and roles, in SQL: policies that are attached to them, and their roles in workspaces.</summary>
internal static class PrincipalSql
{
    public static PrincipalRow? Read(Session s, string id)
    {
        using var snapshot = s.BeginSnapshot();
        if (PeopleSql.Find(s, id) is not { Kind: IdentityKind.User or IdentityKind.Role } identity)
        {
            return null;
        }

        var grants = s.Use(
            """
            select a.policy_name, a.is_system, i.kind, i.name, coalesce(p.default_version, 0), v.document
            from (select ?1 as id union all select group_id from group_user where user_id = ?1) holder
            join identity i on i.identity_id = holder.id
            join policy_attachment a on a.identity_id = holder.id
            left join policy p on a.is_system = 0 and p.name = a.policy_name
            left join policy_version v on v.policy_name = p.name and v.version = p.default_version
            order by i.kind, i.name, a.is_system, a.policy_name
            """).Bind(id).All(static row => new GrantRow(row.Text(0), row.Int(1) == 1, NameOf((IdentityKind)row.Int(2)) + "/" + row.Text(3), row.Int(4), row.TextOrNull(5)));
        var memberships = s.Use("select workspace_id, identity_id, role, added_at from workspace_member where identity_id = ?1 order by workspace_id").Bind(id).All(ReadMember);
        return new PrincipalRow(identity, grants, memberships);
    }

    public static ChangeAccessResult SetAttachment(WriterSession s, string identityId, string policyName, bool isSystem, bool isAttached, DateTimeOffset at)
    {
        if (PeopleSql.Find(s, identityId) is null || (!isSystem && !PolicySql.Exists(s, policyName)))
        {
            return ChangeAccessResult.NotFound;
        }

        var kind = isSystem ? 1L : 0;
        if (!isAttached)
        {
            s.Use("delete from policy_attachment where identity_id = ?1 and is_system = ?2 and policy_name = ?3").Bind(identityId).Bind(kind).Bind(policyName).Execute();
            return ChangeAccessResult.Changed;
        }

        s.Use("insert or ignore into policy_attachment (identity_id, is_system, policy_name, attached_at) values (?1, ?2, ?3, ?4)")
            .Bind(identityId).Bind(kind).Bind(policyName).Bind(at).Execute();
        var max = isSystem ? IAccessStore.SystemPoliciesPerIdentityMax : IAccessStore.CustomPoliciesPerIdentityMax;
        return s.Use("select count(*) from policy_attachment where identity_id = ?1 and is_system = ?2").Bind(identityId).Bind(kind).Number() > max
            ? ChangeAccessResult.TooMany
            : ChangeAccessResult.Changed;
    }

    public static IReadOnlyList<AttachmentRow> ListAttachments(Session s, string identityId) =>
        s.Use("select policy_name, is_system, attached_at from policy_attachment where identity_id = ?1 order by policy_name, is_system")
            .Bind(identityId).All(static row => new AttachmentRow(row.Text(0), row.Int(1) == 1, row.Time(2)));

    public static ChangeAccessResult SetMember(WriterSession s, MemberRow member)
    {
        if (!WorkspaceSql.Exists(s, member.Workspace) || PeopleSql.Find(s, member.IdentityId) is not { Kind: IdentityKind.User or IdentityKind.Role })
        {
            return ChangeAccessResult.NotFound;
        }

        s.Use(
            """
            insert into workspace_member (workspace_id, identity_id, role, added_at)
            values (?1, ?2, ?3, ?4)
            on conflict (workspace_id, identity_id) do update set role = ?3
            """).Bind(member.Workspace.Value).Bind(member.IdentityId).Bind((long)member.Role).Bind(member.AddedAt).Execute();
        return s.Use("select count(*) from workspace_member where workspace_id = ?1").Bind(member.Workspace.Value).Number() > IAccessStore.MembersPerWorkspaceMax
            ? ChangeAccessResult.TooMany
            : ChangeAccessResult.Changed;
    }

    public static ChangeAccessResult RemoveMember(WriterSession s, WorkspaceId workspace, string identityId) =>
        s.Use("delete from workspace_member where workspace_id = ?1 and identity_id = ?2").Bind(workspace.Value).Bind(identityId).Execute() == 1
            ? ChangeAccessResult.Changed
            : ChangeAccessResult.NotFound;

    public static IReadOnlyList<WorkspaceMember> ListMembers(Session s, WorkspaceId workspace) => s.Use(
        """
        select m.workspace_id, m.identity_id, m.role, m.added_at, i.kind, i.name
        from workspace_member m
        join identity i on i.identity_id = m.identity_id
        where m.workspace_id = ?1
        order by i.name, i.kind
        """).Bind(workspace.Value).All(static row => new WorkspaceMember((IdentityKind)row.Int(4), row.Text(5), ReadMember(row)));

    private static MemberRow ReadMember(Statement row) => new(new WorkspaceId(row.Text(0)), row.Text(1), (WorkspaceRole)row.Int(2), row.Time(3));

    private static string NameOf(IdentityKind kind) => kind switch
    {
        IdentityKind.User => "user",
        IdentityKind.Group => "group",
        IdentityKind.Role => "role",
        _ => throw new UnreachableException($"Identity of kind {kind}"),
    };
}
