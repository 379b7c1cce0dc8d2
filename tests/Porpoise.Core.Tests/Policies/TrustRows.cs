using Porpoise.Core.Policies;
using static Porpoise.Core.Policies.Verdict;

namespace Porpoise.Core.Tests.Policies;

/// <summary>Assuming a role: the caller's own policies and the role's trust policy both have to allow.</summary>
internal static class TrustRows
{
    private const string MayAssume = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"acs:ram::1:role/etl"}]}""";
    private const string MayAssumeOther = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"acs:ram::1:role/other"}]}""";
    private const string MayNotAssume = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"sts:AssumeRole","Resource":"*"}]}""";

    private const string TrustsRoot = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1:root"]}}]}""";
    private const string TrustsAnn = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::1:user/ann"}}]}""";
    private const string TrustsOtherAccount = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::2:root"]}}]}""";
    private const string TrustsService = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["spark.emr-serverless.aliyuncs.com"]}}]}""";
    private const string TrustsSeveral = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["ecs.aliyuncs.com"],"RAM":["acs:ram::1:user/bob","acs:ram::1:user/ann"]}}]}""";
    private const string TrustsRole = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1:role/first"]}}]}""";
    private const string TrustsFederated = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Federated":["acs:ram::1:saml-provider/corp"]}}]}""";
    private const string TrustsAllButAnn = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1:root"]}},{"Effect":"Deny","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1:user/ann"]}}]}""";
    private const string TrustsWithExternalId = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1:root"]},"Condition":{"StringEquals":{"sts:ExternalId":"k-17"}}}]}""";

    private static readonly TrustedPrincipal[] Ann = [new(PrincipalKind.Ram, "acs:ram::1:user/ann"), new(PrincipalKind.Ram, "acs:ram::1:root")];
    private static readonly TrustedPrincipal[] First = [new(PrincipalKind.Ram, "acs:ram::1:role/first"), new(PrincipalKind.Ram, "acs:ram::1:root")];

    public static readonly DecisionRow[] All =
    [
        Assume("both allow, by the account", Allow, TrustsRoot),
        Assume("both allow, by the user", Allow, TrustsAnn),
        Assume("both allow, one of several principals", Allow, TrustsSeveral),
        Assume("both allow, a role", Allow, TrustsRole) with { Caller = First },
        Assume("the trust names another role", ImplicitDeny, TrustsRole),
        Assume("the trust names another account", ImplicitDeny, TrustsOtherAccount),
        Assume("the trust names a service only", ImplicitDeny, TrustsService),
        Assume("a user whose name is that of a service is not the service", ImplicitDeny, TrustsService) with { Caller = [new(PrincipalKind.Ram, "spark.emr-serverless.aliyuncs.com")] },
        Assume("the trust names a provider only", ImplicitDeny, TrustsFederated),
        Assume("the provider itself", Allow, TrustsFederated) with { Caller = [new(PrincipalKind.Federated, "acs:ram::1:saml-provider/corp")] },
        Assume("the trust denies one user of the account", ExplicitDeny, TrustsAllButAnn),
        Assume("the trust denies another user of the account", Allow, TrustsAllButAnn) with { Caller = First },
        Assume("nobody is trusted without a name", ImplicitDeny, TrustsRoot) with { Caller = [] },
        Assume("principals have case", ImplicitDeny, TrustsAnn) with { Caller = [new(PrincipalKind.Ram, "acs:ram::1:user/Ann")] },
        Assume("the external id fits", Allow, TrustsWithExternalId) with { Facts = [("sts:ExternalId", "k-17")] },
        Assume("the external id does not fit", ImplicitDeny, TrustsWithExternalId) with { Facts = [("sts:ExternalId", "k-18")] },
        Assume("the external id is missing", ImplicitDeny, TrustsWithExternalId),
        Assume("the role trusts, the user's policies name another role", ImplicitDeny, TrustsRoot) with { Policies = [MayAssumeOther], Level = PolicyLevel.AccountLevelIdentityBasedPolicy },
        Assume("the role trusts, the user has no policy", ImplicitDeny, TrustsRoot) with { Policies = [], Level = PolicyLevel.AccountLevelIdentityBasedPolicy },
        Assume("the role trusts, the user's policy denies", ExplicitDeny, TrustsRoot) with { Policies = [MayNotAssume], Level = PolicyLevel.AccountLevelIdentityBasedPolicy },
        Assume("the role trusts, the session does not allow", ImplicitDeny, TrustsRoot) with { Session = MayAssumeOther, Level = PolicyLevel.SessionPolicy },
        Assume("the role trusts, the session allows", Allow, TrustsRoot) with { Session = MayAssume },
        Assume("a trust policy is no permission for anything else", ImplicitDeny, TrustsRoot) with { Policies = ["""{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"""], Action = "sts:GetCallerIdentity" },
    ];

    private static DecisionRow Assume(string why, Verdict expected, string trust) =>
        new(why, expected, MayAssume) { Action = "sts:AssumeRole", Resource = "acs:ram::1:role/etl", Trust = trust, Caller = Ann, Level = PolicyLevel.AssumeRolePolicy };
}
