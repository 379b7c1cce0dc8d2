using System.Globalization;
using Porpoise.Access.Signatures;
using Porpoise.Api.Errors;

namespace Porpoise.Api.Operations;

/// <summary>
/// The parameters of a call, wherever they came from. Clients send numbers as text and leave fields out or empty as they like, so an
/// empty value equals an absent one, and every reader says in one line what it takes.
/// </summary>
public sealed class Parameters(IReadOnlyDictionary<string, string> values)
{
    /// <summary>Characters of a text to look for.</summary>
    public const int SearchLengthMax = 300;

    /// <summary>All that was sent, for hashing and for looking at what is not honoured.</summary>
    public IReadOnlyDictionary<string, string> All => values;

    /// <summary>These, and others behind them: where a name comes twice, these win.</summary>
    public Parameters With(IReadOnlyDictionary<string, string> others) => new(values.Concat(others.Where(o => !values.ContainsKey(o.Key))).ToDictionary(StringComparer.Ordinal));

    /// <summary>Null when absent or empty.</summary>
    public string? Text(string name) => values.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>Text for people, bounded.</summary>
    public string? Text(string name, int lengthMax) => Text(name) is not { } text || text.Length <= lengthMax
        ? Text(name)
        : throw Invalid(name, string.Create(CultureInfo.InvariantCulture, $"at most {lengthMax} characters"));

    /// <summary>A text to look for; blanks at its ends do not count, and blanks alone are none.</summary>
    public string? Search(string name) => Text(name, SearchLengthMax)?.Trim() is { Length: > 0 } text ? text : null;

    public string RequiredText(string name) => Text(name) ?? throw Missing(name);

    /// <inheritdoc cref="Long"/>
    public int? Int(string name, int min = int.MinValue, int max = int.MaxValue, string? takes = null) => (int?)Long(name, min, max, takes);

    public int RequiredInt(string name, int min = int.MinValue, int max = int.MaxValue) => Int(name, min, max) ?? throw Missing(name);

    /// <param name="takes">What is taken, where a later rule has narrower bounds than those of reading.</param>
    public long? Long(string name, long min = long.MinValue, long max = long.MaxValue, string? takes = null)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw Invalid(name, takes ?? (min == long.MinValue ? "a whole number" : string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}")));
    }

    public long RequiredLong(string name, long min = long.MinValue, long max = long.MaxValue) => Long(name, min, max) ?? throw Missing(name);

    /// <summary>Ids as DolphinScheduler writes several of them: one text with commas. Each once, in their order.</summary>
    public IReadOnlyList<int> RequiredIds(string name, int max)
    {
        var ids = new List<int>();
        var text = RequiredText(name);
        foreach (var part in text.AsSpan().Split(','))
        {
            var number = text.AsSpan(part).Trim();
            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id < 1 || ids.Count == max)
            {
                throw Invalid(name, string.Create(CultureInfo.InvariantCulture, $"1 to {max} ids with commas between them"));
            }

            ids.Add(id);
        }

        return [.. ids.Distinct()];
    }

    /// <summary>SDKs write booleans in any case.</summary>
    public bool? Bool(string name) => Text(name) switch
    {
        null => null,
        var text when text.Equals("true", StringComparison.OrdinalIgnoreCase) => true,
        var text when text.Equals("false", StringComparison.OrdinalIgnoreCase) => false,
        _ => throw Invalid(name, "true or false"),
    };

    /// <summary>One of the given words, in any case.</summary>
    public string? Word(string name, params ReadOnlySpan<string> words)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        foreach (var word in words)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return word;
            }
        }

        throw Invalid(name, "one of " + string.Join(", ", words!));
    }

    /// <summary>Refuses a parameter that is not honoured yet, unless it says what would happen anyway.</summary>
    public void RefuseUnless(string name, params ReadOnlySpan<string> neutral)
    {
        if (Text(name) is not { } text)
        {
            return;
        }

        foreach (var value in neutral)
        {
            if (value.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase))
            {
                return;
            }
        }

        throw NotHonoured("the parameter " + name, neutral);
    }

    public static RefusalException NotHonoured(string place, params ReadOnlySpan<string> neutral) => new(
        ErrorCodes.NotHonoured,
        $"This version cannot honour {place} yet, and does not ignore it. " + (neutral.IsEmpty ? "Leave it out." : $"Leave it out, or send {string.Join(" or ", neutral!)}."));

    public static RefusalException Missing(string name) => new(
        new Refusal(ErrorCodes.BadParameter, $"The parameter {name} is missing.") { Gateway = GatewayError.Missing(name) });

    public static RefusalException Invalid(string name, string takes) => new(
        new Refusal(ErrorCodes.BadParameter, $"The parameter {name} is not valid: it takes {takes}.") { Gateway = GatewayError.Invalid(name) with { Message = $"Specified parameter {name} is not valid: it takes {takes}." } });
}
