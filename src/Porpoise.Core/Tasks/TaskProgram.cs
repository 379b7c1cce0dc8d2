namespace Porpoise.Core.Tasks;

/// <summary>What understands a program's text.</summary>
public enum ProgramLanguage
{
    /// <summary>The machine's shell.</summary>
    Shell,

    Python,

    /// <summary>Our own task runner, in a process of its own: the text is a JSON document that says what to do.</summary>
    Job,
}

/// <summary>What an attempt runs: the node's script or statement with the values of its parameters, ready to be handed to a process.</summary>
public sealed record TaskProgram(ProgramLanguage Language, string Text)
{
    /// <summary>Of an order that starts nothing.</summary>
    public static TaskProgram None { get; } = new(ProgramLanguage.Shell, "");

    /// <summary>Names the language only: the text may hold secrets.</summary>
    public override string ToString() => Language.ToString();
}
