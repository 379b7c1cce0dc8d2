using System.Text.Json;

namespace Porpoise.Core.Policies.Reading;

/// <summary>Reads conditions. One with a fault becomes a condition that is not understood.</summary>
internal sealed class ConditionReader(PolicyFaults faults)
{
    public List<PolicyCondition> Read(JsonElement element, string place)
    {
        if (PolicyJson.Members(element, place, faults, StringComparer.Ordinal) is not { } operations)
        {
            return [NotUnderstood("Condition", "", [])];
        }

        // An empty block says plainly that there is no condition, and editors write it so. An operator without a key says nothing.
        return [.. operations.SelectMany(o => ReadOperation(o.Key, o.Value, $"{place}.{Quoted.Show(o.Key)}"))];
    }

    private static PolicyCondition NotUnderstood(string operatorName, string key, IReadOnlyList<string> values) =>
        new(operatorName, new ConditionKey(key), values, tests: null, isNegative: false);

    private List<PolicyCondition> ReadOperation(string name, JsonElement element, string place)
    {
        var known = ConditionOperator.Find(name);
        if (known is null)
        {
            faults.Add(place, "There is no such operator; there are " + string.Join(", ", ConditionOperator.Names) + ".");
        }

        var before = faults.Count;
        var keys = PolicyJson.Members(element, place, faults, StringComparer.OrdinalIgnoreCase);
        if (keys?.Count == 0)
        {
            faults.Add(place, "It must name a condition key.");
        }

        return keys is null || faults.Count > before
            ? [NotUnderstood(name, "", [])]
            : [.. keys.Select(k => ReadCondition(name, known, k.Key, k.Value, $"{place}.{Quoted.Show(k.Key)}"))];
    }

    private PolicyCondition ReadCondition(string name, ConditionOperator? known, string key, JsonElement element, string place)
    {
        var before = faults.Count;
        if (!ConditionKey.IsKey(key))
        {
            faults.Add(place, "A condition key has the form SERVICE:NAME, such as acs:SourceIp.");
        }

        var values = PolicyJson.Texts(element, place, faults, takesScalars: true);
        if (known is null)
        {
            return NotUnderstood(name, key, values);
        }

        var tests = new List<FactTest>(values.Count);
        foreach (var value in values)
        {
            if (known.TestFor(value) is { } test)
            {
                tests.Add(test);
            }
            else
            {
                faults.Add(place, $"{name} compares {known.Takes}; '{Quoted.Show(value)}' is none.");
            }
        }

        return faults.Count == before ? new PolicyCondition(name, new ConditionKey(key), values, [.. tests], known.IsNegative) : NotUnderstood(name, key, values);
    }
}
