using Porpoise.Core.Policies;
using static Porpoise.Core.Policies.Verdict;
using static Porpoise.Core.Tests.Policies.DecisionRow;

namespace Porpoise.Core.Tests.Policies;

/// <summary>Action and NotAction: names, wildcards, case.</summary>
internal static class ActionRows
{
    public static readonly DecisionRow[] All =
    [
        new("no policy at all", ImplicitDeny),
        Do("action named in full", Allow, """ "emr-serverless-spark:StartProcessInstance" """, Start),
        Do("another action of the same service", ImplicitDeny, """ "emr-serverless-spark:StartProcessInstance" """, "emr-serverless-spark:GetTemplate"),
        Do("same name in another service", ImplicitDeny, """ "emr-serverless-spark:StartProcessInstance" """, "emr:StartProcessInstance"),
        Do("one of a list", Allow, """["ram:GetUser","ram:ListUsers"]""", "ram:ListUsers"),
        Do("none of a list", ImplicitDeny, """["ram:GetUser","ram:ListUsers"]""", "ram:DeleteUser"),
        Do("a list of one is the one", Allow, """["ram:GetUser"]""", "ram:GetUser"),
        Do("the same action twice in a list", Allow, """["ram:GetUser","ram:GetUser"]""", "ram:GetUser"),
        Do("star alone is every action", Allow, "\"*\"", "oss:PutObject"),
        Do("star after the service", Allow, "\"ram:*\"", "ram:CreateUser"),
        Do("star after the service is not another service", ImplicitDeny, "\"ram:*\"", "sts:AssumeRole"),
        Do("the service is no prefix of services", ImplicitDeny, "\"emr:*\"", "emr-serverless-spark:GetTemplate"),
        Do("star in the service", Allow, "\"emr*:GetTemplate\"", "emr-serverless-spark:GetTemplate"),
        Do("star for the service", Allow, "\"*:GetTemplate\"", "emr-serverless-spark:GetTemplate"),
        Do("star for both", Allow, "\"*:*\"", "emr-serverless-spark:GetTemplate"),
        Do("star crosses the colon", Allow, "\"emr*\"", "emr-serverless-spark:GetTemplate"),
        Do("a verb with a star", Allow, "\"emr-serverless-spark:Get*\"", "emr-serverless-spark:GetTemplate"),
        Do("star fits nothing too", Allow, "\"emr-serverless-spark:GetTemplate*\"", "emr-serverless-spark:GetTemplate"),
        Do("a verb with a star is not another verb", ImplicitDeny, "\"emr-serverless-spark:Get*\"", "emr-serverless-spark:ListTemplate"),
        Do("a verb with a star is anchored in front", ImplicitDeny, "\"emr-serverless-spark:Get*\"", "emr-serverless-spark:ForgetIt"),
        Do("an ending with a star in front", Allow, "\"emr-serverless-spark:*Instance\"", Start),
        Do("an ending is anchored behind", ImplicitDeny, "\"emr-serverless-spark:*Process\"", Start),
        Do("star in the middle", Allow, "\"emr-serverless-spark:Start*Instance\"", Start),
        Do("two stars", Allow, "\"emr-serverless-spark:*Process*\"", Start),
        Do("two stars in the wrong order", ImplicitDeny, "\"emr-serverless-spark:*Instance*Process*\"", Start),
        Do("a star that must try again", Allow, "\"ram:*ab\"", "ram:aab"),
        Do("question mark is one letter", Allow, "\"ram:?etUser\"", "ram:GetUser"),
        Do("question mark is another letter", Allow, "\"ram:?etUser\"", "ram:SetUser"),
        Do("question mark is not none", ImplicitDeny, "\"ram:?GetUser\"", "ram:GetUser"),
        Do("question mark is not two", ImplicitDeny, "\"ram:?tUser\"", "ram:GetUser"),
        Do("two question marks are two letters", Allow, "\"ram:??tUser\"", "ram:GetUser"),
        Do("question mark and star need one at least", ImplicitDeny, "\"ram:GetUser?*\"", "ram:GetUser"),
        Do("question mark and star take more", Allow, "\"ram:GetUser?*\"", "ram:GetUsers"),
        Do("actions ignore case: policy lower", Allow, "\"emr-serverless-spark:startprocessinstance\"", Start),
        Do("actions ignore case: request lower", Allow, "\"emr-serverless-spark:StartProcessInstance\"", "emr-serverless-spark:startprocessinstance"),
        Do("actions ignore case: the service too", Allow, "\"EMR-Serverless-Spark:GetTemplate\"", "emr-serverless-spark:GetTemplate"),
        Do("actions ignore case: with wildcards", Allow, "\"emr-serverless-spark:get*\"", "emr-serverless-spark:GetTemplate"),
        Not("NotAction allows what is not named", Allow, "\"ram:*\"", Start),
        Not("NotAction does not allow what is named", ImplicitDeny, "\"ram:*\"", "ram:CreateUser"),
        Not("NotAction compares ignoring case", ImplicitDeny, "\"RAM:createuser\"", "ram:CreateUser"),
        Not("NotAction with a list, outside", Allow, """["ram:*","sts:*"]""", Start),
        Not("NotAction with a list, its second", ImplicitDeny, """["ram:*","sts:*"]""", "sts:AssumeRole"),
        Not("NotAction of everything allows nothing", ImplicitDeny, "\"*\"", Start),
        new("Deny with NotAction forbids all the rest", ExplicitDeny, Policy("""{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","NotAction":"emr-serverless-spark:*","Resource":"*"}""")) { Action = "ram:CreateUser" },
        new("Deny with NotAction spares what it names", Allow, Policy("""{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","NotAction":"emr-serverless-spark:*","Resource":"*"}""")),
        new("Deny with NotAction allows nothing by itself", ImplicitDeny, Policy("""{"Effect":"Deny","NotAction":"emr-serverless-spark:*","Resource":"*"}""")),
    ];

    private static DecisionRow Not(string why, Verdict expected, string actions, string action) =>
        new(why, expected, Policy($$"""{"Effect":"Allow","NotAction":{{actions}},"Resource":"*"}""")) { Action = action };
}
