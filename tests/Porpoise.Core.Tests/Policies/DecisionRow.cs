using Porpoise.Core.Policies;

namespace Porpoise.Core.Tests.Policies;

/// <summary>A decision that was worked out by hand: what is asked, under which policies, and what must come out.</summary>
/// <param name="Why">The reason, in a few words; unique in the table.</param>
/// <param name="Policies">JSON texts of identity policies.</param>
public sealed record DecisionRow(string Why, Verdict Expected, params string[] Policies)
{
    public const string Start = "emr-serverless-spark:StartProcessInstance";

    public string Action { get; init; } = Start;

    public string Resource { get; init; } = "*";

    public (string Key, string Value)[] Facts { get; init; } = [];

    /// <summary>True: the texts are taken as found in the store, faults and all.</summary>
    public bool IsStored { get; init; }

    /// <summary>Null: no session policy.</summary>
    public string? Session { get; init; }

    /// <summary>Null: no role is assumed. Else the role's trust policy, which is asked too.</summary>
    public string? Trust { get; init; }

    public TrustedPrincipal[] Caller { get; init; } = [];

    public PolicyLevel Level { get; init; } = PolicyLevel.AccountLevelIdentityBasedPolicy;

    /// <summary>A policy of the statements between its brackets.</summary>
    public static string Policy(string statements) => $$"""{"Version":"1","Statement":[{{statements}}]}""";

    /// <summary>One Allow of everything under a condition.</summary>
    public static DecisionRow If(string why, Verdict expected, string condition, params (string Key, string Value)[] facts) =>
        new(why, expected, Policy($$"""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{condition}}}""")) { Facts = facts };

    /// <summary>An Allow of everything, and a Deny of everything under a condition.</summary>
    public static DecisionRow Unless(string why, Verdict expected, string condition, params (string Key, string Value)[] facts) =>
        new(why, expected, Policy($$"""{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{condition}}}""")) { Facts = facts };

    /// <summary>One Allow of some actions on everything.</summary>
    public static DecisionRow Do(string why, Verdict expected, string actions, string action) =>
        new(why, expected, Policy($$"""{"Effect":"Allow","Action":{{actions}},"Resource":"*"}""")) { Action = action };

    /// <summary>One Allow of everything on some resources.</summary>
    public static DecisionRow On(string why, Verdict expected, string resources, string resource) =>
        new(why, expected, Policy($$"""{"Effect":"Allow","Action":"*","Resource":{{resources}}}""")) { Action = "ram:GetUser", Resource = resource };

    public AccessDecision Decide() => Prepare()();

    /// <summary>The decision alone, with everything that it needs already read.</summary>
    public Func<AccessDecision> Prepare()
    {
        var request = new AccessRequest(Action, Resource, RequestFacts.Of(Facts));
        var (attached, session) = (Attached(), SessionDocument);
        if (Trust is null)
        {
            return () => PolicyDecision.Decide(request, attached, session);
        }

        var trust = Read(Trust, PolicyKind.Trust);
        return () => PolicyDecision.DecideAssumeRole(request, attached, session, trust, Caller);
    }

    public AccessExplanation Explain()
    {
        var request = new AccessRequest(Action, Resource, RequestFacts.Of(Facts));
        var attached = Attached();
        return Trust is null
            ? AccessExplanation.Of(request, attached, SessionDocument)
            : AccessExplanation.OfAssumeRole(request, attached, SessionDocument, new AttachedPolicy("trust", false, "", "role/etl", Read(Trust, PolicyKind.Trust)), Caller);
    }

    private PolicyDocument? SessionDocument => Session is null ? null : Read(Session, PolicyKind.Session);

    private List<AttachedPolicy> Attached() => [.. Policies.Select((text, i) => new AttachedPolicy($"p{i}", false, "v1", "user/ann", Read(text, PolicyKind.Identity)))];

    private PolicyDocument Read(string text, PolicyKind kind)
    {
        if (IsStored)
        {
            return PolicyReader.ReadStored(text, kind, out _);
        }

        var document = PolicyReader.Read(text, kind, out var faults);
        Assert.Empty(faults);
        return document!;
    }
}
