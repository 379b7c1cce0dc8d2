using static Porpoise.Core.Policies.Verdict;
using static Porpoise.Core.Tests.Policies.DecisionRow;

namespace Porpoise.Core.Tests.Policies;

/// <summary>Resources: ARNs, wildcards, case.</summary>
internal static class ResourceRows
{
    public static readonly DecisionRow[] All =
    [
        On("every resource", Allow, "\"*\"", "acs:ram::1:user/ann"),
        On("the resource itself", Allow, "\"acs:ram::1:user/ann\"", "acs:ram::1:user/ann"),
        On("another resource", ImplicitDeny, "\"acs:ram::1:user/ann\"", "acs:ram::1:user/bob"),
        On("one of several resources", Allow, """["acs:ram::1:user/ann","acs:ram::1:user/bob"]""", "acs:ram::1:user/bob"),
        On("any beside a narrow one is any", Allow, """["acs:ram::1:user/ann","*"]""", "acs:ram::1:user/bob"),
        On("resources have case", ImplicitDeny, "\"acs:ram::1:user/Ann\"", "acs:ram::1:user/ann"),
        On("star at the end of an ARN", Allow, "\"acs:ram::1:user/*\"", "acs:ram::1:user/ann"),
        On("star at the end of an ARN, other kind", ImplicitDeny, "\"acs:ram::1:user/*\"", "acs:ram::1:role/ann"),
        On("star in an ARN crosses slashes", Allow, "\"acs:oss:*:*:bucket/*\"", "acs:oss:cn-hangzhou:1:bucket/a/b/c"),
        On("star in an ARN crosses colons", Allow, "\"acs:*ann\"", "acs:ram::1:user/ann"),
        On("star for an empty part", Allow, "\"acs:ram:*:*:user/ann\"", "acs:ram::1:user/ann"),
        On("a region inside a part", Allow, "\"acs:*:*cn-beijing*:*:*\"", "acs:ecs:cn-beijing-b:1:instance/i-1"),
        On("another region", ImplicitDeny, "\"acs:*:*cn-beijing*:*:*\"", "acs:ecs:cn-hangzhou:1:instance/i-1"),
        On("question mark in an ARN", Allow, "\"acs:ram::1:user/an?\"", "acs:ram::1:user/ann"),
        On("question mark in an ARN is one", ImplicitDeny, "\"acs:ram::1:user/a?\"", "acs:ram::1:user/ann"),
        On("question mark is a whole character beyond the basic plane", Allow, "\"acs:ram::1:user/?\"", "acs:ram::1:user/\U0001F42C"),
        On("two question marks are not one such character", ImplicitDeny, "\"acs:ram::1:user/??\"", "acs:ram::1:user/\U0001F42C"),
        On("the whole ARN must fit", ImplicitDeny, "\"acs:ram::1:user/ann\"", "acs:ram::1:user/anna"),
        On("no ARN where access is per operation", ImplicitDeny, "\"acs:emr-serverless-spark:*:*:*\"", "*"),
        On("star where access is per operation", Allow, "\"*\"", "*"),
        new("the action must fit too", ImplicitDeny, Policy("""{"Effect":"Allow","Action":"ram:GetUser","Resource":"acs:ram::1:user/ann"}""")) { Action = "ram:DeleteUser", Resource = "acs:ram::1:user/ann" },
        new("action and resource of different statements do not add up", ImplicitDeny, Policy("""{"Effect":"Allow","Action":"ram:GetUser","Resource":"acs:ram::1:user/bob"},{"Effect":"Allow","Action":"ram:DeleteUser","Resource":"acs:ram::1:user/ann"}""")) { Action = "ram:DeleteUser", Resource = "acs:ram::1:user/bob" },
        new("a Deny of another resource does not matter", Allow, Policy("""{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"acs:ram::1:user/bob"}""")) { Action = "ram:GetUser", Resource = "acs:ram::1:user/ann" },
        new("a Deny of this resource", ExplicitDeny, Policy("""{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"acs:ram::1:user/bob"}""")) { Action = "ram:GetUser", Resource = "acs:ram::1:user/bob" },
    ];
}
