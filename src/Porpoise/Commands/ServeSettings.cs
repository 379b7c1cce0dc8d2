using System.CommandLine;
using Porpoise.Commands.Calls;

namespace Porpoise.Commands;

/// <summary>A setting of the server that is a whole number with bounds.</summary>
internal sealed class NumberOption : Option<int>
{
    /// <param name="name">With its hyphens.</param>
    /// <param name="otherwise">What counts when it is not given.</param>
    /// <param name="min">The least.</param>
    /// <param name="max">The greatest.</param>
    public NumberOption(string name, int otherwise, int min, int max)
        : base(name)
    {
        (Min, Max, DefaultValueFactory) = (min, max, _ => otherwise);
        NumberText.Bound(this, min, max);
    }

    public int Min { get; }

    public int Max { get; }

    /// <summary>The default in words where it depends on the machine.</summary>
    public string? DefaultInWords { get; init; }
}

/// <summary>A setting of the server that is taken from a variable of its environment when it is not given.</summary>
internal sealed class VariableOption : Option<string?>
{
    /// <param name="name">With its hyphens.</param>
    /// <param name="variable">Of the environment.</param>
    /// <param name="meaning">For people.</param>
    public VariableOption(string name, string variable, string meaning)
        : base(name) => (Variable, Meaning, Description) = (variable, meaning, $"{meaning} (also {variable})");

    public string Variable { get; }

    public string Meaning { get; }

    /// <summary>What counts when neither is given; null: nothing.</summary>
    public string? DefaultInWords { get; init; }
}
