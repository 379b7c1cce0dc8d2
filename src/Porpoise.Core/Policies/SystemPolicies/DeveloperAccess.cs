namespace Porpoise.Core.Policies.SystemPolicies;

/// <summary>The vendor's list of 2026-01 (v9): every operation of a developer, without creating and deleting workspaces.</summary>
internal static class DeveloperAccess
{
    private const string Service = "emr-serverless-spark:";

    private static readonly string[] OfOtherServices =
    [
        "dlf:DescribeRegions", "dlf:GetRegionStatus", "dlf:ListCatalogs", "dlf:ListDatabases", "dlf:ListTables",
        "emr:GetApmData", "emr:QueryApmGrafanaData",
    ];

    private static readonly string[] Names =
    [
        // Workflow
        "BatchExecuteProcessInstances", "CreateProcessDefinitionWithSchedule", "DeleteProcessDefinitionByCode", "DeleteProcessDefinitionVersion",
        "Execute", "ForceTaskInstanceSuccess", "GenerateTaskCodes", "OperateInstance", "PublishWorkflowDefinition", "ReleaseWorkflowAndSchedule",
        "StartProcessInstance", "SwitchProcessDefinitionVersion", "UpdateProcessDefinitionWithSchedule", "ParseParamKeys",

        // Development tasks
        "CommitTask", "CopyTask", "CreateTask", "CreateTaskInstance", "DeleteTask", "UpdateTask", "CreateCategory", "DeleteCategory",
        "UpdateCategory", "ValidateCode", "CreateTemplate", "DeleteTemplate", "SetDefaultTemplate", "UpdateTemplate",

        // Runs
        "CancelJobRun", "CancelRun", "CopyRun", "StartJobRun", "StartRun", "CreateJobRunDeployment", "DeleteJobRunDeployment",
        "StartJobRunDeployment", "StopJobRunDeployment", "UpdateJobRunDeployment",

        // Sessions, SQL, notebooks
        "BindSessionCluster", "UnbindSessionCluster", "CreateSessionCluster", "DeleteSessionCluster", "EditSessionCluster", "StartSessionCluster",
        "StopSessionCluster", "CreateSessionStatement", "TerminateSessionStatement", "CreateSqlStatement", "TerminateSqlStatement",
        "StartNotebookKernel", "StopNotebookKernel",

        // Kyuubi, Livy, tokens
        "CreateKyuubiService", "DeleteKyuubiService", "StartKyuubiService", "StopKyuubiService", "UpdateKyuubiService",
        "CancelKyuubiSparkApplication", "CreateKyuubiToken", "DeleteKyuubiToken", "GenerateKyuubiToken", "UpdateKyuubiToken", "CreateLivyCompute",
        "DeleteLivyCompute", "DeleteLivyComputeSession", "StartLivyCompute", "StopLivyCompute", "UpdateLivyCompute", "CreateLivyComputeToken",
        "DeleteLivyComputeToken", "GenerateLivyComputeToken", "RefreshLivyComputeToken", "CreateComputeToken", "DeleteComputeToken",
        "GenerateComputeToken", "UpdateComputeToken",

        // Queues, members, roles
        "CreateWorkspaceQueue", "DeleteWorkspaceQueue", "EditWorkspaceQueue", "AddMembers", "RemoveMember", "CreateRole", "DeleteRole",
        "GrantActionsToRole", "RevokeActionsToRole", "GrantRoleToUsers", "RevokeRoleFromUsers", "UpdateResourceAcl",

        // Files, git, environments
        "AddGitRepo", "DeleteGitRepo", "CommitPushGitRepo", "PullGitRepo", "UpdateGitResource", "CreateGitRepoFile", "DeleteGitRepoFile",
        "MoveGitRepoFile", "UpdateGitRepoFile", "AddVolume", "DeleteVolume", "ModifyVolume", "CreateVolumeFile", "DeleteVolumeFile", "CreateArtifact",
        "DeleteArtifact", "CreateConfigFile", "DeleteConfigFile", "UpdateConfigFile", "CreateEnvironment", "DeleteEnvironment", "EditEnvironment",
        "CreateSecretValue", "DeleteSecretValue",

        // Catalogs, Kerberos, network, AI, Ray
        "CreateCatalog", "DeleteCatalog", "EditCatalog", "IsCatalogAliasDuplicate", "StartHmsProxyServer", "TearDownHmsProxyServer",
        "TestHmsConnection", "CreateKerberosConf", "DeleteKerberosConf", "DisableKerberosConf", "EnableKerberosConf", "UpdateKerberosConf",
        "CreateNetworkService", "DeleteNetworkService", "CreateAIFunction", "DeleteAIFunction", "UpdateAIFunction", "CreateModelService",
        "DeleteModelService", "UpdateModelService", "CreateRayCluster", "DeleteRayCluster", "StartRayCluster", "StopRayCluster", "UpdateRayCluster",
        "CreateEmrSparkServiceLinkedRole",

        // Whatever changes nothing
        "Check*", "Get*", "List*", "Query*",
    ];

    public static string Text { get; } =
        $$"""
        {
          "Version": "1",
          "Statement": [
            {
              "Effect": "Allow",
              "Action": [
                {{string.Join(",\n        ", Names.Select(n => $"\"{Service}{n}\"").Concat(OfOtherServices.Select(n => $"\"{n}\"")))}}
              ],
              "Resource": "*"
            }
          ]
        }
        """;
}
