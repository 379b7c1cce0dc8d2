using static Porpoise.Core.Policies.Verdict;
using static Porpoise.Core.Tests.Policies.DecisionRow;

namespace Porpoise.Core.Tests.Policies;

/// <summary>Statements, policies, values, keys and operators together; keys that are missing.</summary>
internal static class CombinationRows
{
    private const string AllowAll = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";
    private const string DenyAll = """{"Version":"1","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}""";
    private const string AllowStart = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"emr-serverless-spark:StartProcessInstance","Resource":"*"}]}""";
    private const string DenyStart = """{"Version":"1","Statement":[{"Effect":"Deny","Action":"emr-serverless-spark:StartProcessInstance","Resource":"*"}]}""";
    private const string AllowRam = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"ram:*","Resource":"*"}]}""";
    private const string DenyRam = """{"Version":"1","Statement":[{"Effect":"Deny","Action":"ram:*","Resource":"*"}]}""";

    private const string DevOrTest = """{"StringEquals":{"acs:ResourceTag/team":["dev","test"]}}""";
    private const string NeitherDevNorTest = """{"StringNotEquals":{"acs:ResourceTag/team":["dev","test"]}}""";
    private const string TwoKeys = """{"StringEquals":{"acs:ResourceTag/team":"dev","acs:ResourceTag/env":"prod"}}""";
    private const string TwoOperators = """{"IpAddress":{"acs:SourceIp":"10.0.0.0/8"},"Bool":{"acs:MFAPresent":"true"}}""";
    private const string Window = """{"DateGreaterThanEquals":{"acs:CurrentTime":"2026-01-01T00:00:00Z"},"DateLessThan":{"acs:CurrentTime":"2026-02-01T00:00:00Z"}}""";

    public static readonly DecisionRow[] All =
    [
        new("an explicit denial outweighs a permission in the same policy", ExplicitDeny, Policy("""{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"emr-serverless-spark:Start*","Resource":"*"}""")),
        new("the denial may come first", ExplicitDeny, Policy("""{"Effect":"Deny","Action":"emr-serverless-spark:Start*","Resource":"*"},{"Effect":"Allow","Action":"*","Resource":"*"}""")),
        new("a denial in another policy", ExplicitDeny, AllowAll, DenyStart),
        new("a denial in a policy before", ExplicitDeny, DenyStart, AllowAll),
        new("a broad denial outweighs a narrow permission", ExplicitDeny, AllowStart, DenyAll),
        new("a denial alone is explicit", ExplicitDeny, DenyStart),
        new("a denial of something else is no denial", Allow, AllowStart, DenyRam),
        new("a denial of something else is no permission", ImplicitDeny, DenyRam),
        new("a permission of something else is none", ImplicitDeny, AllowRam),
        new("one of two policies is enough", Allow, AllowRam, AllowStart),
        new("two permissions are one", Allow, AllowAll, AllowStart),
        new("one statement of two is enough", Allow, Policy("""{"Effect":"Allow","Action":"ram:*","Resource":"*"},{"Effect":"Allow","Action":"emr-serverless-spark:*","Resource":"*"}""")),
        new("a denial whose condition fails does not matter", Allow, AllowAll, Policy("""{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"acs:SecureTransport":"false"}}}""")) { Facts = [("acs:SecureTransport", "true")] },
        new("a denial whose condition holds", ExplicitDeny, AllowAll, Policy("""{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"acs:SecureTransport":"false"}}}""")) { Facts = [("acs:SecureTransport", "false")] },
        new("permission without a condition beside one whose condition fails", Allow, Policy("""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"true"}}},{"Effect":"Allow","Action":"*","Resource":"*"}""")) { Facts = [("acs:MFAPresent", "false")] },
        If("an empty condition block is no condition", Allow, "{}"),

        If("first of several values", Allow, DevOrTest, ("acs:ResourceTag/team", "dev")),
        If("last of several values", Allow, DevOrTest, ("acs:ResourceTag/team", "test")),
        If("none of several values", ImplicitDeny, DevOrTest, ("acs:ResourceTag/team", "prod")),
        If("negative: one of several values fits", ImplicitDeny, NeitherDevNorTest, ("acs:ResourceTag/team", "test")),
        If("negative: none of several values fits", Allow, NeitherDevNorTest, ("acs:ResourceTag/team", "prod")),
        If("both keys fit", Allow, TwoKeys, ("acs:ResourceTag/team", "dev"), ("acs:ResourceTag/env", "prod")),
        If("only the first key fits", ImplicitDeny, TwoKeys, ("acs:ResourceTag/team", "dev"), ("acs:ResourceTag/env", "test")),
        If("only the second key fits", ImplicitDeny, TwoKeys, ("acs:ResourceTag/team", "ops"), ("acs:ResourceTag/env", "prod")),
        If("the second key is missing", ImplicitDeny, TwoKeys, ("acs:ResourceTag/team", "dev")),
        If("both operators hold", Allow, TwoOperators, ("acs:SourceIp", "10.1.2.3"), ("acs:MFAPresent", "true")),
        If("only the first operator holds", ImplicitDeny, TwoOperators, ("acs:SourceIp", "10.1.2.3"), ("acs:MFAPresent", "false")),
        If("only the second operator holds", ImplicitDeny, TwoOperators, ("acs:SourceIp", "11.1.2.3"), ("acs:MFAPresent", "true")),
        If("two operators on one key: inside", Allow, Window, ("acs:CurrentTime", "2026-01-31T23:59:59Z")),
        If("two operators on one key: before", ImplicitDeny, Window, ("acs:CurrentTime", "2025-12-31T23:59:59Z")),
        If("two operators on one key: after", ImplicitDeny, Window, ("acs:CurrentTime", "2026-02-01T00:00:00Z")),
        If("condition keys ignore case: request lower", Allow, """{"StringEquals":{"acs:PrincipalARN":"acs:ram::1:user/ann"}}""", ("acs:principalarn", "acs:ram::1:user/ann")),
        If("condition keys ignore case: policy mixed", Allow, """{"StringEquals":{"acs:PrincipalArn":"acs:ram::1:user/ann"}}""", ("acs:PrincipalARN", "acs:ram::1:user/ann")),
        If("another key with the same value", ImplicitDeny, """{"StringEquals":{"acs:PrincipalARN":"x"}}""", ("acs:PrincipalRDId", "x")),
        Unless("a denial needs all its conditions", Allow, TwoOperators, ("acs:SourceIp", "10.1.2.3"), ("acs:MFAPresent", "false")),
        Unless("a denial with all its conditions", ExplicitDeny, TwoOperators, ("acs:SourceIp", "10.1.2.3"), ("acs:MFAPresent", "true")),

        If("missing key: positive fails", ImplicitDeny, """{"StringEquals":{"acs:ResourceTag/team":"dev"}}"""),
        If("missing key: negative holds", Allow, """{"StringNotEquals":{"acs:ResourceTag/team":"dev"}}"""),
        If("missing key: StringLike star fails", ImplicitDeny, """{"StringLike":{"acs:ResourceTag/team":"*"}}"""),
        If("missing key: StringNotLike star holds", Allow, """{"StringNotLike":{"acs:ResourceTag/team":"*"}}"""),
        If("missing key: Bool false fails", ImplicitDeny, """{"Bool":{"acs:MFAPresent":"false"}}"""),
        If("missing key: NumericNotEquals holds", Allow, """{"NumericNotEquals":{"acs:ResourceTag/size":"1"}}"""),
        If("missing key: NumericLessThan fails", ImplicitDeny, """{"NumericLessThan":{"acs:ResourceTag/size":"1"}}"""),
        If("missing key: DateNotEquals holds", Allow, """{"DateNotEquals":{"acs:CurrentTime":"2026-01-01T00:00:00Z"}}"""),
        If("missing key: DateLessThan fails", ImplicitDeny, """{"DateLessThan":{"acs:CurrentTime":"2026-01-01T00:00:00Z"}}"""),
        If("missing key: IpAddress fails", ImplicitDeny, """{"IpAddress":{"acs:SourceIp":"0.0.0.0/0"}}"""),
        If("missing key: NotIpAddress holds", Allow, """{"NotIpAddress":{"acs:SourceIp":"10.0.0.0/8"}}"""),
        Unless("missing key: a denial with a negative operator denies", ExplicitDeny, """{"NotIpAddress":{"acs:SourceIp":"10.0.0.0/8"}}"""),
        Unless("missing key: a denial with a positive operator does not", Allow, """{"IpAddress":{"acs:SourceIp":"10.0.0.0/8"}}"""),
        If("an empty value is a value", ImplicitDeny, """{"StringNotEquals":{"acs:ResourceTag/team":""}}""", ("acs:ResourceTag/team", "")),
        If("the same fact twice is one", Allow, """{"StringEquals":{"acs:ResourceTag/team":"dev"}}""", ("acs:ResourceTag/team", "dev"), ("acs:ResourceTag/Team", "dev")),
        If("a contradictory fact allows nothing", ImplicitDeny, """{"StringEquals":{"acs:ResourceTag/team":"dev"}}""", ("acs:ResourceTag/team", "dev"), ("acs:ResourceTag/Team", "ops")),
        If("a contradictory fact allows nothing by a negative operator", ImplicitDeny, """{"StringNotEquals":{"acs:ResourceTag/team":"prod"}}""", ("acs:ResourceTag/team", "dev"), ("acs:ResourceTag/Team", "ops")),
        Unless("a contradictory fact denies", ExplicitDeny, """{"StringEquals":{"acs:ResourceTag/team":"prod"}}""", ("acs:ResourceTag/team", "dev"), ("acs:ResourceTag/Team", "ops")),
    ];
}
