using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Porpoise.Formats.Yaml;

/// <summary>Writes YAML as people write it: short lists on a line, texts of several lines as blocks, quotes only where a reader would take a text for something else.</summary>
internal sealed partial class YamlWriter
{
    private readonly StringBuilder _text = new();
    private readonly Emitter _emitter;
    private readonly Stack<bool> _onOneLine = new([false]);

    public YamlWriter()
    {
        var settings = new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024).WithIndentedSequences();
        _emitter = new Emitter(new StringWriter(_text) { NewLine = "\n" }, settings);
        _emitter.Emit(new StreamStart());
        _emitter.Emit(new DocumentStart(null, null, isImplicit: true));
    }

    /// <summary>The text; nothing can be written any more.</summary>
    public string End()
    {
        _emitter.Emit(new DocumentEnd(isImplicit: true));
        _emitter.Emit(new StreamEnd());
        return _text.ToString();
    }

    public void StartMap(bool onOneLine = false)
    {
        _onOneLine.Push(onOneLine || _onOneLine.Peek());
        _emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, onOneLine ? MappingStyle.Flow : MappingStyle.Block));
    }

    public void EndMap()
    {
        _onOneLine.Pop();
        _emitter.Emit(new MappingEnd());
    }

    public void StartList(bool onOneLine = false)
    {
        _onOneLine.Push(onOneLine || _onOneLine.Peek());
        _emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, onOneLine ? SequenceStyle.Flow : SequenceStyle.Block));
    }

    public void EndList()
    {
        _onOneLine.Pop();
        _emitter.Emit(new SequenceEnd());
    }

    /// <summary>A text, which a reader will not take for anything else.</summary>
    /// <param name="mayBeBlock">False: it is a key, or stands on a line with others.</param>
    public void Text(string text, bool mayBeBlock = true) =>
        Emit(text, mayBeBlock && !_onOneLine.Peek() && IsBlock(text) ? ScalarStyle.Literal : NeedsNoQuotes(text) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted);

    /// <summary>A text where readers take everything as text: numbers need no quotes.</summary>
    public void Value(string text)
    {
        if (YamlJson.IsNumber(text) || text is "true" or "false" || text.Length == 0)
        {
            Emit(text, ScalarStyle.Plain);
        }
        else
        {
            Text(text);
        }
    }

    /// <summary>A number, a boolean or null, as JSON writes it.</summary>
    public void Raw(string text) => Emit(text, ScalarStyle.Plain);

    public void Json(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                StartMap(onOneLine: !value.EnumerateObject().Any());
                foreach (var member in value.EnumerateObject())
                {
                    Text(member.Name, mayBeBlock: false);
                    Json(member.Value);
                }

                EndMap();
                break;
            case JsonValueKind.Array:
                StartList(onOneLine: value.EnumerateArray().All(i => i.ValueKind is not JsonValueKind.Object and not JsonValueKind.Array && i.GetRawText().Length < 40) && value.GetArrayLength() < 8);
                foreach (var item in value.EnumerateArray())
                {
                    Json(item);
                }

                EndList();
                break;
            case JsonValueKind.String:
                Text(value.GetString()!);
                break;
            default:
                Raw(value.GetRawText());
                break;
        }
    }

    private void Emit(string text, ScalarStyle style) =>
        _emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: true, isQuotedImplicit: true));

    private bool NeedsNoQuotes(string text) => PlainForm().IsMatch(text) && !OtherThanTextForm().IsMatch(text) && !(_onOneLine.Peek() && text.Contains(','));

    /// <summary>A block keeps it as it is, and nothing in it is hidden: no line ends in blanks, which editors take away, no empty lines end it, and the first line is not indented.</summary>
    private static bool IsBlock(string text) =>
        text.Contains('\n') && !text.EndsWith("\n\n", StringComparison.Ordinal) && !char.IsWhiteSpace(text[0]) && text.All(c => c is '\n' or '\t' || (!char.IsControl(c) && c is not '\u2028' and not '\u2029' and not '\uFEFF' and not '\uFFFE' and not '\uFFFF'))
        && !BlankEndForm().IsMatch(text);

    /// <summary>What needs no quotes, a comma apart, which would end it on a line with others; a little narrower than YAML has it.</summary>
    [GeneratedRegex("^[\\p{L}0-9_/.$(-]([\\p{L}0-9_/.,$()+=@;~^%*?<>'\"|!-]|:(?=[^ ])| (?=[^ #*&!|>%@]))*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainForm();

    /// <summary>What some reader of YAML takes for nothing, a boolean, a number, a date, a list or a document's end.</summary>
    [GeneratedRegex("^(|null|true|false|yes|no|on|off|y|n|[-+]?[.]?[0-9][0-9_.:e+-]*|[-+]?0[xo][0-9a-f_]+|[-+]?[.](inf|nan)|[0-9]{4}-[0-9]{1,2}-.*|[-?]( .*)?|[-.]{3}.*)\\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex OtherThanTextForm();

    [GeneratedRegex("[ \\t](\n|\\z)", RegexOptions.CultureInvariant)]
    private static partial Regex BlankEndForm();
}
