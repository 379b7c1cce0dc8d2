namespace Porpoise.Core.Policies.SystemPolicies;

/// <summary>The vendor's list of 2023-11.</summary>
internal static class FullAccess
{
    public const string Text =
        """
        {
          "Version": "1",
          "Statement": [
            {
              "Effect": "Allow",
              "Action": [
                "emr-serverless-spark:*",
                "oss:ListBuckets",
                "dlf:DescribeRegions",
                "dlf:GetRegionStatus",
                "dlf:ListCatalogs",
                "dlf:ListDatabases",
                "dlf:ListTables",
                "emr:GetApmData",
                "emr:QueryApmGrafanaData",
                "bss:ModifyAgreementRecord"
              ],
              "Resource": "*"
            },
            {
              "Effect": "Allow",
              "Action": "ram:CreateServiceLinkedRole",
              "Resource": "*",
              "Condition": {
                "StringEquals": {
                  "ram:ServiceName": "spark.emr-serverless.aliyuncs.com"
                }
              }
            }
          ]
        }
        """;
}
