using static Porpoise.Core.Workflows.WorkflowValidation;

namespace Porpoise.Core.Workflows;

/// <summary>Rules for texts that are kept and shown.</summary>
internal static class TextRules
{
    /// <summary>True for what people can read, and a header or a log line can carry.</summary>
    public static bool IsName(string text) => !string.IsNullOrWhiteSpace(text) && text.Length <= WorkflowLimits.NameLengthMax && !text.Any(char.IsControl);

    public static void CheckLength(List<Offence> offences, string place, string what, string text, int max)
    {
        if (text.Length > max)
        {
            offences.Add(new Offence(OffenceKind.TooLarge, place, Invariant($"{what} may have at most {max} characters; there are {text.Length}.")));
        }
    }

    public static void CheckTags(List<Offence> offences, string place, IReadOnlyList<Tag> tags)
    {
        if (tags.Count > WorkflowLimits.TagsMax)
        {
            offences.Add(new Offence(OffenceKind.TooLarge, place, Invariant($"There may be at most {WorkflowLimits.TagsMax} tags; there are {tags.Count}.")));
            return;
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tag in tags)
        {
            if (tag.Key.Length is 0 or > WorkflowLimits.TagKeyLengthMax || tag.Value.Length > WorkflowLimits.TagValueLengthMax)
            {
                offences.Add(new Offence(
                    OffenceKind.BadTag,
                    place,
                    Invariant($"A tag's key has 1 to {WorkflowLimits.TagKeyLengthMax} characters and its value at most {WorkflowLimits.TagValueLengthMax}; '{Start(tag.Key)}' breaks that.")));
            }
            else if (!keys.Add(tag.Key))
            {
                offences.Add(new Offence(OffenceKind.BadTag, place, $"The tag '{tag.Key}' is there twice."));
            }
        }
    }

    /// <summary>So much of a text as a message needs to show which one is meant.</summary>
    public static string Start(string text) => text.Length <= StartMax ? text : text[..(char.IsHighSurrogate(text[StartMax - 1]) ? StartMax - 1 : StartMax)] + "…";

    private const int StartMax = 40;
}
