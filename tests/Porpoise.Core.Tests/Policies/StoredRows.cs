using Porpoise.Core.Policies;
using static Porpoise.Core.Policies.Verdict;
using static Porpoise.Core.Tests.Policies.DecisionRow;

namespace Porpoise.Core.Tests.Policies;

/// <summary>Stored policies that this version does not understand in full: they must not open anything.</summary>
internal static class StoredRows
{
    private const string AllowAll = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";
    private const string TrustsRoot = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1:root"]}}]}""";

    public static readonly DecisionRow[] All =
    [
        Stored("a good policy reads the same from the store", Allow, """{"Effect":"Allow","Action":"*","Resource":"*"}"""),
        Stored("unknown operator: an Allow does not apply", ImplicitDeny, """{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Null":{"acs:MFAPresent":"true"}}}"""),
        Stored("unknown operator that looks negative: an Allow does not apply", ImplicitDeny, """{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"acs:MFAPresent":"true"}}}"""),
        Stored("operators have case", ImplicitDeny, """{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"bool":{"acs:MFAPresent":"true"}}}""") with { Facts = [("acs:MFAPresent", "true")] },
        Stored("unknown operator: a Deny applies", ExplicitDeny, """{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"ForAnyValue:StringEquals":{"acs:MFAPresent":"true"}}}"""),
        Stored("unknown operator: a Deny of another action does not", Allow, """{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"ram:*","Resource":"*","Condition":{"ArnLike":{"acs:PrincipalARN":"x"}}}"""),
        Stored("unknown operator: a Deny whose other condition fails does not", Allow, """{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"ArnLike":{"acs:PrincipalARN":"x"},"Bool":{"acs:MFAPresent":"false"}}}""") with { Facts = [("acs:MFAPresent", "true")] },
        Stored("unknown operator: an Allow beside it still applies", Allow, """{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Null":{"acs:MFAPresent":"true"}}},{"Effect":"Allow","Action":"*","Resource":"*"}"""),
        Stored("a value that cannot be compared: an Allow does not apply", ImplicitDeny, """{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NotIpAddress":{"acs:SourceIp":"10.0.0.1/8"}}}""") with { Facts = [("acs:SourceIp", "192.0.2.1")] },
        Stored("a value that cannot be compared: a Deny applies", ExplicitDeny, """{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"DateLessThan":{"acs:CurrentTime":"2020-01-01"}}}""") with { Facts = [("acs:CurrentTime", "2026-01-01T00:00:00Z")] },
        Stored("a good value beside one that cannot be compared does not help", ImplicitDeny, """{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"acs:SourceIp":["192.0.2.1","192.0.2"]}}}""") with { Facts = [("acs:SourceIp", "192.0.2.1")] },
        Stored("a key twice under an operator: an Allow does not apply", ImplicitDeny, """{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"acs:PrincipalARN":"a","acs:PrincipalArn":"b"}}}""") with { Facts = [("acs:PrincipalARN", "b")] },
        Stored("an operator without keys: an Allow does not apply", ImplicitDeny, """{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{}}}"""),
        Stored("a condition that is no object: an Allow does not apply", ImplicitDeny, """{"Effect":"Allow","Action":"*","Resource":"*","Condition":null}"""),
        Stored("an unknown member: an Allow does not apply", ImplicitDeny, """{"Effect":"Allow","Action":"*","Resource":"*","NotResource":"acs:ram::1:user/ann"}"""),
        Stored("an unknown member: a Deny applies to everything", ExplicitDeny, """{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"ram:*","NotResource":"*"}"""),
        Stored("an unknown member of one statement leaves the others", Allow, """{"Effect":"Allow","Action":"*","Resource":"*","Sid":"x"},{"Effect":"Allow","Action":"*","Resource":"*"}"""),
        Stored("an effect that nobody knows denies", ExplicitDeny, """{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"allow","Action":"*","Resource":"*"}"""),
        Stored("an effect that is there twice denies", ExplicitDeny, """{"Effect":"Deny","Action":"*","Resource":"*","Effect":"Allow"}"""),
        Stored("a statement that is none denies", ExplicitDeny, """{"Effect":"Allow","Action":"*","Resource":"*"},7"""),
        new("another version denies", ExplicitDeny, AllowAll, """{"Version":"2","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""") { IsStored = true },
        new("what is no JSON denies", ExplicitDeny, AllowAll, "Allow *") { IsStored = true },
        new("an empty text denies", ExplicitDeny, AllowAll, "") { IsStored = true },
        new("a document without statements denies", ExplicitDeny, AllowAll, """{"Version":"1","Statement":[]}""") { IsStored = true },
        new("a session policy that cannot be read denies", ExplicitDeny, AllowAll) { IsStored = true, Session = "{", Level = PolicyLevel.SessionPolicy },
        Trust("a trust policy that cannot be read trusts nobody", ExplicitDeny, "{}"),
        Trust("a trust policy with a principal of an unknown form", ImplicitDeny, """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["*"]}}]}"""),
        Trust("a trust policy that denies a pattern of principals denies all", ExplicitDeny, """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1:root"]}},{"Effect":"Deny","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1:user/b*"]}}]}"""),
        Trust("a good trust policy reads the same from the store", Allow, TrustsRoot),
    ];

    private static DecisionRow Stored(string why, Verdict expected, string statements) => new(why, expected, Policy(statements)) { IsStored = true };

    private static DecisionRow Trust(string why, Verdict expected, string trust) => new(why, expected, AllowAll)
    {
        IsStored = true,
        Action = "sts:AssumeRole",
        Resource = "acs:ram::1:role/etl",
        Trust = trust,
        Caller = [new(PrincipalKind.Ram, "acs:ram::1:user/ann"), new(PrincipalKind.Ram, "acs:ram::1:root")],
        Level = PolicyLevel.AssumeRolePolicy,
    };
}
