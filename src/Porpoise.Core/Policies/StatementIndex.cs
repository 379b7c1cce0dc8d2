namespace Porpoise.Core.Policies;

/// <summary>
/// Finds the statements that apply to a request without looking at all of them: most name their actions in full, and many patterns are
/// one and the same.
/// </summary>
internal sealed class StatementIndex
{
    private readonly Dictionary<ActionName, PolicyStatement[]> _exact;
    private readonly ActionPattern[] _patterns;
    private readonly PolicyStatement[] _others;

    /// <param name="statements">Of one effect.</param>
    public StatementIndex(IEnumerable<PolicyStatement> statements)
    {
        var all = statements.ToList();
        var byName = all.Where(s => s.IsUnderstood && !s.IsNotAction).SelectMany(s => s.ActionNames.Select(a => (Name: a, Statement: s))).ToLookup(x => ActionPattern.IsPattern(x.Name));
        _exact = byName[false].GroupBy(x => x.Name).ToDictionary(g => g.Key, g => g.Select(x => x.Statement).Distinct().ToArray());
        _patterns = [.. byName[true].GroupBy(x => x.Name).Select(g => new ActionPattern(g.Key, [.. g.Select(x => x.Statement).Distinct()]))];
        _others = [.. all.Where(s => !s.IsUnderstood || s.IsNotAction)];
    }

    /// <summary>Whether a statement applies. Allocates nothing.</summary>
    public bool Applies(AccessRequest request)
    {
        if (_exact.Count > 0 && _exact.TryGetValue(request.Name, out var named) && AnyFits(named, request))
        {
            return true;
        }

        foreach (var pattern in _patterns)
        {
            if (pattern.Fits(request.Name.Folded) && AnyFits(pattern.Statements, request))
            {
                return true;
            }
        }

        foreach (var statement in _others)
        {
            if (statement.FitsAction(request) && statement.FitsResource(request) && statement.FitsConditions(request))
            {
                return true;
            }
        }

        return false;
    }

    private static bool AnyFits(PolicyStatement[] statements, AccessRequest request)
    {
        foreach (var statement in statements)
        {
            if (statement.FitsResource(request) && statement.FitsConditions(request))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A pattern, cut at its first wildcard.</summary>
    private readonly struct ActionPattern(ActionName name, PolicyStatement[] statements)
    {
        private readonly string _start = name.Folded[..StartOf(name)];
        private readonly string _rest = name.Folded[StartOf(name)..];

        public PolicyStatement[] Statements { get; } = statements;

        public static bool IsPattern(ActionName name) => StartOf(name) >= 0;

        public bool Fits(string action)
        {
            // The last letter of the start tells most patterns apart: they begin with the name of one service.
            var length = _start.Length;
            return action.Length >= length
                && (length == 0 || (action[length - 1] == _start[length - 1] && action.StartsWith(_start, StringComparison.Ordinal)))
                && (_rest == "*" || Wildcard.IsMatch(_rest, action.AsSpan(length)));
        }

        private static int StartOf(ActionName name) => name.Folded.AsSpan().IndexOfAny('*', '?');
    }
}
