using Porpoise.Core.Policies;
using Porpoise.Core.Policies.SystemPolicies;
using static Porpoise.Core.Tests.Policies.DecisionRow;

namespace Porpoise.Core.Tests.Policies;

/// <summary>What people read about a decision, word for word.</summary>
public sealed class AccessExplanationTests
{
    private static readonly TrustedPrincipal[] Ann = [new(PrincipalKind.Ram, "acs:ram::1:user/ann"), new(PrincipalKind.Ram, "acs:ram::1:root")];

    [Fact]
    public void Nobody_has_a_policy() => Says(
        AccessExplanation.Of(Ask(Start), []),
        "emr-serverless-spark:StartProcessInstance on * is denied, because nothing allows it: the caller has no policy.");

    [Fact]
    public void No_statement_speaks_of_the_action() => Says(
        AccessExplanation.Of(Ask(Start), [SystemPolicy.Find("AliyunEmrServerlessSparkReadOnlyAccess")!.AttachTo("user/ann")]),
        "emr-serverless-spark:StartProcessInstance on * is denied, because nothing allows it: of the caller's 1 policy no statement allows the action.");

    [Fact]
    public void A_statement_allows() => Says(
        AccessExplanation.Of(Ask(Start), [SystemPolicy.Find("AliyunEMRServerlessSparkFullAccess")!.AttachTo("group/data")]),
        "emr-serverless-spark:StartProcessInstance on * is allowed.",
        "Statement[0] of the policy AliyunEMRServerlessSparkFullAccess (system, v1), attached to group/data, allows it.");

    [Fact]
    public void A_statement_allows_under_a_condition() => Says(
        AccessExplanation.Of(Ask(Start, ("acs:SourceIp", "192.0.2.7")), [Custom("""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"acs:SourceIp":["192.0.2.0/24","203.0.113.2"]}}}""")]),
        "emr-serverless-spark:StartProcessInstance on * is allowed.",
        "Statement[0] of the policy office (custom, v3), attached to user/ann, allows it: its condition IpAddress on acs:SourceIp with '192.0.2.0/24', '203.0.113.2' holds, as the request has '192.0.2.7'.");

    [Fact]
    public void A_statement_forbids() => Says(
        AccessExplanation.Of(
            Ask(Start, ("acs:SourceIp", "198.51.100.9")),
            [SystemPolicy.Find("PorpoiseAdministratorAccess")!.AttachTo("user/ann"), Custom("""{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"NotIpAddress":{"acs:SourceIp":"192.0.2.0/24"}}}""")]),
        "emr-serverless-spark:StartProcessInstance on * is denied explicitly: whatever allows it does not count.",
        "Statement[1] of the policy office (custom, v3), attached to user/ann, forbids it: its condition NotIpAddress on acs:SourceIp with '192.0.2.0/24' holds, as the request has '198.51.100.9'.");

    [Fact]
    public void A_condition_failed() => Says(
        AccessExplanation.Of(
            Ask(Start, ("acs:SourceIp", "198.51.100.9"), ("acs:MFAPresent", "true")),
            [Custom("""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"true"},"IpAddress":{"acs:SourceIp":"192.0.2.0/24"},"StringEquals":{"acs:ResourceTag/team":"dev"}}}""")]),
        "emr-serverless-spark:StartProcessInstance on * is denied, because nothing allows it: of the caller's 1 policy no statement that speaks of the action applies.",
        "Statement[0] of the policy office (custom, v3), attached to user/ann, would allow it, but its condition IpAddress on acs:SourceIp with '192.0.2.0/24' fails, as the request has '198.51.100.9'; its condition StringEquals on acs:ResourceTag/team with 'dev' fails, as the request has no such key.");

    [Fact]
    public void A_condition_could_not_be_decided() => Says(
        AccessExplanation.Of(
            Ask(Start, ("x:Size", "ten"), ("x:Team", "a"), ("x:team", "b")),
            [Custom("""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NumericLessThan":{"x:Size":"10"},"StringNotEquals":{"x:Team":"c"}}}""")]),
        "emr-serverless-spark:StartProcessInstance on * is denied, because nothing allows it: of the caller's 1 policy no statement that speaks of the action applies.",
        "Statement[0] of the policy office (custom, v3), attached to user/ann, would allow it, but its condition NumericLessThan on x:Size with '10' cannot be decided, as the request has 'ten', which is of another type; its condition StringNotEquals on x:Team with 'c' cannot be decided, as the request has different values for it.");

    [Fact]
    public void A_resource_does_not_fit() => Says(
        AccessExplanation.Of(
            new AccessRequest("ram:GetUser", "acs:ram::1:user/bob", RequestFacts.None),
            [Custom("""{"Effect":"Allow","Action":"ram:*","Resource":["acs:ram::1:user/ann","acs:ram::1:role/*"]}"""), Custom("""{"Effect":"Allow","Action":"sts:*","Resource":"*"}""")]),
        "ram:GetUser on acs:ram::1:user/bob is denied, because nothing allows it: of the caller's 2 policies no statement that speaks of the action applies.",
        "Statement[0] of the policy office (custom, v3), attached to user/ann, would allow it, but it is for 'acs:ram::1:user/ann', 'acs:ram::1:role/*', and the request is for 'acs:ram::1:user/bob'.");

    [Fact]
    public void A_session_policy_allows_nothing_of_it() => Says(
        AccessExplanation.Of(Ask(Start), [SystemPolicy.Find("PorpoiseAdministratorAccess")!.AttachTo("role/etl")], Read("""{"Effect":"Allow","Action":"ram:*","Resource":"*"}""", PolicyKind.Session)),
        "emr-serverless-spark:StartProcessInstance on * is denied, because nothing allows it: the key's session policy does not speak of the action, and the caller's own policies are asked only after it.");

    [Fact]
    public void A_session_policy_forbids() => Says(
        AccessExplanation.Of(Ask(Start), [SystemPolicy.Find("PorpoiseAdministratorAccess")!.AttachTo("role/etl")], Read("""{"Effect":"Deny","NotAction":"ram:*","Resource":"*"}""", PolicyKind.Session)),
        "emr-serverless-spark:StartProcessInstance on * is denied explicitly: whatever allows it does not count.",
        "Statement[0] of the key's session policy forbids it.");

    [Fact]
    public void Session_and_role_allow() => Says(
        AccessExplanation.Of(Ask(Start), [SystemPolicy.Find("PorpoiseAdministratorAccess")!.AttachTo("role/etl")], Read("""{"Effect":"Allow","Action":"*","Resource":"*"}""", PolicyKind.Session)),
        "emr-serverless-spark:StartProcessInstance on * is allowed.",
        "Statement[0] of the key's session policy allows it.",
        "Statement[0] of the policy PorpoiseAdministratorAccess (system, v1), attached to role/etl, allows it.");

    [Fact]
    public void A_role_does_not_trust() => Says(
        Assume("""{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::2:root"]}}"""),
        "sts:AssumeRole on acs:ram::1:role/etl is denied, because nothing allows it: the role does not trust the caller.");

    [Fact]
    public void A_role_trusts_under_a_condition() => Says(
        Assume("""{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1:root"]},"Condition":{"StringEquals":{"sts:ExternalId":"k-17"}}}"""),
        "sts:AssumeRole on acs:ram::1:role/etl is denied, because nothing allows it: the role trusts the caller under conditions only.",
        "Statement[0] of the trust policy of role/etl would allow it, but its condition StringEquals on sts:ExternalId with 'k-17' fails, as the request has no such key.");

    [Fact]
    public void A_role_distrusts_one_user() => Says(
        Assume("""{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1:root"]}},{"Effect":"Deny","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1:user/ann"]}}"""),
        "sts:AssumeRole on acs:ram::1:role/etl is denied explicitly: whatever allows it does not count.",
        "Statement[1] of the trust policy of role/etl forbids it.");

    [Fact]
    public void What_a_stored_policy_says_beyond_understanding() => Says(
        AccessExplanation.Of(Ask(Start), [Stored("""{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Null":{"acs:MFAPresent":"true"}}},{"Effect":"Deny","Action":"*"}""")]),
        "emr-serverless-spark:StartProcessInstance on * is denied explicitly: whatever allows it does not count.",
        "Statement[0] of the policy office (custom, v3), attached to user/ann, forbids it: its condition Null on acs:MFAPresent is not understood, and what is not understood forbids.",
        "Statement[1] of the policy office (custom, v3), attached to user/ann, forbids it: it is not understood, and what is not understood forbids.");

    [Fact]
    public void What_a_stored_policy_allows_beyond_understanding() => Says(
        AccessExplanation.Of(Ask(Start), [Stored("""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Null":{"acs:MFAPresent":"true"}}}""")]),
        "emr-serverless-spark:StartProcessInstance on * is denied, because nothing allows it: of the caller's 1 policy no statement that speaks of the action applies.",
        "Statement[0] of the policy office (custom, v3), attached to user/ann, would allow it, but its condition Null on acs:MFAPresent is not understood, and what is not understood allows nothing.");

    [Fact]
    public void Foreign_text_is_short_and_harmless_and_there_are_few_sentences()
    {
        var values = string.Join(",", Enumerable.Range(0, 9).Select(i => $"\"v{i}\""));
        var statement = $$$"""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"x:Team":[{{{values}}}]} } }""";
        var explanation = AccessExplanation.Of(Ask(Start, ("x:Team", "\u001b[2J" + new string('z', 5_000))), [Custom(string.Join(",", Enumerable.Repeat(statement, 30)))]);
        Assert.Equal(30, explanation.Findings.Count);
        Assert.Equal(12, explanation.Sentences.Count);
        Assert.Equal("20 more statements do the same.", explanation.Sentences[^1]);
        Assert.Contains("with 'v0', 'v1', 'v2', 'v3', 'v4' and 4 more fails, as the request has '\uFFFD[2Jzz", explanation.Sentences[1], StringComparison.Ordinal);
        Assert.All(explanation.Sentences, s => Assert.True(s.Length < 500 && !s.Any(char.IsControl), s));
    }

    private static void Says(AccessExplanation explanation, params string[] sentences) => Assert.Equal(sentences, explanation.Sentences);

    private static AccessExplanation Assume(string trust) => AccessExplanation.OfAssumeRole(
        new AccessRequest("sts:AssumeRole", "acs:ram::1:role/etl", RequestFacts.None),
        [SystemPolicy.Find("PorpoiseAdministratorAccess")!.AttachTo("user/ann")],
        session: null,
        new AttachedPolicy("trust", false, "", "role/etl", Read(trust, PolicyKind.Trust)),
        Ann);

    private static AccessRequest Ask(string action, params (string Key, string Value)[] facts) => new(action, "*", RequestFacts.Of(facts));

    private static AttachedPolicy Custom(string statements) => new("office", false, "v3", "user/ann", Read(statements, PolicyKind.Identity));

    private static AttachedPolicy Stored(string statements) => new("office", false, "v3", "user/ann", PolicyReader.ReadStored(Policy(statements), PolicyKind.Identity, out _));

    private static PolicyDocument Read(string statements, PolicyKind kind)
    {
        var document = PolicyReader.Read(Policy(statements), kind, out var faults);
        Assert.Empty(faults);
        return document!;
    }
}
