using System.Text;
using System.Text.Json;

namespace Porpoise.Fuzzing.Tests.Requests;

/// <summary>JSON that can be spoiled: members may come twice, and a value may be any text at all.</summary>
public sealed class JsonTree
{
    private readonly char _open;
    private readonly List<(string Name, JsonTree Value)> _children = [];

    private JsonTree(string raw) => Raw = raw;

    private JsonTree(char open) => _open = open;

    /// <summary>The text of a value that has no parts; null for a list or an object.</summary>
    public string? Raw { get; private set; }

    /// <summary>Null: it is no JSON, or has names that are no text.</summary>
    public static JsonTree? TryParse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Of(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Every value inside this one, as its parent and its place there.</summary>
    public IReadOnlyList<(JsonTree Parent, int Index)> Places()
    {
        var places = new List<(JsonTree, int)>();
        Collect(places);
        return places;
    }

    /// <summary>Puts any text in the place of a child.</summary>
    public void Replace(int index, string raw) => _children[index] = (_children[index].Name, new JsonTree(raw));

    public void Remove(int index) => _children.RemoveAt(index);

    /// <summary>A child a second time, with another value; in a list, one more element.</summary>
    public void Repeat(int index, string raw) => _children.Insert(index + 1, (_children[index].Name, new JsonTree(raw)));

    /// <summary>A child a second time, as it is.</summary>
    public void Repeat(int index) => _children.Insert(index + 1, _children[index]);

    /// <summary>A member that was not there; in a list, one more element.</summary>
    public void Add(string name, string raw) => _children.Add((name, new JsonTree(raw)));

    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    private static JsonTree Of(JsonElement element)
    {
        if (element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            return new JsonTree(element.GetRawText());
        }

        var tree = new JsonTree(element.ValueKind == JsonValueKind.Object ? '{' : '[');
        tree._children.AddRange(element.ValueKind == JsonValueKind.Object
            ? element.EnumerateObject().Select(m => (m.Name, Of(m.Value)))
            : element.EnumerateArray().Select(e => ("", Of(e))));
        return tree;
    }

    private void Collect(List<(JsonTree Parent, int Index)> places)
    {
        for (var i = 0; i < _children.Count; i++)
        {
            places.Add((this, i));
            _children[i].Value.Collect(places);
        }
    }

    private void Write(StringBuilder text)
    {
        if (Raw is not null)
        {
            text.Append(Raw);
            return;
        }

        text.Append(_open);
        for (var i = 0; i < _children.Count; i++)
        {
            text.Append(i == 0 ? "" : ",");
            if (_open == '{')
            {
                text.Append(Nasty.Quoted(_children[i].Name)).Append(':');
            }

            _children[i].Value.Write(text);
        }

        text.Append(_open == '{' ? '}' : ']');
    }
}
