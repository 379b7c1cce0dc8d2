using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;

namespace Porpoise.Storage.Conformance.Identities;

/// <summary>The port as plain lists: what a store must answer, written down a second time in the simplest way. It knows no limits but that of versions.</summary>
internal sealed class AccessModel
{
    private readonly List<WorkspaceId> _workspaces = [Samples.Workspace, Samples.OtherWorkspace];
    private readonly List<IdentityRow> _identities = [];
    private readonly List<(string Group, string User)> _groupUsers = [];
    private readonly List<(string Name, int Default, int Next, List<(int Version, string Document)> Versions)> _policies = [];
    private readonly List<(string Identity, string Policy, bool IsSystem)> _attachments = [];
    private readonly List<MemberRow> _members = [];

    /// <summary>Null: there is no such identity.</summary>
    public string? NameOf(string id) => _identities.Find(i => i.Id == id)?.Name;

    public ChangeAccessResult Create(IdentityRow identity)
    {
        if (_identities.Exists(i => i.Kind == identity.Kind && SameName(i.Name, identity.Name)))
        {
            return ChangeAccessResult.NameTaken;
        }

        _identities.Add(identity);
        return ChangeAccessResult.Changed;
    }

    public ChangeAccessResult Rename(IdentityRow identity)
    {
        var at = _identities.FindIndex(i => i.Id == identity.Id);
        if (at < 0)
        {
            return ChangeAccessResult.NotFound;
        }

        if (_identities.Exists(i => i.Id != identity.Id && i.Kind == identity.Kind && SameName(i.Name, identity.Name)))
        {
            return ChangeAccessResult.NameTaken;
        }

        _identities[at] = identity;
        return ChangeAccessResult.Changed;
    }

    public ChangeAccessResult Delete(string id)
    {
        _groupUsers.RemoveAll(g => g.Group == id || g.User == id);
        _attachments.RemoveAll(a => a.Identity == id);
        _members.RemoveAll(m => m.IdentityId == id);
        return Found(_identities.RemoveAll(i => i.Id == id) == 1);
    }

    public ChangeAccessResult SetGroupUser(string group, string user, bool isIn)
    {
        if (!Is(group, IdentityKind.Group) || !Is(user, IdentityKind.User))
        {
            return ChangeAccessResult.NotFound;
        }

        Set(_groupUsers, (group, user), isIn);
        return ChangeAccessResult.Changed;
    }

    public ChangeAccessResult CreatePolicy(string name, string document)
    {
        if (_policies.Exists(p => p.Name == name))
        {
            return ChangeAccessResult.NameTaken;
        }

        _policies.Add((name, 1, 2, [(1, document)]));
        return ChangeAccessResult.Changed;
    }

    public AddPolicyVersionResult AddVersion(string name, string document, bool isDefault)
    {
        var at = _policies.FindIndex(p => p.Name == name);
        if (at < 0)
        {
            return new AddPolicyVersionResult(ChangeAccessResult.NotFound, 0);
        }

        var policy = _policies[at];
        if (policy.Versions.Count == IAccessStore.PolicyVersionsMax)
        {
            return new AddPolicyVersionResult(ChangeAccessResult.TooMany, 0);
        }

        policy.Versions.Add((policy.Next, document));
        _policies[at] = policy with { Default = isDefault ? policy.Next : policy.Default, Next = policy.Next + 1 };
        return new AddPolicyVersionResult(ChangeAccessResult.Changed, policy.Next);
    }

    public ChangeAccessResult SetDefault(string name, int version)
    {
        var at = _policies.FindIndex(p => p.Name == name && p.Versions.Exists(v => v.Version == version));
        if (at >= 0)
        {
            _policies[at] = _policies[at] with { Default = version };
        }

        return Found(at >= 0);
    }

    public ChangeAccessResult DeleteVersion(string name, int version) =>
        _policies.Exists(p => p.Name == name && p.Default == version)
            ? ChangeAccessResult.InUse
            : Found(_policies.Find(p => p.Name == name).Versions?.RemoveAll(v => v.Version == version) == 1);

    public ChangeAccessResult DeletePolicy(string name) =>
        _attachments.Exists(a => a.Policy == name && !a.IsSystem) ? ChangeAccessResult.InUse : Found(_policies.RemoveAll(p => p.Name == name) == 1);

    public ChangeAccessResult SetAttachment(string identity, string policy, bool isSystem, bool isAttached)
    {
        if (!_identities.Exists(i => i.Id == identity) || (!isSystem && !_policies.Exists(p => p.Name == policy)))
        {
            return ChangeAccessResult.NotFound;
        }

        Set(_attachments, (identity, policy, isSystem), isAttached);
        return ChangeAccessResult.Changed;
    }

    public ChangeAccessResult SetMember(MemberRow member)
    {
        if (!_workspaces.Contains(member.Workspace) || !(Is(member.IdentityId, IdentityKind.User) || Is(member.IdentityId, IdentityKind.Role)))
        {
            return ChangeAccessResult.NotFound;
        }

        _members.RemoveAll(m => m.Workspace == member.Workspace && m.IdentityId == member.IdentityId);
        _members.Add(member);
        return ChangeAccessResult.Changed;
    }

    public ChangeAccessResult RemoveMember(WorkspaceId workspace, string identity) => Found(_members.RemoveAll(m => m.Workspace == workspace && m.IdentityId == identity) == 1);

    public bool DeleteWorkspace(WorkspaceId workspace)
    {
        _members.RemoveAll(m => m.Workspace == workspace);
        return _workspaces.Remove(workspace);
    }

    public void CreateWorkspace(WorkspaceId workspace) => _workspaces.Add(workspace);

    /// <summary>All about an identity, as text; "none" when it is no user and no role.</summary>
    public string Describe(string id) => _identities.Find(i => i.Id == id) is not { Kind: not IdentityKind.Group } identity
        ? "none"
        : Describe(
            identity.Name,
            from holder in _identities
            where holder.Id == id || _groupUsers.Contains((holder.Id, id))
            from a in _attachments
            where a.Identity == holder.Id
            let policy = a.IsSystem ? default : _policies.Find(p => p.Name == a.Policy)
            let document = a.IsSystem ? null : policy.Versions.Find(v => v.Version == policy.Default).Document
            select new GrantRow(a.Policy, a.IsSystem, $"{holder.Kind}/{holder.Name}".ToLowerInvariant(), policy.Default, document),
            _members.Where(m => m.IdentityId == id));

    public static string Describe(PrincipalRow? principal) => principal is null ? "none" : Describe(principal.Identity.Name, principal.Grants, principal.Memberships);

    private static string Describe(string name, IEnumerable<GrantRow> grants, IEnumerable<MemberRow> members) => string.Join(
        '\n',
        grants.Select(g => $"{g with { AttachedTo = g.AttachedTo.ToLowerInvariant() }}").Concat(members.Select(m => $"{m.Workspace} {m.Role}")).Order(StringComparer.Ordinal).Prepend(name));

    private bool Is(string id, IdentityKind kind) => _identities.Exists(i => i.Id == id && i.Kind == kind);

    private static ChangeAccessResult Found(bool found) => found ? ChangeAccessResult.Changed : ChangeAccessResult.NotFound;

    private static bool SameName(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static void Set<T>(List<T> list, T item, bool isIn)
    {
        list.Remove(item);
        if (isIn)
        {
            list.Add(item);
        }
    }
}
