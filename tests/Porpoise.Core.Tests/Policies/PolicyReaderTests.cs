using Porpoise.Core.Policies;
using static Porpoise.Core.Tests.Policies.DecisionRow;

namespace Porpoise.Core.Tests.Policies;

/// <summary>What the reader refuses, where, and with what words; and what it takes.</summary>
public sealed class PolicyReaderTests
{
    /// <summary>One fault each: the text, its place, and what the message says.</summary>
    private static readonly List<(string Case, PolicyKind Kind, string Text, string Place, string Says)> Faults =
    [
        ("no JSON", PolicyKind.Identity, "{", "policy", "cannot be read as JSON"),
        ("nothing", PolicyKind.Identity, "", "policy", "cannot be read as JSON"),
        ("a comma too many", PolicyKind.Identity, """{"Version":"1","Statement":[],}""", "policy", "cannot be read as JSON"),
        ("a comment", PolicyKind.Identity, """{"Version":"1" /* no */,"Statement":[]}""", "policy", "cannot be read as JSON"),
        ("something behind", PolicyKind.Identity, """{"Version":"1","Statement":[]} x""", "policy", "cannot be read as JSON"),
        ("half a character, escaped", PolicyKind.Identity, """{"Version":"\ud83d","Statement":[]}""", "policy", "half of a surrogate pair stands at position 12"),
        ("half a character, raw", PolicyKind.Identity, "{\"\uDC00\":1}", "policy", "half of a surrogate pair stands at position 2"),
        ("half a character behind a backslash", PolicyKind.Identity, "{\"\\\uDC00\":1}", "policy", "half of a surrogate pair stands at position 3"),
        ("half a character in a name", PolicyKind.Identity, """{"\udc00":1}""", "policy", "half of a surrogate pair"),
        ("too deep", PolicyKind.Identity, new string('[', 40) + new string(']', 40), "policy", "cannot be read as JSON"),
        ("no object", PolicyKind.Identity, "[]", "policy", "must be a JSON object"),
        ("no version", PolicyKind.Identity, """{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""", "Version", "the text \"1\""),
        ("version as a number", PolicyKind.Identity, """{"Version":1,"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""", "Version", "the text \"1\""),
        ("another language's version", PolicyKind.Identity, """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""", "Version", "the text \"1\""),
        ("no statement", PolicyKind.Identity, """{"Version":"1"}""", "Statement", "at least one statement"),
        ("an empty list of statements", PolicyKind.Identity, Policy(""), "Statement", "at least one statement"),
        ("a statement outside a list", PolicyKind.Identity, """{"Version":"1","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}""", "Statement", "must be a list"),
        ("unknown member of the policy", PolicyKind.Identity, """{"Version":"1","Id":"x","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""", "policy.Id", "no such member here; there are Version, Statement"),
        ("statements twice", PolicyKind.Identity, """{"Version":"1","Statement":[],"Statement":[]}""", "policy.Statement", "there twice"),
        ("a statement that is no object", PolicyKind.Identity, Policy("\"Allow\""), "Statement[0]", "must be a JSON object"),
        ("no effect", PolicyKind.Identity, Policy("""{"Action":"*","Resource":"*"}"""), "Statement[0].Effect", "\"Allow\" or \"Deny\""),
        ("effect in other letters", PolicyKind.Identity, Policy("""{"Effect":"ALLOW","Action":"*","Resource":"*"}"""), "Statement[0].Effect", "\"Allow\" or \"Deny\""),
        ("effect in a list", PolicyKind.Identity, Policy("""{"Effect":["Allow"],"Action":"*","Resource":"*"}"""), "Statement[0].Effect", "\"Allow\" or \"Deny\""),
        ("the second statement", PolicyKind.Identity, Policy("""{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Allow","Action":"*"}"""), "Statement[1].Resource", "missing"),
        ("a label", PolicyKind.Identity, Policy("""{"Sid":"a","Effect":"Allow","Action":"*","Resource":"*"}"""), "Statement[0].Sid", "there are Effect, Action, NotAction, Resource, Condition"),
        ("NotResource", PolicyKind.Identity, Policy("""{"Effect":"Allow","Action":"*","NotResource":"*","Resource":"*"}"""), "Statement[0].NotResource", "no such member"),
        ("a principal in an identity policy", PolicyKind.Identity, Policy("""{"Effect":"Allow","Action":"*","Resource":"*","Principal":{"RAM":["acs:ram::1:root"]}}"""), "Statement[0].Principal", "no such member"),
        ("a member in other letters", PolicyKind.Identity, Policy("""{"Effect":"Allow","Action":"*","Resource":"*","condition":{}}"""), "Statement[0].condition", "no such member"),
        ("no action", PolicyKind.Identity, Policy("""{"Effect":"Allow","Resource":"*"}"""), "Statement[0]", "exactly one of Action and NotAction"),
        ("Action and NotAction", PolicyKind.Identity, Policy("""{"Effect":"Allow","Action":"*","NotAction":"ram:*","Resource":"*"}"""), "Statement[0]", "exactly one of Action and NotAction"),
        ("an empty list of actions", PolicyKind.Identity, Policy("""{"Effect":"Allow","Action":[],"Resource":"*"}"""), "Statement[0].Action", "not be empty"),
        ("an action that is a number", PolicyKind.Identity, Policy("""{"Effect":"Allow","Action":7,"Resource":"*"}"""), "Statement[0].Action", "a text, or a list of texts"),
        ("an action that is null", PolicyKind.Identity, Policy("""{"Effect":"Allow","Action":["*",null],"Resource":"*"}"""), "Statement[0].Action[1]", "a text, or a list of texts"),
        ("an action without a service", PolicyKind.Identity, Policy("""{"Effect":"Deny","Action":"StartProcessInstance","Resource":"*"}"""), "Statement[0].Action", "'StartProcessInstance' fits no action"),
        ("an action with a blank", PolicyKind.Identity, Policy("""{"Effect":"Deny","Action":"ram:GetUser ","Resource":"*"}"""), "Statement[0].Action", "fits no action"),
        ("an empty action", PolicyKind.Identity, Policy("""{"Effect":"Deny","NotAction":[""],"Resource":"*"}"""), "Statement[0].NotAction", "fits no action"),
        ("an action with two colons", PolicyKind.Identity, Policy("""{"Effect":"Deny","Action":"acs:ram:*","Resource":"*"}"""), "Statement[0].Action", "fits no action"),
        ("an action with a letter that only looks right", PolicyKind.Identity, Policy("""{"Effect":"Deny","Action":"rаm:*","Resource":"*"}"""), "Statement[0].Action", "fits no action"),
        ("no resource", PolicyKind.Identity, Policy("""{"Effect":"Allow","Action":"*"}"""), "Statement[0].Resource", "missing"),
        ("an empty list of resources", PolicyKind.Identity, Policy("""{"Effect":"Allow","Action":"*","Resource":[]}"""), "Statement[0].Resource", "not be empty"),
        ("a resource that is true", PolicyKind.Identity, Policy("""{"Effect":"Allow","Action":"*","Resource":true}"""), "Statement[0].Resource", "a text"),
        ("a bare name as a resource", PolicyKind.Identity, Policy("""{"Effect":"Deny","Action":"*","Resource":"w-d87ca8d6f7d1abcd"}"""), "Statement[0].Resource", "fits no resource"),
        ("another cloud's resource", PolicyKind.Identity, Policy("""{"Effect":"Deny","Action":"*","Resource":"arn:aws:s3:::*"}"""), "Statement[0].Resource", "fits no resource"),
        ("an ARN that is too short", PolicyKind.Identity, Policy("""{"Effect":"Deny","Action":"*","Resource":"acs:ram:user/ann"}"""), "Statement[0].Resource", "fits no resource"),
        ("a resource with a line break", PolicyKind.Identity, Policy("""{"Effect":"Deny","Action":"*","Resource":"acs:ram::1:user/ann\n"}"""), "Statement[0].Resource", "fits no resource"),
        ("a condition that is no object", PolicyKind.Identity, If("[]"), "Statement[0].Condition", "must be a JSON object"),
        ("an unknown operator", PolicyKind.Identity, If("""{"Null":{"acs:SourceIp":"true"}}"""), "Statement[0].Condition.Null", "no such operator; there are StringEquals, "),
        ("another language's operator", PolicyKind.Identity, If("""{"StringEqualsIfExists":{"acs:SourceIp":"x"}}"""), "Statement[0].Condition.StringEqualsIfExists", "no such operator"),
        ("an operator in other letters", PolicyKind.Identity, If("""{"stringEquals":{"acs:SourceIp":"x"}}"""), "Statement[0].Condition.stringEquals", "no such operator"),
        ("an operator twice", PolicyKind.Identity, If("""{"Bool":{"acs:MFAPresent":"true"},"Bool":{"acs:SecureTransport":"true"}}"""), "Statement[0].Condition.Bool", "there twice"),
        ("an operator without a key", PolicyKind.Identity, If("""{"Bool":{}}"""), "Statement[0].Condition.Bool", "must name a condition key"),
        ("an operator with a text", PolicyKind.Identity, If("""{"Bool":"true"}"""), "Statement[0].Condition.Bool", "must be a JSON object"),
        ("a key twice", PolicyKind.Identity, If("""{"StringEquals":{"acs:PrincipalARN":"a","acs:PrincipalARN":"b"}}"""), "Statement[0].Condition.StringEquals.acs:PrincipalARN", "there twice"),
        ("a key twice in two spellings", PolicyKind.Identity, If("""{"StringEquals":{"acs:PrincipalARN":"a","acs:PrincipalArn":"b"}}"""), "Statement[0].Condition.StringEquals.acs:PrincipalArn", "there twice"),
        ("a key without a service", PolicyKind.Identity, If("""{"NotIpAddress":{"SourceIp":"10.0.0.1"}}"""), "Statement[0].Condition.NotIpAddress.SourceIp", "SERVICE:NAME"),
        ("a key with a blank", PolicyKind.Identity, If("""{"NotIpAddress":{" acs:SourceIp":"10.0.0.1"}}"""), "Statement[0].Condition.NotIpAddress. acs:SourceIp", "SERVICE:NAME"),
        ("no value", PolicyKind.Identity, If("""{"StringEquals":{"acs:PrincipalARN":[]}}"""), "Statement[0].Condition.StringEquals.acs:PrincipalARN", "not be empty"),
        ("a value that is null", PolicyKind.Identity, If("""{"StringEquals":{"acs:PrincipalARN":null}}"""), "Statement[0].Condition.StringEquals.acs:PrincipalARN", "a text"),
        ("a value that is an object", PolicyKind.Identity, If("""{"StringEquals":{"acs:PrincipalARN":{"a":"b"}}}"""), "Statement[0].Condition.StringEquals.acs:PrincipalARN", "a text"),
        ("a number that is none", PolicyKind.Identity, If("""{"NumericEquals":{"x:Size":"ten"}}"""), "Statement[0].Condition.NumericEquals.x:Size", "'ten' is none"),
        ("a number with an exponent", PolicyKind.Identity, If("""{"NumericEquals":{"x:Size":1e3}}"""), "Statement[0].Condition.NumericEquals.x:Size", "'1e3' is none"),
        ("a number that would be rounded", PolicyKind.Identity, If("""{"NumericEquals":{"x:Size":"0.1234567890123456789012345678"}}"""), "Statement[0].Condition.NumericEquals.x:Size", "at most 28 digits"),
        ("a date without a zone", PolicyKind.Identity, If("""{"DateLessThan":{"acs:CurrentTime":"2026-01-01T00:00:00"}}"""), "Statement[0].Condition.DateLessThan.acs:CurrentTime", "dates with time and zone"),
        ("a day", PolicyKind.Identity, If("""{"DateLessThan":{"acs:CurrentTime":"2026-01-01"}}"""), "Statement[0].Condition.DateLessThan.acs:CurrentTime", "dates with time and zone"),
        ("a day that does not exist", PolicyKind.Identity, If("""{"DateLessThan":{"acs:CurrentTime":"2026-02-30T00:00:00Z"}}"""), "Statement[0].Condition.DateLessThan.acs:CurrentTime", "'2026-02-30T00:00:00Z' is none"),
        ("an hour that does not exist", PolicyKind.Identity, If("""{"DateLessThan":{"acs:CurrentTime":"2026-02-20T24:00:00Z"}}"""), "Statement[0].Condition.DateLessThan.acs:CurrentTime", "is none"),
        ("a date before time began", PolicyKind.Identity, If("""{"DateLessThan":{"acs:CurrentTime":"0001-01-01T00:00:00+08:00"}}"""), "Statement[0].Condition.DateLessThan.acs:CurrentTime", "is none"),
        ("a zone that does not exist", PolicyKind.Identity, If("""{"DateLessThan":{"acs:CurrentTime":"2026-01-01T00:00:00+15:00"}}"""), "Statement[0].Condition.DateLessThan.acs:CurrentTime", "is none"),
        ("a truth that is none", PolicyKind.Identity, If("""{"Bool":{"acs:MFAPresent":"yes"}}"""), "Statement[0].Condition.Bool.acs:MFAPresent", "true and false; 'yes' is none"),
        ("a truth with a blank", PolicyKind.Identity, If("""{"Bool":{"acs:MFAPresent":" true"}}"""), "Statement[0].Condition.Bool.acs:MFAPresent", "is none"),
        ("a network with bits behind its prefix", PolicyKind.Identity, If("""{"IpAddress":{"acs:SourceIp":["10.0.0.0/8","10.0.0.1/8"]}}"""), "Statement[0].Condition.IpAddress.acs:SourceIp", "'10.0.0.1/8' is none"),
        ("a mapped network with bits behind its prefix", PolicyKind.Identity, If("""{"IpAddress":{"acs:SourceIp":"::ffff:0:0/95"}}"""), "Statement[0].Condition.IpAddress.acs:SourceIp", "is none"),
        ("a prefix that is too long", PolicyKind.Identity, If("""{"IpAddress":{"acs:SourceIp":"10.0.0.0/33"}}"""), "Statement[0].Condition.IpAddress.acs:SourceIp", "is none"),
        ("a prefix with a nought in front", PolicyKind.Identity, If("""{"IpAddress":{"acs:SourceIp":"10.0.0.0/08"}}"""), "Statement[0].Condition.IpAddress.acs:SourceIp", "is none"),
        ("an empty prefix", PolicyKind.Identity, If("""{"IpAddress":{"acs:SourceIp":"10.0.0.0/"}}"""), "Statement[0].Condition.IpAddress.acs:SourceIp", "is none"),
        ("a shortened address", PolicyKind.Identity, If("""{"IpAddress":{"acs:SourceIp":"10.1"}}"""), "Statement[0].Condition.IpAddress.acs:SourceIp", "is none"),
        ("an address as a number", PolicyKind.Identity, If("""{"IpAddress":{"acs:SourceIp":167772161}}"""), "Statement[0].Condition.IpAddress.acs:SourceIp", "is none"),
        ("an octal address", PolicyKind.Identity, If("""{"IpAddress":{"acs:SourceIp":"::ffff:010.0.0.1"}}"""), "Statement[0].Condition.IpAddress.acs:SourceIp", "is none"),
        ("an octal address at the end", PolicyKind.Identity, If("""{"IpAddress":{"acs:SourceIp":"::ffff:10.0.0.010"}}"""), "Statement[0].Condition.IpAddress.acs:SourceIp", "is none"),
        ("an address with a wildcard", PolicyKind.Identity, If("""{"IpAddress":{"acs:SourceIp":"10.0.0.*"}}"""), "Statement[0].Condition.IpAddress.acs:SourceIp", "is none"),
        ("a session policy with a principal", PolicyKind.Session, Policy("""{"Effect":"Allow","Action":"*","Resource":"*","Principal":{}}"""), "Statement[0].Principal", "no such member"),
        ("a trust policy with a resource", PolicyKind.Trust, Policy("""{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*","Principal":{"RAM":["acs:ram::1:root"]}}"""), "Statement[0].Resource", "there are Effect, Action, Principal, Condition"),
        ("a trust policy with NotAction", PolicyKind.Trust, Trust("\"NotAction\":\"ram:*\"", """{"RAM":["acs:ram::1:root"]}"""), "Statement[0].NotAction", "no such member"),
        ("a trust policy of another action", PolicyKind.Trust, Trust("\"Action\":\"sts:*\"", """{"RAM":["acs:ram::1:root"]}"""), "Statement[0].Action", "sts:AssumeRole only, not of 'sts:*'"),
        ("a trust policy without an action", PolicyKind.Trust, Policy("""{"Effect":"Allow","Principal":{"RAM":["acs:ram::1:root"]}}"""), "Statement[0]", "must have an Action"),
        ("a trust policy without principals", PolicyKind.Trust, Policy("""{"Effect":"Allow","Action":"sts:AssumeRole"}"""), "Statement[0].Principal", "say whom the role trusts"),
        ("a trust policy with an empty principal", PolicyKind.Trust, Trust("\"Action\":\"sts:AssumeRole\"", "{}"), "Statement[0].Principal", "not be empty"),
        ("a trust policy with an empty list", PolicyKind.Trust, Trust("\"Action\":\"sts:AssumeRole\"", """{"RAM":[]}"""), "Statement[0].Principal.RAM", "not be empty"),
        ("a trust policy with a text", PolicyKind.Trust, Trust("\"Action\":\"sts:AssumeRole\"", "\"*\""), "Statement[0].Principal", "must be a JSON object"),
        ("a trust policy for everybody", PolicyKind.Trust, Trust("\"Action\":\"sts:AssumeRole\"", """{"RAM":"*"}"""), "Statement[0].Principal.RAM", "'*' names nobody"),
        ("a trust policy for a pattern", PolicyKind.Trust, Trust("\"Action\":\"sts:AssumeRole\"", """{"RAM":"acs:ram::1:user/*"}"""), "Statement[0].Principal.RAM", "without wildcards"),
        ("a trust policy for a bare account", PolicyKind.Trust, Trust("\"Action\":\"sts:AssumeRole\"", """{"RAM":"1234567890123456"}"""), "Statement[0].Principal.RAM", "names nobody"),
        ("a trust policy for a service without a domain", PolicyKind.Trust, Trust("\"Action\":\"sts:AssumeRole\"", """{"Service":"ecs"}"""), "Statement[0].Principal.Service", "names nobody"),
        ("a trust policy for an unknown provider", PolicyKind.Trust, Trust("\"Action\":\"sts:AssumeRole\"", """{"Federated":"corp"}"""), "Statement[0].Principal.Federated", "names nobody"),
        ("a trust policy for another kind", PolicyKind.Trust, Trust("\"Action\":\"sts:AssumeRole\"", """{"AWS":"*","RAM":["acs:ram::1:root"]}"""), "Statement[0].Principal.AWS", "there are RAM, Service, Federated"),
    ];

    public static TheoryData<string> Cases => [.. Faults.Select(f => f.Case)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_not_understood_is_refused_with_its_place(string name)
    {
        var (_, kind, text, place, says) = Faults.Single(f => f.Case == name);
        Assert.Null(PolicyReader.Read(text, kind, out var faults));
        Assert.Contains(faults, f => f.Place == place && f.Message.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var text = Policy("""{"Effect":"Allow","Action":"x","Resource":"*"},{"Effect":"Allow","Action":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Null":{},"Bool":{"acs:MFAPresent":"x"}}}""");
        Assert.Null(PolicyReader.Read(text, PolicyKind.Identity, out var faults));
        Assert.Equal(
            ["Statement[0].Action", "Statement[1].Resource", "Statement[2].Condition.Null", "Statement[2].Condition.Null", "Statement[2].Condition.Bool.acs:MFAPresent"],
            faults.Select(f => f.Place));
    }

    [Fact]
    public void Faults_are_listed_up_to_a_number()
    {
        Assert.Null(PolicyReader.Read(Policy(string.Join(",", Enumerable.Repeat("1", 1000))), PolicyKind.Identity, out var faults));
        Assert.Equal(32, faults.Count);
    }

    [Fact]
    public void A_message_shows_foreign_text_short_and_without_control_characters()
    {
        Assert.Null(PolicyReader.Read(Policy($$"""{"Effect":"Allow","Action":"\u001b[31m{{new string('x', 500)}}","Resource":"*"}"""), PolicyKind.Identity, out var faults));
        var message = Assert.Single(faults).Message;
        Assert.DoesNotContain('\u001b', message);
        Assert.True(message.Length < 250, message);
    }

    [Theory]
    [InlineData(PolicyKind.Identity, 6_144)]
    [InlineData(PolicyKind.Session, 2_048)]
    [InlineData(PolicyKind.Trust, 6_144)]
    public void A_policy_may_have_so_many_characters_and_no_more(PolicyKind kind, int lengthMax)
    {
        var text = kind == PolicyKind.Trust ? Trust("\"Action\":\"sts:AssumeRole\"", """{"RAM":["acs:ram::1:root"]}""") : Policy("""{"Effect":"Allow","Action":"*","Resource":"*"}""");
        Assert.NotNull(PolicyReader.Read(text.PadRight(lengthMax), kind, out var faults));
        Assert.Empty(faults);

        Assert.Null(PolicyReader.Read(text.PadRight(lengthMax + 1), kind, out faults));
        Assert.Equal($"It has {lengthMax + 1} characters; at most {lengthMax} are taken.", Assert.Single(faults).Message);

        // What is stored was once within the limit of some version.
        Assert.True(PolicyReader.ReadStored(text.PadRight(lengthMax + 1), kind, out _).Statements[0].IsUnderstood);
    }

    [Fact]
    public void A_document_says_what_was_written()
    {
        var document = PolicyReader.Read(
            """
            {"Version": "1", "Statement": [
              {"Effect": "Allow", "Action": ["ram:Get*", "RAM:List*"], "Resource": "acs:ram::1:user/*"},
              {"Effect": "Deny", "NotAction": "ram:GetUser", "Resource": ["*"], "Condition": {"NumericLessThan": {"x:Size": [1, "2.5"], "x:Depth": 3}}}
            ]}
            """,
            PolicyKind.Identity,
            out _)!;
        var (first, second) = (document.Statements[0], document.Statements[1]);
        Assert.Equal((0, PolicyEffect.Allow, false), (first.Index, first.Effect, first.IsNotAction));
        Assert.Equal(["ram:Get*", "RAM:List*"], first.Actions);
        Assert.Equal(["acs:ram::1:user/*"], first.Resources);
        Assert.Empty(first.Conditions);
        Assert.Null(first.Principals);
        Assert.Equal((1, PolicyEffect.Deny, true), (second.Index, second.Effect, second.IsNotAction));
        Assert.Equal(["x:Size", "x:Depth"], second.Conditions.Select(c => c.Key.Text));
        Assert.Equal(["1", "2.5"], second.Conditions[0].Values);
        Assert.All(second.Conditions, c => Assert.Equal("NumericLessThan", c.OperatorName));
        Assert.All(document.Statements, s => Assert.True(s.IsUnderstood));
    }

    [Fact]
    public void A_whole_character_may_be_escaped()
    {
        Assert.NotNull(PolicyReader.Read(If("""{"StringEquals":{"acs:PrincipalARN":"\ud83d\udc2c \\ud800"}}"""), PolicyKind.Identity, out var faults));
        Assert.Empty(faults);
    }

    [Fact]
    public void A_policy_of_one_kind_does_not_serve_as_another()
    {
        var identity = PolicyReader.Read(Policy("""{"Effect":"Allow","Action":"*","Resource":"*"}"""), PolicyKind.Identity, out _)!;
        var trust = PolicyReader.Read(Trust("\"Action\":\"sts:AssumeRole\"", """{"RAM":["acs:ram::1:root"]}"""), PolicyKind.Trust, out _)!;
        var request = new AccessRequest("sts:AssumeRole", "*", RequestFacts.None);
        Assert.Throws<ArgumentException>(() => PolicyDecision.Decide(request, [new AttachedPolicy("p", false, "v1", "user/ann", trust)]));
        Assert.Throws<ArgumentException>(() => PolicyDecision.Decide(request, [], identity));
        Assert.Throws<ArgumentException>(() => PolicyDecision.DecideTrust(request, identity, []));
    }

    [Theory]
    [InlineData("StartProcessInstance")]
    [InlineData("emr-serverless-spark:")]
    [InlineData(":StartProcessInstance")]
    [InlineData("emr-serverless-spark:*")]
    [InlineData("emr-serverless-spark:Start Process")]
    [InlineData("a:b:c")]
    [InlineData("")]
    public void A_request_needs_an_action(string action)
    {
        Assert.False(AccessRequest.IsAction(action));
        Assert.Throws<ArgumentException>(() => new AccessRequest(action, "*", RequestFacts.None));
    }

    [Fact]
    public void Blanks_between_and_escapes_in_texts_change_nothing()
    {
        const string Spread = "\t{ \"Statement\" :\n[ { \"Resource\": \"acs:ram::1:user/\\u0061nn\", \"\\u0041ction\": [ \"ram:*\" ],\r\n\"Effect\":\"Allow\" } ] , \"Version\":\"\\u0031\" } ";
        var statement = Assert.Single(PolicyReader.Read(Spread, PolicyKind.Identity, out _)!.Statements);
        Assert.Equal(["ram:*"], statement.Actions);
        Assert.Equal(["acs:ram::1:user/ann"], statement.Resources);
    }

    private static string If(string condition) => Policy($$"""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{condition}}}""");

    private static string Trust(string action, string principal) => Policy($$"""{"Effect":"Allow",{{action}},"Principal":{{principal}}}""");
}
