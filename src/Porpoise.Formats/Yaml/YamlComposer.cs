using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Porpoise.Formats.Yaml;

/// <summary>
/// Puts the documents of a text together, bounded in depth and in number of nodes, so that a small text cannot become a large tree. Tags are refused: a text
/// says what it is by where it stands. A key that is there twice is refused, because one of them would count for nothing.
/// </summary>
internal sealed class YamlComposer
{
    /// <summary>Nodes of a text, with those that aliases repeat.</summary>
    public const int NodesMax = 500_000;

    /// <summary>How deep lists and maps may lie in each other.</summary>
    public const int DepthMax = 48;

    private const string MergeKey = "<<";

    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, YamlNode> _anchors = [];
    private int _nodes;

    private YamlComposer(string text) => _parser = new Parser(new StringReader(text));

    /// <summary>The documents, in their order; empty ones are left out.</summary>
    /// <exception cref="YamlFaultException">They cannot be read; what follows the fault was not looked at.</exception>
    public static IReadOnlyList<YamlNode> Read(string text)
    {
        var composer = new YamlComposer(text);
        try
        {
            return composer.ReadDocuments();
        }
        catch (YamlException e)
        {
            throw new YamlFaultException(composer.PlaceOf(e, text), $"This cannot be read as YAML: {e.Message.TrimEnd('.')}.");
        }
        catch (InvalidOperationException)
        {
            // How YamlDotNet's scanner meets some texts that are none, such as a list that is never closed.
            throw new YamlFaultException(PositionOf(composer._parser.Current?.End ?? Mark.Empty), "From here on this cannot be read as YAML; is a bracket or a quote open?");
        }
    }

    /// <summary>
    /// Of a tab that indents, YamlDotNet names the place where the map or the text around it begins, which may be the file's first line: it is the first such tab behind that, and
    /// behind what was read.
    /// </summary>
    private Position PlaceOf(YamlException e, string text)
    {
        var at = PositionOf(e.Start);
        if (!e.Message.Contains(" tab ", StringComparison.Ordinal))
        {
            return at;
        }

        var lines = text.Split('\n');
        for (var line = (int)Math.Max(at.Line, _parser.Current?.End.Line ?? 1); line <= lines.Length; line++)
        {
            var indentation = lines[line - 1].AsSpan(0, lines[line - 1].AsSpan().IndexOfAnyExcept(' ', '\t') is var end and >= 0 ? end : 0);
            if (indentation.IndexOf('\t') is var tab and >= 0)
            {
                return new Position(line, tab + 1);
            }
        }

        return at;
    }

    private List<YamlNode> ReadDocuments()
    {
        var documents = new List<YamlNode>();
        _parser.Consume<StreamStart>();
        while (!_parser.TryConsume<StreamEnd>(out _))
        {
            _parser.Consume<DocumentStart>();
            _anchors.Clear();
            if (ReadNode(0) is not YamlText { IsNull: true } and var document)
            {
                documents.Add(document);
            }

            _parser.Consume<DocumentEnd>();
        }

        return documents;
    }

    private YamlNode ReadNode(int depth)
    {
        var at = PositionOf(_parser.Current!.Start);
        if (depth > DepthMax)
        {
            throw new YamlFaultException(at, $"Lists and maps lie in each other more than {DepthMax} deep.");
        }

        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return _anchors.TryGetValue(alias.Value, out var known)
                ? Counted(known, known.Size)
                : throw new YamlFaultException(at, $"Nothing before this is marked with &{alias.Value}.");
        }

        var node = _parser.Consume<NodeEvent>();
        RefuseTag(node);
        YamlNode read = node switch
        {
            Scalar scalar => new YamlText(at, Checked(scalar), scalar.Style == ScalarStyle.Plain),
            SequenceStart => ReadList(at, depth),
            MappingStart => ReadMap(at, depth),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        Counted(read, 1);
        if (!node.Anchor.IsEmpty)
        {
            _anchors[node.Anchor] = read;
        }

        return read;
    }

    private YamlList ReadList(Position at, int depth)
    {
        var items = new List<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        return new YamlList(at, items, 1 + items.Sum(i => i.Size));
    }

    private YamlMap ReadMap(Position at, int depth)
    {
        var entries = new List<YamlEntry>();
        var places = new Dictionary<string, Position>(StringComparer.Ordinal);
        var merged = new List<YamlMap>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(depth + 1) as YamlText ?? throw new YamlFaultException(at, "A key of this map is a list or a map; keys are texts.");
            var value = ReadNode(depth + 1);
            if (key is { Value: MergeKey, IsPlain: true })
            {
                merged.AddRange(MapsToMerge(value));
            }
            else if (places.TryAdd(key.Value, key.At))
            {
                entries.Add(new YamlEntry(key, value));
            }
            else
            {
                throw new YamlFaultException(key.At, $"The key '{key.Value}' is already in line {places[key.Value].Line}.");
            }
        }

        entries.AddRange(merged.SelectMany(m => m.Entries).Where(e => places.TryAdd(e.Key.Value, e.Key.At)));
        return new YamlMap(at, entries, 1 + entries.Sum(e => 1 + e.Value.Size));
    }

    /// <summary>What <c>&lt;&lt;: *defaults</c> brings in: a map or several, of which the first wins; all of them yield to the map's own keys.</summary>
    private static IEnumerable<YamlMap> MapsToMerge(YamlNode value) => value switch
    {
        YamlMap map => [map],
        YamlList list when list.Items.All(i => i is YamlMap) => list.Items.Cast<YamlMap>(),
        _ => throw new YamlFaultException(value.At, $"{MergeKey} takes a map, or a list of maps."),
    };

    private YamlNode Counted(YamlNode node, int size)
    {
        _nodes += size;
        return _nodes <= NodesMax
            ? node
            : throw new YamlFaultException(node.At, string.Create(CultureInfo.InvariantCulture, $"The text has more than {NodesMax} lists, maps and texts, with those that aliases repeat."));
    }

    private static void RefuseTag(NodeEvent node)
    {
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
        {
            throw new YamlFaultException(PositionOf(node.Start), $"The tag {node.Tag.Value} is not taken; there are no tags here.");
        }
    }

    /// <summary>A store cannot keep every text that YAML can write.</summary>
    private static string Checked(Scalar scalar)
    {
        if (scalar.Value.Contains('\0'))
        {
            throw new YamlFaultException(PositionOf(scalar.Start), "This text has a NUL character.");
        }

        for (var i = 0; i < scalar.Value.Length; i++)
        {
            if (char.IsHighSurrogate(scalar.Value[i]) && i + 1 < scalar.Value.Length && char.IsLowSurrogate(scalar.Value[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(scalar.Value[i]))
            {
                throw new YamlFaultException(PositionOf(scalar.Start), "This text has half a character (one part of a surrogate pair).");
            }
        }

        return scalar.Value;
    }

    private static Position PositionOf(Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));
}
