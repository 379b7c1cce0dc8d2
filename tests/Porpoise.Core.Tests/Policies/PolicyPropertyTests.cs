using System.Text.Json.Nodes;
using CsCheck;
using Porpoise.Core.Policies;

namespace Porpoise.Core.Tests.Policies;

/// <summary>What must hold of any policies and any request.</summary>
public sealed class PolicyPropertyTests
{
    private static readonly Gen<(RandomStatement[][] Policies, RandomStatement[]? Session, AccessRequest Request)> Case =
        Gen.Select(RandomPolicy.Several, RandomPolicy.Any.Null(), RandomPolicy.Request);

    [Fact]
    public void A_decision_is_what_a_slow_evaluator_comes_to()
    {
        var seen = new int[3];
        Case.Sample(
            c =>
            {
                var expected = Slowly(c.Policies, c.Session, c.Request);
                Interlocked.Increment(ref seen[(int)expected]);
                return Decide(c.Policies, c.Session, c.Request) == expected;
            },
            iter: 6_000);
        Assert.All(seen, count => Assert.True(count > 300, $"Implicit, allowed, explicit: {string.Join(", ", seen)}"));
    }

    [Fact]
    public void A_further_denial_never_allows_more() => Gen.Select(Case, RandomStatement.Any, Gen.Int).Sample(
        (c, statement, seed) =>
        {
            var denial = statement with { IsAllow = false };
            var before = Decide(c.Policies, c.Session, c.Request);
            foreach (var after in new[]
            {
                Decide([.. c.Policies, [denial]], c.Session, c.Request),
                Decide(Insert(c.Policies, denial, seed), c.Session, c.Request),
                Decide(c.Policies, c.Session is null ? null : [denial, .. c.Session], c.Request),
            })
            {
                Assert.True(after == before || after == Verdict.ExplicitDeny, $"{before} became {after}");
            }
        },
        iter: 3_000);

    [Fact]
    public void A_further_permission_never_denies_and_never_lifts_a_denial() => Gen.Select(Case, RandomStatement.Any, Gen.Int).Sample(
        (c, statement, seed) =>
        {
            var permission = statement with { IsAllow = true };
            var before = Decide(c.Policies, c.Session, c.Request);
            foreach (var after in new[]
            {
                Decide([.. c.Policies, [permission]], c.Session, c.Request),
                Decide(Insert(c.Policies, permission, seed), c.Session, c.Request),
            })
            {
                Assert.True(after == before || (before == Verdict.ImplicitDeny && after == Verdict.Allow), $"{before} became {after}");
            }
        },
        iter: 3_000);

    [Fact]
    public void The_order_of_policies_statements_and_values_never_matters() => Gen.Select(Case, Gen.Int).Sample(
        (c, seed) =>
        {
            var random = new Random(seed);
            var shuffled = Shuffle(c.Policies.Select(p => Shuffle(p.Select(s => Shuffle(s, random)), random)), random);
            var session = c.Session is null ? null : Shuffle(c.Session.Select(s => Shuffle(s, random)), random);
            return Decide(shuffled, session, c.Request) == Decide(c.Policies, c.Session, c.Request);
        },
        iter: 3_000);

    [Fact]
    public void How_statements_are_spread_over_policies_never_matters() => Case.Sample(
        c => c.Policies.Length == 0
            || (Decide([[.. c.Policies.SelectMany(p => p)]], c.Session, c.Request) == Decide(c.Policies, c.Session, c.Request)
            && Decide([.. c.Policies.SelectMany(p => p).Select(s => new[] { s })], c.Session, c.Request) == Decide(c.Policies, c.Session, c.Request)),
        iter: 1_500);

    [Fact]
    public void A_session_policy_never_allows_more() => Case.Sample(
        c => c.Session is null || Decide(c.Policies, c.Session, c.Request) != Verdict.Allow || Decide(c.Policies, null, c.Request) == Verdict.Allow,
        iter: 1_500);

    [Fact]
    public void Something_that_nobody_understands_never_allows_more()
    {
        var junk = Gen.OneOfConst<Action<JsonObject>>(
            s => s["Sid"] = "x",
            s => s["NotResource"] = "acs:ram::1:user/ann",
            s => s["Effect"] = "allow",
            s => s.Remove("Resource"),
            s => s["Action"] = new JsonArray("GetUser"),
            s => s["Condition"] = "none",
            s => s["Condition"] = new JsonObject { ["Null"] = new JsonObject { ["acs:SourceIp"] = "true" } },
            s => s["Condition"] = new JsonObject { ["NotIpAddress"] = new JsonObject { ["acs:SourceIp"] = "10.0.0.1/8" } },
            s => s["Condition"] = new JsonObject { ["StringNotEquals"] = new JsonObject { ["SourceIp"] = "x" } });
        Gen.Select(RandomPolicy.Any, RandomPolicy.Request, junk, Gen.Int[0, 4]).Sample(
            (policy, request, spoil, at) =>
            {
                // A fault may make a Deny broader and an Allow narrower, but never the other way round.
                var statements = policy.Select(s => s.ToJson()).ToArray();
                var before = DecideStored(RandomPolicy.Write(policy), request);
                spoil(statements[at % statements.Length]);
                var after = DecideStored(RandomPolicy.Write(statements), request);
                Assert.False(before != Verdict.Allow && after == Verdict.Allow, $"{before} became {after}");
                Assert.False(before == Verdict.ExplicitDeny && after != Verdict.ExplicitDeny, $"{before} became {after}");
            },
            iter: 3_000);
    }

    [Fact]
    public void An_explanation_agrees_with_its_decision() => Case.Sample(
        c =>
        {
            var (policies, session) = (c.Policies.Select(Attach).ToList(), c.Session is null ? null : Read(c.Session, PolicyKind.Session));
            var explanation = AccessExplanation.Of(c.Request, policies, session);
            Assert.Equal(PolicyDecision.Decide(c.Request, policies, session), explanation.Decision);
            Assert.Equal(explanation.Decision.Verdict != Verdict.ImplicitDeny, explanation.Findings.Any(f => f.Applies));
            Assert.All(explanation.Findings, f => Assert.Equal(explanation.Decision.Verdict == Verdict.ExplicitDeny, f.Statement.Effect == PolicyEffect.Deny));
            Assert.InRange(explanation.Sentences.Count, 1, 12);
        },
        iter: 1_500);

    private static Verdict Decide(RandomStatement[][] policies, RandomStatement[]? session, AccessRequest request) =>
        PolicyDecision.Decide(request, [.. policies.Select(Attach)], session is null ? null : Read(session, PolicyKind.Session)).Verdict;

    private static Verdict DecideStored(string text, AccessRequest request) =>
        PolicyDecision.Decide(request, [new AttachedPolicy("p", false, "v1", "user/ann", PolicyReader.ReadStored(text, PolicyKind.Identity, out _))]).Verdict;

    private static AttachedPolicy Attach(RandomStatement[] statements) => new("p", false, "v1", "user/ann", Read(statements, PolicyKind.Identity));

    private static PolicyDocument Read(RandomStatement[] statements, PolicyKind kind)
    {
        var document = PolicyReader.Read(RandomPolicy.Write(statements), kind, out var faults);
        Assert.Empty(faults);
        return document!;
    }

    private static Verdict Slowly(RandomStatement[][] policies, RandomStatement[]? session, AccessRequest request) =>
        session is not null && Slowly(session, request) is not Verdict.Allow and var verdict ? verdict : Slowly([.. policies.SelectMany(p => p)], request);

    /// <summary>Statement by statement, as the language's description reads; only the conditions, which the table covers, are the product's.</summary>
    private static Verdict Slowly(RandomStatement[] statements, AccessRequest request)
    {
        var applying = statements.Where(s =>
            s.Actions.Any(a => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(a, request.Action, ignoreCase: true)) != s.IsNot
            && s.Resources.Any(r => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(r, request.Resource, ignoreCase: false))
            && Read([s], PolicyKind.Identity).Statements[0].Conditions.All(c => c.Holds(request.Facts) ?? !s.IsAllow)).ToList();
        return applying.Any(s => !s.IsAllow) ? Verdict.ExplicitDeny : applying.Count > 0 ? Verdict.Allow : Verdict.ImplicitDeny;
    }

    private static RandomStatement[][] Insert(RandomStatement[][] policies, RandomStatement statement, int seed)
    {
        if (policies.Length == 0)
        {
            return [[statement]];
        }

        var random = new Random(seed);
        var at = random.Next(policies.Length);
        var into = policies[at].ToList();
        into.Insert(random.Next(into.Count + 1), statement);
        return [.. policies[..at], [.. into], .. policies[(at + 1)..]];
    }

    private static RandomStatement Shuffle(RandomStatement s, Random random) => s with
    {
        Actions = Shuffle(s.Actions, random),
        Resources = Shuffle(s.Resources, random),
        Conditions = Shuffle(s.Conditions.Select(c => c with { Values = Shuffle(c.Values, random) }), random),
    };

    private static T[] Shuffle<T>(IEnumerable<T> items, Random random)
    {
        var array = items.ToArray();
        random.Shuffle(array);
        return array;
    }
}
