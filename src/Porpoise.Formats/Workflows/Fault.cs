using Porpoise.Core.Workflows;
using Porpoise.Formats.Yaml;

namespace Porpoise.Formats.Workflows;

/// <summary>One thing that is wrong with a file, and where.</summary>
/// <param name="At">The line and the column.</param>
/// <param name="Kind">Which rule it breaks.</param>
/// <param name="Place">The key, with those that it lies in: <c>tasks.load.retries</c>.</param>
/// <param name="Message">What is wrong there, and what would be right.</param>
public sealed record Fault(Position At, OffenceKind Kind, string Place, string Message)
{
    /// <summary>Before the message: what compilers write, so that editors find the place.</summary>
    public string Where => Place.Length == 0 ? At.ToString() : $"{At}: {Place}";

    public override string ToString() => $"{Where}: {Message}";
}

/// <summary>All that is wrong with a file, as it is found; bounded, because nobody reads the hundredth.</summary>
internal sealed class Faults
{
    private readonly List<Fault> _found = [];

    public bool IsFull => _found.Count >= WorkflowValidation.OffencesMax;

    /// <summary>In the order of their places.</summary>
    public IReadOnlyList<Fault> InOrder => [.. _found.OrderBy(f => f.At.Line).ThenBy(f => f.At.Column)];

    public void Add(Position at, string place, string message, OffenceKind kind = OffenceKind.Unreadable)
    {
        if (!IsFull)
        {
            _found.Add(new Fault(at, kind, place, message));
        }
    }
}
