using Porpoise.Core.Policies;
using static Porpoise.Core.Policies.Verdict;

namespace Porpoise.Core.Tests.Policies;

/// <summary>A session policy narrows what the role may do, and never widens it.</summary>
internal static class SessionRows
{
    private const string AllowAll = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";
    private const string AllowSpark = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"emr-serverless-spark:*","Resource":"*"}]}""";
    private const string AllowRam = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"ram:*","Resource":"*"}]}""";
    private const string DenyStart = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"emr-serverless-spark:Start*","Resource":"*"}]}""";
    private const string FromOffice = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"acs:SourceIp":"192.0.2.0/24"}}}]}""";

    public static readonly DecisionRow[] All =
    [
        new("session and role allow", Allow, AllowSpark) { Session = AllowAll },
        new("session allows, the role does not", ImplicitDeny, AllowRam) { Session = AllowAll },
        new("session allows, the role has no policy", ImplicitDeny) { Session = AllowAll },
        new("session does not allow, the role does", ImplicitDeny, AllowAll) { Session = AllowRam, Level = PolicyLevel.SessionPolicy },
        new("session denies, the role allows", ExplicitDeny, AllowAll) { Session = DenyStart, Level = PolicyLevel.SessionPolicy },
        new("session allows, the role denies", ExplicitDeny, DenyStart) { Session = AllowAll },
        new("neither session nor role allows: the session is told", ImplicitDeny, AllowRam) { Session = AllowRam, Level = PolicyLevel.SessionPolicy },
        new("session is silent, the role denies: the session is told", ImplicitDeny, DenyStart) { Session = AllowRam, Level = PolicyLevel.SessionPolicy },
        new("session denies another action", Allow, AllowAll) { Session = DenyStart, Action = "emr-serverless-spark:GetTemplate" },
        new("the session's condition holds", Allow, AllowAll) { Session = FromOffice, Facts = [("acs:SourceIp", "192.0.2.9")] },
        new("the session's condition fails", ImplicitDeny, AllowAll) { Session = FromOffice, Facts = [("acs:SourceIp", "198.51.100.9")], Level = PolicyLevel.SessionPolicy },
        new("session and role each allow another half", ImplicitDeny, AllowSpark) { Session = AllowRam, Action = "ram:GetUser" },
    ];
}
