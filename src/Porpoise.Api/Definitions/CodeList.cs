using System.Globalization;
using Porpoise.Api.Operations;
using Porpoise.Core.Workflows;

namespace Porpoise.Api.Definitions;

/// <summary>Several definitions in one call, as DolphinScheduler writes them: their codes in one text, with commas.</summary>
internal static class CodeList
{
    /// <summary>Definitions in one call.</summary>
    public const int CodesMax = 100;

    /// <summary>Each once, in their order.</summary>
    public static IReadOnlyList<WorkflowCode> Read(Parameters parameters, string name)
    {
        var codes = new List<WorkflowCode>();
        var text = parameters.RequiredText(name);
        foreach (var part in text.AsSpan().Split(','))
        {
            if (!long.TryParse(text.AsSpan(part).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code is 0 or >= WorkflowLimits.CodeLimit || codes.Count == CodesMax)
            {
                throw Parameters.Invalid(name, string.Create(CultureInfo.InvariantCulture, $"1 to {CodesMax} codes of workflow definitions with commas between them"));
            }

            codes.Add(new WorkflowCode(code));
        }

        return [.. codes.Distinct()];
    }
}
