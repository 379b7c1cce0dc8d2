using System.CommandLine;
using System.Globalization;

namespace Porpoise.Commands.Calls;

/// <summary>Whole numbers with bounds on the command line.</summary>
internal static class NumberText
{
    /// <summary>A parser and not a validator, because asking for the value of what is no number throws.</summary>
    public static void Bound(Option<int> option, int min, int max) => option.CustomParser = result =>
    {
        if (int.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
        {
            return value;
        }

        result.AddError($"{option.Name} takes a number from {min} to {max}.");
        return 0;
    };
}
