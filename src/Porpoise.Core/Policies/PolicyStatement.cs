namespace Porpoise.Core.Policies;

/// <summary>What a statement does when it applies.</summary>
public enum PolicyEffect
{
    Allow,
    Deny,
}

/// <summary>One statement: it applies when the action, the resource (or the principal of a trust policy) and all conditions fit. Immutable.</summary>
public sealed class PolicyStatement
{
    private const string Anything = "*";

    // Arrays, as these are walked for each decision.
    private readonly ActionName[] _actions;
    private readonly string[] _resources;
    private readonly PolicyCondition[] _conditions;
    private readonly bool _hasAnyResource;

    internal PolicyStatement(
        int index,
        PolicyEffect effect,
        IReadOnlyList<string> actions,
        bool isNotAction,
        IReadOnlyList<string> resources,
        IReadOnlyList<PolicyCondition> conditions,
        IReadOnlyList<TrustedPrincipal>? principals)
    {
        Index = index;
        Effect = effect;
        Actions = actions;
        IsNotAction = isNotAction;
        Principals = principals;
        IsUnderstood = true;
        _resources = [.. resources];
        _conditions = [.. conditions];
        _actions = [.. actions.Select(a => new ActionName(a))];
        _hasAnyResource = resources.Contains(Anything);
    }

    private PolicyStatement(int index, PolicyEffect effect)
    {
        (Index, Effect, Actions) = (index, effect, []);
        _actions = [];
        _resources = [];
        _conditions = [];
    }

    /// <summary>Its place in the document, from 0.</summary>
    public int Index { get; }

    public PolicyEffect Effect { get; }

    /// <summary>Patterns, compared ignoring case.</summary>
    public IReadOnlyList<string> Actions { get; }

    /// <summary>True: it applies to all actions but these.</summary>
    public bool IsNotAction { get; }

    /// <summary>Patterns, compared with case. Empty in the trust policy of a role.</summary>
    public IReadOnlyList<string> Resources => _resources;

    /// <summary>All must hold.</summary>
    public IReadOnlyList<PolicyCondition> Conditions => _conditions;

    /// <summary>Whom a trust policy trusts; null in any other policy.</summary>
    public IReadOnlyList<TrustedPrincipal>? Principals { get; }

    /// <summary>False for a statement of a stored policy that this version cannot read: as an Allow it never applies, as a Deny always.</summary>
    public bool IsUnderstood { get; }

    internal IReadOnlyList<ActionName> ActionNames => _actions;

    internal static PolicyStatement NotUnderstood(int index, PolicyEffect effect) => new(index, effect);

    internal bool FitsAction(AccessRequest request)
    {
        if (!IsUnderstood)
        {
            return Effect == PolicyEffect.Deny;
        }

        foreach (var action in _actions)
        {
            if (Wildcard.IsMatch(action.Folded, request.Name.Folded))
            {
                return !IsNotAction;
            }
        }

        return IsNotAction;
    }

    internal bool FitsResource(AccessRequest request)
    {
        if (_hasAnyResource || Principals is not null || !IsUnderstood)
        {
            return true;
        }

        foreach (var resource in _resources)
        {
            if (Wildcard.IsMatch(resource, request.Resource))
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="caller">All names that the caller goes by.</param>
    internal bool FitsPrincipal(IReadOnlyCollection<TrustedPrincipal> caller) => !IsUnderstood || (Principals is not null && Principals.Any(caller.Contains));

    internal bool FitsConditions(AccessRequest request)
    {
        foreach (var condition in _conditions)
        {
            if (!Counts(condition, request))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a condition is taken as satisfied. What nobody can tell must not open anything: then an Allow fails, and a Deny holds.</summary>
    internal bool Counts(PolicyCondition condition, AccessRequest request) => condition.Holds(request.Facts) ?? Effect == PolicyEffect.Deny;
}
