using System.Buffers;
using Porpoise.Core.Parameters;
using static Porpoise.Core.Workflows.WorkflowValidation;

namespace Porpoise.Core.Workflows;

/// <summary>Rules for the parameters of a workflow or a node.</summary>
internal static class ParameterRules
{
    /// <summary>With these <c>${name}</c> could not be told from the text round it.</summary>
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("${}\r\n\0");

    /// <param name="inShell">True: a shell script will see them as variables, so none may have the name of a variable that is the shell's own.</param>
    public static void Check(List<Offence> offences, string place, IReadOnlyList<Parameter> parameters, bool inShell)
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
            if (string.IsNullOrWhiteSpace(parameter.Name) || parameter.Name.Length > WorkflowLimits.ParameterNameLengthMax || parameter.Name.AsSpan().ContainsAny(NotInNames))
            {
                offences.Add(new Offence(OffenceKind.BadParameterName, at, Invariant($"A parameter's name has 1 to {WorkflowLimits.ParameterNameLengthMax} characters, without $, braces and line ends.")));
            }
            else if (inShell && ShellParameters.IsTakenName(parameter.Name))
            {
                offences.Add(new Offence(OffenceKind.BadParameterName, at, $"In the script of a SHELL node ${{{parameter.Name}}} is a variable of the shell's own or of this service: take another name."));
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
