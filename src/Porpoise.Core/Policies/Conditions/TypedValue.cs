using System.Globalization;
using System.Text.RegularExpressions;

namespace Porpoise.Core.Policies.Conditions;

/// <summary>The texts that count as a number, a date or a truth value. What could be meant in two ways counts as none.</summary>
internal static partial class TypedValue
{
    /// <summary>Digits of a number that are surely kept exactly.</summary>
    private const int DigitsMax = 28;

    /// <summary>A plain decimal number, compared exactly: no exponent, no thousands, nothing that would be rounded.</summary>
    public static bool TryReadNumber(string text, out decimal number)
    {
        number = 0;
        return NumberForm.IsMatch(text)
            && text.Count(char.IsAsciiDigit) <= DigitsMax
            && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>A date with time and zone. Without a zone it would be another moment for each reader.</summary>
    public static bool TryReadDate(string text, out DateTimeOffset date)
    {
        date = default;
        return DateForm.IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
    }

    public static bool TryReadBool(string text, out bool truth)
    {
        truth = string.Equals(text, "true", StringComparison.OrdinalIgnoreCase);
        return truth || string.Equals(text, "false", StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex(@"\A-?[0-9]+(\.[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex NumberForm { get; }

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}(\.[0-9]{1,7})?)?(Z|[+-][0-9]{2}:[0-9]{2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex DateForm { get; }
}
