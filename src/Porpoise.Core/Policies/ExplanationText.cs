using System.Globalization;

namespace Porpoise.Core.Policies;

/// <summary>The sentences of an <see cref="AccessExplanation"/>.</summary>
internal static class ExplanationText
{
    /// <summary>Statements that get a sentence of their own.</summary>
    private const int StatementsMax = 10;

    /// <summary>Values of a condition, or patterns of resources, that are quoted.</summary>
    private const int ValuesMax = 5;

    public static List<string> Of(AccessExplanation explanation)
    {
        var sentences = new List<string> { Outcome(explanation) };
        sentences.AddRange(explanation.Findings.Take(StatementsMax).Select(f => Describe(f, explanation)));
        if (explanation.Findings.Count - StatementsMax is > 0 and var more)
        {
            sentences.Add(string.Create(CultureInfo.InvariantCulture, $"{more} more statements do the same."));
        }

        return sentences;
    }

    private static string Outcome(AccessExplanation explanation)
    {
        var what = $"{explanation.Request.Action} on {Quoted.Show(explanation.Request.Resource)}";
        return explanation.Decision.Verdict switch
        {
            Verdict.Allow => $"{what} is allowed.",
            Verdict.ExplicitDeny => $"{what} is denied explicitly: whatever allows it does not count.",
            _ => $"{what} is denied, because nothing allows it: {Nothing(explanation)}",
        };
    }

    private static string Nothing(AccessExplanation explanation)
    {
        var hasNear = explanation.Findings.Count > 0;
        return explanation.Decision.Level switch
        {
            PolicyLevel.SessionPolicy => hasNear
                ? "the key's session policy speaks of the action, but does not apply, and the caller's own policies are asked only after it."
                : "the key's session policy does not speak of the action, and the caller's own policies are asked only after it.",
            PolicyLevel.AssumeRolePolicy => hasNear
                ? "the role trusts the caller under conditions only."
                : "the role does not trust the caller.",
            _ when explanation.PolicyCount == 0 => "the caller has no policy.",
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"of the caller's {explanation.PolicyCount} {(explanation.PolicyCount == 1 ? "policy" : "policies")} no statement {(hasNear ? "that speaks of the action applies" : "allows the action")}."),
        };
    }

    private static string Describe(StatementFinding finding, AccessExplanation explanation)
    {
        var statement = finding.Statement;
        var who = string.Create(CultureInfo.InvariantCulture, $"Statement[{statement.Index}] of {Describe(finding.Policy)}");
        var verb = (finding.Applies, statement.Effect) switch
        {
            (true, PolicyEffect.Allow) => "allows it",
            (true, _) => "forbids it",
            _ => "would allow it",
        };
        if (!statement.IsUnderstood)
        {
            return $"{who} {verb}: it is not understood, and what is not understood forbids.";
        }

        var reasons = finding.Applies ? [] : finding.FitsResource ? new List<string>() : [Resources(statement, explanation.Request)];
        reasons.AddRange((finding.Applies ? finding.Held : finding.Failed).Select(c => Describe(c, finding, explanation.Request)));
        return $"{who} {verb}{(reasons.Count == 0 ? "" : finding.Applies ? ": " : ", but ")}{string.Join("; ", reasons)}.";
    }

    private static string Describe(AttachedPolicy policy) => policy.Document.Kind switch
    {
        PolicyKind.Session => "the key's session policy",
        PolicyKind.Trust => $"the trust policy of {Quoted.Show(policy.AttachedTo)}",
        _ => $"the policy {Quoted.Show(policy.Name)} ({(policy.IsSystem ? "system" : "custom")}, {Quoted.Show(policy.Version)}), attached to {Quoted.Show(policy.AttachedTo)},",
    };

    private static string Resources(PolicyStatement statement, AccessRequest request) =>
        $"it is for {Values(statement.Resources)}, and the request is for {Values([request.Resource])}";

    private static string Describe(PolicyCondition condition, StatementFinding finding, AccessRequest request)
    {
        var what = $"its condition {Quoted.Show(condition.OperatorName)}{(condition.Key.Text.Length == 0 ? "" : $" on {Quoted.Show(condition.Key.Text)}")}";
        if (!condition.IsUnderstood)
        {
            return $"{what} is not understood, and what is not understood {(finding.Applies ? "forbids" : "allows nothing")}";
        }

        what += $" with {Values(condition.Values)}";
        var fact = request.Facts.Find(condition.Key);
        return condition.Holds(request.Facts) switch
        {
            null when fact?.Value is null => $"{what} cannot be decided, as the request has different values for it",
            null => $"{what} cannot be decided, as the request has {Values([fact.Value])}, which is of another type",
            var holds => $"{what} {(holds.Value ? "holds" : "fails")}, as the request has {(fact is null ? "no such key" : Values([fact.Value!]))}",
        };
    }

    private static string Values(IReadOnlyList<string> values)
    {
        var shown = string.Join(", ", values.Take(ValuesMax).Select(v => $"'{Quoted.Show(v)}'"));
        return values.Count <= ValuesMax ? shown : string.Create(CultureInfo.InvariantCulture, $"{shown} and {values.Count - ValuesMax} more");
    }
}
