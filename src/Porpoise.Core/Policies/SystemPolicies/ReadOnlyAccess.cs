namespace Porpoise.Core.Policies.SystemPolicies;

/// <summary>The vendor's list: the verbs that change nothing.</summary>
internal static class ReadOnlyAccess
{
    public const string Text =
        """
        {
          "Version": "1",
          "Statement": [
            {
              "Effect": "Allow",
              "Action": [
                "emr-serverless-spark:Get*",
                "emr-serverless-spark:List*",
                "emr-serverless-spark:Query*",
                "emr-serverless-spark:Is*",
                "emr-serverless-spark:Check*"
              ],
              "Resource": "*"
            }
          ]
        }
        """;
}
