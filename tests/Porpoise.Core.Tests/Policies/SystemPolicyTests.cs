using System.Text.Json;
using Porpoise.Core.Policies;
using Porpoise.Core.Policies.SystemPolicies;

namespace Porpoise.Core.Tests.Policies;

/// <summary>The policies that come with the product, by what they decide.</summary>
public sealed class SystemPolicyTests
{
    private const string Full = "AliyunEMRServerlessSparkFullAccess";
    private const string ReadOnly = "AliyunEmrServerlessSparkReadOnlyAccess";
    private const string Developer = "AliyunEMRServerlessSparkDeveloperAccess";
    private const string Administrator = "PorpoiseAdministratorAccess";

    [Theory]
    [InlineData(Full, "emr-serverless-spark:StartProcessInstance", true)]
    [InlineData(Full, "emr-serverless-spark:CreateWorkspace", true)]
    [InlineData(Full, "emr-serverless-spark:DeleteWorkspace", true)]
    [InlineData(Full, "emr-serverless-spark:WhateverComesNext", true)]
    [InlineData(Full, "oss:ListBuckets", true)]
    [InlineData(Full, "oss:PutObject", false)]
    [InlineData(Full, "dlf:ListTables", true)]
    [InlineData(Full, "dlf:DeleteTable", false)]
    [InlineData(Full, "emr:GetApmData", true)]
    [InlineData(Full, "bss:ModifyAgreementRecord", true)]
    [InlineData(Full, "ram:CreateUser", false)]
    [InlineData(Full, "sts:AssumeRole", false)]
    [InlineData(ReadOnly, "emr-serverless-spark:GetTemplate", true)]
    [InlineData(ReadOnly, "emr-serverless-spark:ListWorkspaces", true)]
    [InlineData(ReadOnly, "emr-serverless-spark:QueryProcessDefinition", true)]
    [InlineData(ReadOnly, "emr-serverless-spark:IsCatalogAliasDuplicate", true)]
    [InlineData(ReadOnly, "emr-serverless-spark:CheckName", true)]
    [InlineData(ReadOnly, "emr-serverless-spark:StartProcessInstance", false)]
    [InlineData(ReadOnly, "emr-serverless-spark:GenerateTaskCodes", false)]
    [InlineData(ReadOnly, "emr-serverless-spark:CreateWorkspace", false)]
    [InlineData(ReadOnly, "emr-serverless-spark:ForgetIt", false)]
    [InlineData(ReadOnly, "ram:GetUser", false)]
    [InlineData(Developer, "emr-serverless-spark:StartProcessInstance", true)]
    [InlineData(Developer, "emr-serverless-spark:CreateProcessDefinitionWithSchedule", true)]
    [InlineData(Developer, "emr-serverless-spark:UpdateProcessDefinitionWithSchedule", true)]
    [InlineData(Developer, "emr-serverless-spark:GenerateTaskCodes", true)]
    [InlineData(Developer, "emr-serverless-spark:BatchExecuteProcessInstances", true)]
    [InlineData(Developer, "emr-serverless-spark:CancelJobRun", true)]
    [InlineData(Developer, "emr-serverless-spark:AddMembers", true)]
    [InlineData(Developer, "emr-serverless-spark:CreateWorkspaceQueue", true)]
    [InlineData(Developer, "emr-serverless-spark:GetTemplate", true)]
    [InlineData(Developer, "emr-serverless-spark:CheckName", true)]
    [InlineData(Developer, "emr-serverless-spark:IsCatalogAliasDuplicate", true)]
    [InlineData(Developer, "emr-serverless-spark:IsAnythingElse", false)]
    [InlineData(Developer, "emr-serverless-spark:CreateWorkspace", false)]
    [InlineData(Developer, "emr-serverless-spark:DeleteWorkspace", false)]
    [InlineData(Developer, "emr-serverless-spark:ExecuteAnythingElse", false)]
    [InlineData(Developer, "emr-serverless-spark:BindCacheClusterAndWorkspace", false)]
    [InlineData(Developer, "dlf:ListCatalogs", true)]
    [InlineData(Developer, "oss:ListBuckets", false)]
    [InlineData(Developer, "ram:CreateServiceLinkedRole", false)]
    [InlineData(Administrator, "emr-serverless-spark:DeleteWorkspace", true)]
    [InlineData(Administrator, "ram:CreateUser", true)]
    [InlineData(Administrator, "sts:AssumeRole", true)]
    [InlineData(Administrator, "oss:PutObject", false)]
    [InlineData(Administrator, "emr:GetApmData", false)]
    public void A_system_policy_allows_its_list(string policy, string action, bool isAllowed) =>
        Assert.Equal(isAllowed ? Verdict.Allow : Verdict.ImplicitDeny, Decide(policy, action, RequestFacts.None));

    [Fact]
    public void Full_access_creates_the_linked_role_of_this_service_only()
    {
        const string Action = "ram:CreateServiceLinkedRole";
        Assert.Equal(Verdict.Allow, Decide(Full, Action, RequestFacts.Of(("ram:ServiceName", "spark.emr-serverless.aliyuncs.com"))));
        Assert.Equal(Verdict.ImplicitDeny, Decide(Full, Action, RequestFacts.Of(("ram:ServiceName", "ecs.aliyuncs.com"))));
        Assert.Equal(Verdict.ImplicitDeny, Decide(Full, Action, RequestFacts.None));
    }

    /// <summary>137 operations, 4 patterns of verbs, 7 actions of other services: the reference has so many.</summary>
    [Fact]
    public void The_developers_list_is_whole() => Assert.Equal(148, SystemPolicy.Find(Developer)!.Document.Statements[0].Actions.Distinct().Count());

    [Fact]
    public void Names_are_compared_with_their_case_and_ours_is_not_the_vendors()
    {
        Assert.Equal([Full, ReadOnly, Developer, Administrator], SystemPolicy.All.Select(p => p.Name));
        Assert.Null(SystemPolicy.Find("AliyunEMRServerlessSparkReadOnlyAccess"));
        Assert.All(SystemPolicy.All, p => Assert.NotEmpty(p.Description));
        Assert.All(SystemPolicy.All, p => Assert.True(p.AttachTo("user/ann").IsSystem));
    }

    [Fact]
    public void The_texts_are_JSON_that_the_reader_takes_again()
    {
        foreach (var policy in SystemPolicy.All)
        {
            using var json = JsonDocument.Parse(policy.Text);
            var document = PolicyReader.ReadStored(policy.Text, PolicyKind.Identity, out var faults);
            Assert.Empty(faults);
            Assert.Equal(policy.Document.Statements.SelectMany(s => s.Actions), document.Statements.SelectMany(s => s.Actions));
        }
    }

    private static Verdict Decide(string policy, string action, RequestFacts facts) =>
        PolicyDecision.Decide(new AccessRequest(action, "*", facts), [SystemPolicy.Find(policy)!.AttachTo("user/ann")]).Verdict;
}
