using Porpoise.Api.OpenApi;
using static Porpoise.Api.OpenApi.OperationParameter;
using static Porpoise.Api.OpenApi.OperationParameters;

namespace Porpoise.Api.Identities;

/// <summary>The parameters of signing in and of the administration of who may do what, for the documentation.</summary>
internal static class IdentityParameters
{
    private const string Own = "/porpoise/v1";
    private const string Policy = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"emr-serverless-spark:*","Resource":"*"}]}""";
    private const string Trust = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1234567890123456:root"]}}]}""";

    private static readonly OperationParameter Description = Text("description", "For people");
    private static readonly OperationParameter Role = Word("role", "What it may do there", "Guest", "DataScience", "DataEngineering", "Owner").Required();
    private static readonly OperationParameter[] SearchedPages = [Text("search", "Part of the name"), .. Pages];

    private static readonly OperationParameter[] RoleSettings = [Number("maxSessionSeconds", "How long its temporary keys may last, 3,600 to 43,200"), Description];

    private static readonly OperationParameter[] AuditFilters =
    [
        Text("who", "Whoever called"), Text("action", "The action; * stands for any text").Like("ram:*"), Text("workspace", "The workspace's id"), Text("address", "Where the call came from"),
        Word("outcome", "What came of it", "Done", "Refused", "Denied", "NotAuthenticated", "Failed"), Text("from", "From this time on: yyyy-MM-dd HH:mm:ss in UTC"), Text("to", "Up to this time"),
    ];

    public static IReadOnlyDictionary<string, OperationParameter[]> Lists { get; } = new Dictionary<string, OperationParameter[]>(StringComparer.Ordinal)
    {
        ["POST /dolphinscheduler/login"] = [Text("userName", "Whoever signs in").Required().Like("root"), Text("userPassword", "The password").Required()],
        ["POST / AssumeRole"] =
        [
            Text("RoleArn", "The role").Required().Like("acs:ram::1234567890123456:role/etl"), Text("RoleSessionName", "What the session is called").Required().Like("nightly"),
            Number("DurationSeconds", "How long the key lasts, from 900"), Json("Policy", "Narrows what the role may do"), Text("ExternalId", "What the trust policy asks for"),
        ],
        ["POST / GetCallerIdentity"] = [],
        [$"GET {Own}/users"] = SearchedPages,
        [$"POST {Own}/users"] = [Text("userName", "1 to 64 letters, digits, dots, hyphens and underscores").Required().Like("ana"), Description],
        [$"PUT {Own}/users/{{userName}}"] = [Text("newUserName", "Another name"), Description],
        [$"PUT {Own}/users/{{userName}}/password"] = [Text("password", "8 to 128 characters of three classes").Required()],
        [$"GET {Own}/users/{{userName}}/groups"] = Pages,
        [$"GET {Own}/users/{{userName}}/policies"] = Pages,
        [$"PUT {Own}/access-keys/{{accessKeyId}}"] = [Word("status", "Whether it is taken", "Active", "Inactive").Required(), Text("userName", "Whose it is; another's is refused")],
        [$"DELETE {Own}/access-keys/{{accessKeyId}}"] = [Text("userName", "Whose it is; another's is refused")],
        [$"POST {Own}/users/{{userName}}/tokens"] = [Text("name", "What it is for").Required().Like("ci"), Number("expiresInSeconds", "When it ends; never if it is not said").Like("86400")],
        [$"GET {Own}/groups"] = SearchedPages,
        [$"POST {Own}/groups"] = [Text("groupName", "The group's name").Required().Like("engineers"), Description],
        [$"PUT {Own}/groups/{{groupName}}"] = [Text("newGroupName", "Another name"), Description],
        [$"GET {Own}/groups/{{groupName}}/users"] = Pages,
        [$"GET {Own}/groups/{{groupName}}/policies"] = Pages,
        [$"GET {Own}/roles"] = SearchedPages,
        [$"POST {Own}/roles"] = [Text("roleName", "The role's name").Required().Like("etl"), Json("trustPolicy", "Whom it trusts").Required().Like(Trust), .. RoleSettings],
        [$"PUT {Own}/roles/{{roleName}}"] = [Json("trustPolicy", "Whom it trusts").Like(Trust), .. RoleSettings],
        [$"GET {Own}/roles/{{roleName}}/policies"] = Pages,
        [$"GET {Own}/policies"] = [Word("type", "Only these", "System", "Custom"), .. SearchedPages],
        [$"POST {Own}/policies"] = [Text("policyName", "The policy's name").Required().Like("etl-runs"), Json("document", "What it allows and forbids").Required().Like(Policy), Description],
        [$"POST {Own}/policies/{{policyName}}/versions"] = [Json("document", "What it allows and forbids").Required().Like(Policy), Flag("setAsDefault", "True puts it in force")],
        [$"PUT {Own}/policies/{{policyName}}/default-version"] = [Text("version", "The version").Required().Like("v2")],
        [$"GET {Own}/policies/{{policyName}}/attached"] = Pages,
        [$"GET {Own}/workspaces/{{projectCode}}/members"] = SearchedPages,
        [$"POST {Own}/workspaces/{{projectCode}}/members"] = [Text("userName", "A user, or"), Text("roleName", "a role"), Role],
        [$"PUT {Own}/workspaces/{{projectCode}}/members/users/{{userName}}"] = [Role],
        [$"PUT {Own}/workspaces/{{projectCode}}/members/roles/{{roleName}}"] = [Role],
        [$"GET {Own}/access/check"] =
        [
            Text("userName", "A user, or"), Text("roleName", "a role"), Text("action", "What it would do").Required().Like("emr-serverless-spark:StartProcessInstance"), Text("resource", "On what"),
            Text("workspace", "In which workspace"), Text("sourceIp", "From which address"), Flag("secureTransport", "Over https"),
        ],
        [$"POST {Own}/access/diagnostics"] = [Text("encodedDiagnosticMessage", "From a denial").Required()],
        [$"GET {Own}/audit"] = [.. AuditFilters, Number("limit", "Rows, at most 1,000").Like("50"), Number("beforeId", "The next page: nextBeforeId of the one before")],
        [$"GET {Own}/audit/export"] = AuditFilters,
    };
}
