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

    /// <summary>The id of something, which has a number for a name.</summary>
    public static Argument<int> Id(string what)
    {
        var id = new Argument<int>("id") { Description = $"Of the {what}" };
        id.CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }

            result.AddError($"'{text}' is no {what}: it takes the number of a {what}.");
            return 0;
        };
        return id;
    }
}
