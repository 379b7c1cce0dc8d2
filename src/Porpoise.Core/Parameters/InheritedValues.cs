using System.Collections.Immutable;

namespace Porpoise.Core.Parameters;

/// <summary>
/// What the tasks before a task gave, directly or through others. Of two values of one name the one counts whose task ended later (at the same moment: the
/// one further back in the definition), so a value that a task in between replaced is replaced for good. Immutable; what is inherited unchanged is shared.
/// </summary>
public sealed class InheritedValues
{
    private readonly ImmutableDictionary<string, Given> _values;

    private InheritedValues(ImmutableDictionary<string, Given> values) => _values = values;

    public static InheritedValues None { get; } = new(ImmutableDictionary<string, Given>.Empty);

    public bool IsEmpty => _values.IsEmpty;

    public IEnumerable<KeyValuePair<string, string>> All => _values.Select(v => KeyValuePair.Create(v.Key, v.Value.Value));

    /// <summary>These, and what a task gave that inherited them.</summary>
    public InheritedValues With(IReadOnlyDictionary<string, string> outputs, DateTimeOffset endedAt, int index) =>
        outputs.Count == 0 ? this : new(_values.SetItems(outputs.Select(o => KeyValuePair.Create(o.Key, new Given(o.Value, endedAt, index)))));

    /// <summary>Where branches meet.</summary>
    public InheritedValues And(InheritedValues other)
    {
        if (other._values.Count > _values.Count)
        {
            return other.And(this);
        }

        if (other.IsEmpty || ReferenceEquals(_values, other._values))
        {
            return this;
        }

        var merged = _values.ToBuilder();
        foreach (var (name, given) in other._values)
        {
            if (!merged.TryGetValue(name, out var own) || own.IsBefore(given))
            {
                merged[name] = given;
            }
        }

        return new InheritedValues(merged.ToImmutable());
    }

    private readonly record struct Given(string Value, DateTimeOffset EndedAt, int Index)
    {
        public bool IsBefore(Given other) => EndedAt < other.EndedAt || (EndedAt == other.EndedAt && Index < other.Index);
    }
}
