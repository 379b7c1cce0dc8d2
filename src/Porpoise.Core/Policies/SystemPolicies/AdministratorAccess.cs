namespace Porpoise.Core.Policies.SystemPolicies;

/// <summary>Our own: the whole service with its administration, and nothing of other services, which <c>*</c> would name.</summary>
internal static class AdministratorAccess
{
    public const string Text =
        """
        {
          "Version": "1",
          "Statement": [
            {
              "Effect": "Allow",
              "Action": [
                "ram:*",
                "emr-serverless-spark:*",
                "sts:*"
              ],
              "Resource": "*"
            }
          ]
        }
        """;
}
