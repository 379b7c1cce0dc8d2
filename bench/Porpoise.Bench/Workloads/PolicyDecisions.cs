using System.Diagnostics;
using Porpoise.Core.Policies;
using Porpoise.Core.Policies.SystemPolicies;

namespace Porpoise.Bench.Workloads;

/// <summary>What policies alone cost a call: Core, in the bench's process, for a user with three long policies of the product's and a short one with a condition.</summary>
internal static class PolicyDecisions
{
    private const int WarmUps = 200_000;
    private const int Count = 1_000_000;

    private const string FromInside =
        """{"Version":"1","Statement":[{"Effect":"Deny","Action":"emr-serverless-spark:Start*","Resource":"*","Condition":{"NotIpAddress":{"acs:SourceIp":["10.0.0.0/8","127.0.0.1"]}}}]}""";

    public static void Measure(Trial trial)
    {
        AttachedPolicy[] policies =
        [
            .. SystemPolicy.All.Where(p => p.Name != "PorpoiseAdministratorAccess").Select(p => p.AttachTo("user/ann")),
            new("from-inside", IsSystem: false, "v1", "user/ann", PolicyReader.Read(FromInside, PolicyKind.Identity, out _) ?? throw new UnreachableException("The policy has faults.")),
        ];
        trial.Add("policies.allowed", "µs", Time("emr-serverless-spark:StartProcessInstance", policies, isAllowed: true));
        trial.Add("policies.denied", "µs", Time("ram:CreateUser", policies, isAllowed: false));
    }

    /// <summary>With the request made anew each time, as calls do.</summary>
    private static double Time(string action, AttachedPolicy[] policies, bool isAllowed)
    {
        var facts = RequestFacts.Of(("acs:CurrentTime", "2026-11-24T06:00:00Z"), ("acs:SecureTransport", "true"), ("acs:SourceIp", "10.1.2.3"), ("acs:MFAPresent", "false"));
        var begin = 0L;
        for (var i = 0; i < WarmUps + Count; i++)
        {
            begin = i == WarmUps ? Stopwatch.GetTimestamp() : begin;
            if (PolicyDecision.Decide(new AccessRequest(action, "*", facts), policies).IsAllowed != isAllowed)
            {
                throw new InvalidOperationException($"{action} was decided wrongly.");
            }
        }

        return Stopwatch.GetElapsedTime(begin).TotalMicroseconds / Count;
    }
}
