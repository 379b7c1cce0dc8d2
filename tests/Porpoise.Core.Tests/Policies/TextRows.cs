using static Porpoise.Core.Policies.Verdict;
using static Porpoise.Core.Tests.Policies.DecisionRow;

namespace Porpoise.Core.Tests.Policies;

/// <summary>The operators on texts and on truth values.</summary>
internal static class TextRows
{
    private const string Tag = "acs:ResourceTag/team";

    public static readonly DecisionRow[] All =
    [
        If("StringEquals: equal", Allow, """{"StringEquals":{"acs:ResourceTag/team":"dev"}}""", (Tag, "dev")),
        If("StringEquals: different", ImplicitDeny, """{"StringEquals":{"acs:ResourceTag/team":"dev"}}""", (Tag, "ops")),
        If("StringEquals: has case", ImplicitDeny, """{"StringEquals":{"acs:ResourceTag/team":"dev"}}""", (Tag, "Dev")),
        If("StringEquals: no prefix", ImplicitDeny, """{"StringEquals":{"acs:ResourceTag/team":"dev"}}""", (Tag, "develop")),
        If("StringEquals: a star is a star", ImplicitDeny, """{"StringEquals":{"acs:ResourceTag/team":"d*"}}""", (Tag, "dev")),
        If("StringEquals: the star itself", Allow, """{"StringEquals":{"acs:ResourceTag/team":"d*"}}""", (Tag, "d*")),
        If("StringEquals: no trimming", ImplicitDeny, """{"StringEquals":{"acs:ResourceTag/team":"dev"}}""", (Tag, "dev ")),
        If("StringEquals: an escaped text is the text", Allow, """{"StringEquals":{"acs:ResourceTag/team":"\u6570\u636e"}}""", (Tag, "数据")),
        If("StringEquals: a bare number is its text", Allow, """{"StringEquals":{"acs:ResourceTag/team":7}}""", (Tag, "7")),
        If("StringEquals: a bare number is not another writing of it", ImplicitDeny, """{"StringEquals":{"acs:ResourceTag/team":7}}""", (Tag, "7.0")),
        If("StringEquals: a bare truth value is its text", Allow, """{"StringEquals":{"acs:ResourceTag/team":true}}""", (Tag, "true")),
        If("StringNotEquals: different", Allow, """{"StringNotEquals":{"acs:ResourceTag/team":"dev"}}""", (Tag, "ops")),
        If("StringNotEquals: equal", ImplicitDeny, """{"StringNotEquals":{"acs:ResourceTag/team":"dev"}}""", (Tag, "dev")),
        If("StringNotEquals: has case", Allow, """{"StringNotEquals":{"acs:ResourceTag/team":"dev"}}""", (Tag, "DEV")),
        If("StringEqualsIgnoreCase: equal but for case", Allow, """{"StringEqualsIgnoreCase":{"acs:ResourceTag/team":"dev"}}""", (Tag, "DeV")),
        If("StringEqualsIgnoreCase: different", ImplicitDeny, """{"StringEqualsIgnoreCase":{"acs:ResourceTag/team":"dev"}}""", (Tag, "ops")),
        If("StringEqualsIgnoreCase: knows no dotless i", ImplicitDeny, """{"StringEqualsIgnoreCase":{"acs:ResourceTag/team":"INFRA"}}""", (Tag, "ınfra")),
        If("StringNotEqualsIgnoreCase: equal but for case", ImplicitDeny, """{"StringNotEqualsIgnoreCase":{"acs:ResourceTag/team":"dev"}}""", (Tag, "DEV")),
        If("StringNotEqualsIgnoreCase: different", Allow, """{"StringNotEqualsIgnoreCase":{"acs:ResourceTag/team":"dev"}}""", (Tag, "ops")),
        If("StringLike: star behind", Allow, """{"StringLike":{"acs:ResourceTag/team":"dev*"}}""", (Tag, "dev-1")),
        If("StringLike: star for nothing", Allow, """{"StringLike":{"acs:ResourceTag/team":"dev*"}}""", (Tag, "dev")),
        If("StringLike: does not fit", ImplicitDeny, """{"StringLike":{"acs:ResourceTag/team":"dev*"}}""", (Tag, "ops-dev")),
        If("StringLike: has case", ImplicitDeny, """{"StringLike":{"acs:ResourceTag/team":"dev*"}}""", (Tag, "Dev-1")),
        If("StringLike: question mark", Allow, """{"StringLike":{"acs:ResourceTag/team":"dev-?"}}""", (Tag, "dev-1")),
        If("StringLike: question mark is one", ImplicitDeny, """{"StringLike":{"acs:ResourceTag/team":"dev-?"}}""", (Tag, "dev-12")),
        If("StringLike: second of two patterns", Allow, """{"StringLike":{"acs:ResourceTag/team":["ops*","dev*"]}}""", (Tag, "dev-1")),
        If("StringLike: star fits the empty value", Allow, """{"StringLike":{"acs:ResourceTag/team":"*"}}""", (Tag, "")),
        If("StringNotLike: does not fit", Allow, """{"StringNotLike":{"acs:ResourceTag/team":"dev*"}}""", (Tag, "ops")),
        If("StringNotLike: fits", ImplicitDeny, """{"StringNotLike":{"acs:ResourceTag/team":"dev*"}}""", (Tag, "dev-1")),
        If("StringNotLike: fits the second", ImplicitDeny, """{"StringNotLike":{"acs:ResourceTag/team":["ops*","dev*"]}}""", (Tag, "dev-1")),
        If("Bool: true", Allow, """{"Bool":{"acs:SecureTransport":"true"}}""", ("acs:SecureTransport", "true")),
        If("Bool: not true", ImplicitDeny, """{"Bool":{"acs:SecureTransport":"true"}}""", ("acs:SecureTransport", "false")),
        If("Bool: false", Allow, """{"Bool":{"acs:MFAPresent":"false"}}""", ("acs:MFAPresent", "false")),
        If("Bool: bare and in capitals", Allow, """{"Bool":{"acs:SecureTransport":true}}""", ("acs:SecureTransport", "True")),
        If("Bool: both values leave nothing out", Allow, """{"Bool":{"acs:MFAPresent":["true","false"]}}""", ("acs:MFAPresent", "false")),
        If("Bool: 1 is not true", ImplicitDeny, """{"Bool":{"acs:SecureTransport":"true"}}""", ("acs:SecureTransport", "1")),
        If("Bool: 1 is not false either", ImplicitDeny, """{"Bool":{"acs:SecureTransport":"false"}}""", ("acs:SecureTransport", "1")),
        Unless("Bool: a denial holds when nobody can tell", ExplicitDeny, """{"Bool":{"acs:SecureTransport":"false"}}""", ("acs:SecureTransport", "no")),
    ];
}
