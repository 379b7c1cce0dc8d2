using System.Text;

namespace Porpoise.Core.Environments;

/// <summary>
/// The variables that an environment sets for the attempts of its nodes, in their order. A value may refer to variables before it, and to those that every attempt has
/// (<c>PATH</c> and the like), which only the machine knows that runs it.
/// </summary>
public sealed class EnvironmentVariables
{
    private readonly IReadOnlyList<Assignment> _assignments;

    internal EnvironmentVariables(IReadOnlyList<Assignment> assignments) => _assignments = assignments;

    public static EnvironmentVariables None { get; } = new([]);

    public IEnumerable<string> Names => _assignments.Select(static a => a.Name).Distinct(StringComparer.Ordinal);

    /// <summary>The variables of an attempt: those that it has anyway, and these, which replace them.</summary>
    public IReadOnlyDictionary<string, string> ApplyTo(IReadOnlyDictionary<string, string> given)
    {
        var variables = new Dictionary<string, string>(given, StringComparer.Ordinal);
        foreach (var (name, parts) in _assignments)
        {
            var value = new StringBuilder();
            foreach (var part in parts)
            {
                value.Append(part.IsReference ? variables.GetValueOrDefault(part.Text, "") : part.Text);
            }

            variables[name] = value.ToString();
        }

        return variables;
    }

    internal sealed record Assignment(string Name, IReadOnlyList<Part> Parts);

    /// <summary>Text as it is, or the name of a variable.</summary>
    internal readonly record struct Part(string Text, bool IsReference);
}
