namespace Porpoise.Core.Policies;

/// <summary>The values of one key under one operator, any of which may fit; for a negative operator, none of which may.</summary>
public sealed class PolicyCondition
{
    private readonly ConditionKey _key;
    private readonly FactTest[]? _tests;
    private readonly bool _isNegative;

    /// <param name="operatorName">As written.</param>
    /// <param name="key">As written.</param>
    /// <param name="values">As written.</param>
    /// <param name="tests">One for each value; null when somebody stored what this version does not understand.</param>
    internal PolicyCondition(string operatorName, ConditionKey key, IReadOnlyList<string> values, FactTest[]? tests, bool isNegative)
    {
        OperatorName = operatorName;
        _key = key;
        Values = values;
        _tests = tests;
        _isNegative = isNegative;
    }

    public string OperatorName { get; }

    public ConditionKey Key => _key;

    public IReadOnlyList<string> Values { get; }

    /// <summary>False in a stored policy whose operator or values this version does not know: then an Allow does not apply, and a Deny does.</summary>
    public bool IsUnderstood => _tests is not null;

    /// <summary>
    /// Whether a request satisfies the condition. Null when nobody can tell: the condition is not understood, or the request's value is of
    /// another type than the operator compares, or contradicts itself.
    /// </summary>
    public bool? Holds(RequestFacts facts)
    {
        if (_tests is null)
        {
            return null;
        }

        if (facts.Find(_key) is not { } fact)
        {
            return _isNegative;
        }

        foreach (var test in _tests)
        {
            switch (test(fact))
            {
                case null:
                    return null;
                case true:
                    return !_isNegative;
            }
        }

        return _isNegative;
    }
}
