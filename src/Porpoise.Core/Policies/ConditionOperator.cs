using Porpoise.Core.Policies.Conditions;

namespace Porpoise.Core.Policies;

/// <summary>Compares one value of a policy, already read, with one of a request. Null: the request's value cannot be compared so.</summary>
internal delegate bool? FactTest(RequestFact fact);

/// <summary>An operator of the RAM language. The list is complete: the language has no <c>…IfExists</c>, <c>Null</c> or <c>ForAllValues</c>.</summary>
public sealed class ConditionOperator
{
    private const string Texts = "texts";
    private const string Numbers = "plain decimal numbers of at most 28 digits, such as 1.5";
    private const string Dates = "dates with time and zone, such as 2026-01-31T08:00:00Z or 2026-01-31T08:00:00+08:00";
    private const string Truths = "true and false";
    private const string Networks = "addresses and networks, such as 10.1.2.3, 10.0.0.0/8 or 2001:db8::/32, without bits behind the network's prefix";

    private static readonly Dictionary<string, ConditionOperator> ByName = new ConditionOperator[]
    {
        new("StringEquals", Texts, Text(StringComparison.Ordinal)),
        new("StringNotEquals", Texts, Text(StringComparison.Ordinal), isNegative: true),
        new("StringEqualsIgnoreCase", Texts, Text(StringComparison.OrdinalIgnoreCase)),
        new("StringNotEqualsIgnoreCase", Texts, Text(StringComparison.OrdinalIgnoreCase), isNegative: true),
        new("StringLike", Texts, Pattern),
        new("StringNotLike", Texts, Pattern, isNegative: true),
        new("NumericEquals", Numbers, Number(static order => order == 0)),
        new("NumericNotEquals", Numbers, Number(static order => order == 0), isNegative: true),
        new("NumericLessThan", Numbers, Number(static order => order < 0)),
        new("NumericLessThanEquals", Numbers, Number(static order => order <= 0)),
        new("NumericGreaterThan", Numbers, Number(static order => order > 0)),
        new("NumericGreaterThanEquals", Numbers, Number(static order => order >= 0)),
        new("DateEquals", Dates, Date(static order => order == 0)),
        new("DateNotEquals", Dates, Date(static order => order == 0), isNegative: true),
        new("DateLessThan", Dates, Date(static order => order < 0)),
        new("DateLessThanEquals", Dates, Date(static order => order <= 0)),
        new("DateGreaterThan", Dates, Date(static order => order > 0)),
        new("DateGreaterThanEquals", Dates, Date(static order => order >= 0)),
        new("Bool", Truths, Truth),
        new("IpAddress", Networks, Network),
        new("NotIpAddress", Networks, Network, isNegative: true),
    }.ToDictionary(o => o.Name, StringComparer.Ordinal);

    private readonly Func<string, FactTest?> _testFor;

    private ConditionOperator(string name, string takes, Func<string, FactTest?> testFor, bool isNegative = false)
    {
        Name = name;
        Takes = takes;
        _testFor = testFor;
        IsNegative = isNegative;
    }

    public static IReadOnlyCollection<string> Names => ByName.Keys;

    public string Name { get; }

    /// <summary>True: none of the values may fit, and a request without the key satisfies it.</summary>
    public bool IsNegative { get; }

    /// <summary>What it compares with, for messages: a plural.</summary>
    internal string Takes { get; }

    /// <summary>Null: no such operator. Names are compared with their case.</summary>
    public static ConditionOperator? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Null when the operator cannot compare anything with that value.</summary>
    internal FactTest? TestFor(string wanted) => _testFor(wanted);

    private static Func<string, FactTest?> Text(StringComparison comparison) => wanted => fact => fact.Value is { } value ? string.Equals(value, wanted, comparison) : null;

    private static FactTest? Pattern(string wanted) => fact => fact.Value is { } value ? Wildcard.IsMatch(wanted, value) : null;

    private static Func<string, FactTest?> Number(Func<int, bool> fits) =>
        text => TypedValue.TryReadNumber(text, out var wanted) ? fact => fact.TryGetNumber(out var number) ? fits(number.CompareTo(wanted)) : null : null;

    private static Func<string, FactTest?> Date(Func<int, bool> fits) =>
        text => TypedValue.TryReadDate(text, out var wanted) ? fact => fact.TryGetDate(out var date) ? fits(date.CompareTo(wanted)) : null : null;

    private static FactTest? Truth(string text) => TypedValue.TryReadBool(text, out var wanted) ? fact => fact.TryGetTruth(out var truth) ? truth == wanted : null : null;

    private static FactTest? Network(string text) => NetworkRange.TryRead(text, out var range) ? fact => fact.TryGetAddress(out var address) ? range.Contains(address) : null : null;
}
