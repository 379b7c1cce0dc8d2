using System.Runtime.InteropServices;

namespace Porpoise.Core.Policies;

/// <summary>
/// The condition keys of a request with their values; keys are compared ignoring case. A key that is given with two different values
/// is contradictory: no condition on it lets anything pass.
/// </summary>
public sealed class RequestFacts
{
    private readonly List<RequestFact> _facts;

    public RequestFacts(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        _facts = [];
        foreach (var (key, value) in pairs)
        {
            Add(key, value);
        }
    }

    private RequestFacts(ReadOnlySpan<(string Key, string Value)> pairs)
    {
        _facts = new List<RequestFact>(pairs.Length);
        foreach (var (key, value) in pairs)
        {
            Add(key, value);
        }
    }

    /// <summary>Nothing is known.</summary>
    public static RequestFacts None { get; } = Of();

    /// <summary>One for each key, in the order in which they were given.</summary>
    public IReadOnlyList<RequestFact> All => _facts;

    public static RequestFacts Of(params ReadOnlySpan<(string Key, string Value)> pairs) => new(pairs);

    /// <summary>Null when the request has no such key.</summary>
    public RequestFact? Find(in ConditionKey key)
    {
        // A request has a handful of keys: looking through them is faster than any table.
        foreach (var fact in CollectionsMarshal.AsSpan(_facts))
        {
            if (fact.Has(key))
            {
                return fact;
            }
        }

        return null;
    }

    private void Add(string text, string value)
    {
        var key = new ConditionKey(text);
        var at = _facts.FindIndex(f => f.Key == key);
        if (at < 0)
        {
            _facts.Add(new RequestFact(key, value));
        }
        else if (_facts[at].Value != value)
        {
            _facts[at] = new RequestFact(_facts[at].Key, null);
        }
    }
}
