using System.Buffers;
using Porpoise.Core.Parameters;
using static Porpoise.Core.Workflows.WorkflowValidation;

namespace Porpoise.Core.Workflows;

/// <summary>Rules for the parameters of a workflow or a node.</summary>
public static class ParameterRules
{
    /// <summary>With these <c>${name}</c> could not be told from the text round it.</summary>
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("${}\r\n\0");

    /// <summary>What a name has to be, as the end of a sentence.</summary>
    public static string WhatNamesHave { get; } = Invariant($"1 to {WorkflowLimits.ParameterNameLengthMax} characters, without $, braces and line ends");

    /// <summary>Whether a parameter may have the name, also one that only a start gives.</summary>
    public static bool IsName(string text) => !string.IsNullOrWhiteSpace(text) && text.Length <= WorkflowLimits.ParameterNameLengthMax && !text.AsSpan().ContainsAny(NotInNames);

    /// <summary>Whether a SHELL node of the workflow sees its parameters as variables, so that none may have the name of a variable that is the shell's own.</summary>
    public static bool IsSeenInShell(WorkflowDefinition definition) => definition.Tasks.Any(t => t.Type == TaskTypes.Shell);

    /// <summary>What is wrong with the name of a parameter that a SHELL node sees; null: nothing.</summary>
    public static string? FindFaultInShell(string name) => ShellParameters.IsTakenName(name)
        ? $"In the script of a SHELL node ${{{name}}} is a variable of the shell's own or of this service: take another name."
        : null;

    /// <param name="inShell">True: a shell script will see them.</param>
    internal static void Check(List<Offence> offences, string place, IReadOnlyList<Parameter> parameters, bool inShell)
    {
        if (parameters.Count > WorkflowLimits.ParametersMax)
        {
            offences.Add(new Offence(OffenceKind.TooLarge, place, Invariant($"There may be at most {WorkflowLimits.ParametersMax} parameters; there are {parameters.Count}.")));
            return;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < parameters.Count && offences.Count < OffencesMax; i++)
        {
            var parameter = parameters[i];
            var at = PlaceOf(place, i, parameter);
            if (!IsName(parameter.Name))
            {
                offences.Add(new Offence(OffenceKind.BadParameterName, at, $"A parameter's name has {WhatNamesHave}."));
            }
            else if (inShell && FindFaultInShell(parameter.Name) is { } fault)
            {
                offences.Add(new Offence(OffenceKind.BadParameterName, at, fault));
            }
            else if (!names.Add(parameter.Name))
            {
                offences.Add(new Offence(OffenceKind.DuplicateParameter, at, "Another parameter here has the same name."));
            }

            TextRules.CheckLength(offences, at, "A parameter's type", parameter.Type, WorkflowLimits.ParameterTypeLengthMax);
            TextRules.CheckLength(offences, at, "A parameter's value", parameter.Value, WorkflowLimits.ParameterValueLengthMax);
        }
    }
}
