using System.Text.Json.Nodes;
using CsCheck;
using Porpoise.Core.Policies;

namespace Porpoise.Core.Tests.Policies;

/// <summary>A condition to be written down.</summary>
internal sealed record RandomCondition(string Operator, string Key, string[] Values);

/// <summary>A statement to be written down. The vocabulary is small, so that random policies and requests often meet.</summary>
internal sealed record RandomStatement(bool IsAllow, bool IsNot, string[] Actions, string[] Resources, RandomCondition[] Conditions)
{
    public static readonly string[] ActionsAsked = ["ram:GetUser", "ram:ListUsers", "sts:AssumeRole", "emr-serverless-spark:GetTemplate", "emr-serverless-spark:StartProcessInstance"];
    public static readonly string[] ResourcesAsked = ["*", "acs:ram::1:user/ann", "acs:ram::1:role/etl"];
    public static readonly (string Key, string[] Values)[] FactsAsked =
    [
        ("acs:SourceIp", ["10.0.0.1", "192.0.2.7", "2001:db8::1", "::ffff:10.9.9.9", "nowhere"]),
        ("acs:MFAPresent", ["true", "false", "maybe"]),
        ("acs:CurrentTime", ["2026-01-01T00:00:00Z", "2026-06-01T08:00:00+08:00", "today"]),
        ("acs:PrincipalARN", ["acs:ram::1:user/ann", "acs:ram::1:user/Ann", ""]),
        ("x:Size", ["1", "10", "10.0", "many"]),
    ];

    private static readonly RandomCondition[] ConditionsKnown =
    [
        new("IpAddress", "acs:SourceIp", ["10.0.0.0/8", "2001:db8::/32"]),
        new("NotIpAddress", "acs:SourceIp", ["192.0.2.0/24"]),
        new("Bool", "acs:MFAPresent", ["true"]),
        new("Bool", "acs:mfapresent", ["false"]),
        new("DateLessThan", "acs:CurrentTime", ["2026-03-01T00:00:00Z"]),
        new("DateGreaterThanEquals", "acs:CurrentTime", ["2026-06-01T00:00:00Z", "2026-05-01T00:00:00Z"]),
        new("StringEquals", "acs:PrincipalARN", ["acs:ram::1:user/ann", "acs:ram::1:user/bob"]),
        new("StringNotLike", "acs:PrincipalARN", ["*user/A*", "*bob"]),
        new("StringEqualsIgnoreCase", "acs:PrincipalArn", ["ACS:RAM::1:USER/ANN"]),
        new("NumericLessThan", "x:Size", ["5", "-5"]),
        new("NumericNotEquals", "x:Size", ["10"]),
    ];

    public static readonly Gen<RandomStatement> Any = Gen.Select(
        Gen.Int[0, 3].Select(n => n > 0),
        Gen.Int[0, 3].Select(n => n == 0),
        Gen.OneOfConst("*", "ram:*", "ram:Get*", "RAM:getuser", "sts:AssumeRole", "emr-serverless-spark:*", "*:Get*", "emr-serverless-spark:?etTemplate", "ram:ListUsers").Array[1, 4],
        Gen.OneOfConst("*", "acs:ram::1:user/*", "acs:ram::1:user/ann", "acs:ram:*:*:role/et?").Array[1, 3],
        Gen.OneOfConst(ConditionsKnown).Array[0, 2])
        .Select((isAllow, isNot, actions, resources, conditions) => new RandomStatement(isAllow, isNot, actions, resources, [.. conditions.DistinctBy(c => (c.Operator, c.Key.ToUpperInvariant()))]));

    public JsonObject ToJson() => new(Members());

    private IEnumerable<KeyValuePair<string, JsonNode?>> Members()
    {
        yield return new("Effect", IsAllow ? "Allow" : "Deny");
        yield return new(IsNot ? "NotAction" : "Action", ToList(Actions));
        yield return new("Resource", ToList(Resources));
        if (Conditions.Length > 0)
        {
            yield return new("Condition", new JsonObject(Conditions.GroupBy(c => c.Operator).Select(g => KeyValuePair.Create<string, JsonNode?>(
                g.Key, new JsonObject(g.Select(c => KeyValuePair.Create<string, JsonNode?>(c.Key, ToList(c.Values))))))));
        }
    }

    private static JsonArray ToList(string[] texts) => [.. texts.Select(t => (JsonNode?)t)];
}

/// <summary>Policies to be written down, and what to ask them.</summary>
internal static class RandomPolicy
{
    public static readonly Gen<RandomStatement[]> Any = RandomStatement.Any.Array[1, 5];

    public static readonly Gen<RandomStatement[][]> Several = Any.Array[0, 4];

    public static readonly Gen<AccessRequest> Request = Gen.Select(
        Gen.OneOfConst(RandomStatement.ActionsAsked),
        Gen.OneOfConst(RandomStatement.ResourcesAsked),
        Gen.Int[0, 9].Array[RandomStatement.FactsAsked.Length])
        .Select((action, resource, dice) => new AccessRequest(
            action,
            resource,
            new RequestFacts(RandomStatement.FactsAsked.Zip(dice)
                .Where(f => f.Second < 2 * f.First.Values.Length)
                .Select(f => KeyValuePair.Create(f.First.Key, f.First.Values[f.Second % f.First.Values.Length])))));

    public static string Write(IEnumerable<RandomStatement> statements) => Write(statements.Select(s => s.ToJson()));

    public static string Write(IEnumerable<JsonObject> statements) =>
        new JsonObject { ["Version"] = "1", ["Statement"] = new JsonArray([.. statements]) }.ToJsonString();
}
