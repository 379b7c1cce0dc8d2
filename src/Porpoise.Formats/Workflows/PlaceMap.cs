using Porpoise.Core.Workflows;
using Porpoise.Formats.Yaml;

namespace Porpoise.Formats.Workflows;

/// <summary>Where in a file the things stand that a definition's offences name.</summary>
internal sealed class PlaceMap(Position document)
{
    private readonly Dictionary<string, (Position At, string Key)> _places = new(StringComparer.Ordinal);

    /// <param name="place">As an offence names it.</param>
    public void Add(string place, Position at, string key) => _places.TryAdd(place, (at, key));

    /// <summary>The offence with its place in the file: the innermost thing of its place that the file has.</summary>
    public Fault FaultOf(Offence offence, WorkflowDefinition? definition = null)
    {
        var place = offence switch
        {
            { Kind: OffenceKind.UnknownTaskType } => offence.Place + ", taskType",
            { Node: { } node } when definition is not null => WorkflowValidation.PlaceOf(node, definition.Tasks[node]) + ", edges",
            _ => offence.Place,
        };
        for (var end = place.Length; end > 0; end = place.LastIndexOfAny([',', '.', '['], end - 1))
        {
            if (_places.TryGetValue(place[..end], out var found))
            {
                return new Fault(found.At, offence.Kind, found.Key + place[end..].Replace(", ", ".", StringComparison.Ordinal), offence.Message);
            }
        }

        return new Fault(document, offence.Kind, place, offence.Message);
    }
}
