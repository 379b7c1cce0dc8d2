using System.Text.Json;
using Porpoise.Client.Calls;

namespace Porpoise.Client.Identities;

/// <summary>Policies, whom they are attached to, and what they say about a call.</summary>
public sealed class PolicyClient(PorpoiseClient client)
{
    /// <param name="type">System, Custom, or null for both.</param>
    public Task<Page<Policy>> ListAsync(string? search, string? type, PageChoice page, CancellationToken ct) => client.SendAsync(
        ApiCall.Get($"/porpoise/v1/policies", ("search", search), ("type", type), ("pageNo", page.Number), ("pageSize", page.Size)), IdentityJson.Default.PolicyPage, ct);

    public Task<Policy> CreateAsync(string policyName, string document, string? description, CancellationToken ct) => client.SendAsync(
        ApiCall.Post($"/porpoise/v1/policies", ("policyName", policyName), ("document", document), ("description", description)), IdentityJson.Default.Policy, ct);

    public Task<PolicyDetail> GetAsync(string policyName, CancellationToken ct) => client.SendAsync(ApiCall.Get($"/porpoise/v1/policies/{policyName}"), IdentityJson.Default.PolicyDetail, ct);

    public Task DeleteAsync(string policyName, CancellationToken ct) => client.SendAsync(ApiCall.Delete($"/porpoise/v1/policies/{policyName}"), ct);

    public Task<Page<PolicyVersion>> ListVersionsAsync(string policyName, PageChoice page, CancellationToken ct) =>
        client.SendAsync(ApiCall.Get($"/porpoise/v1/policies/{policyName}/versions", ("pageNo", page.Number), ("pageSize", page.Size)), IdentityJson.Default.PolicyVersionPage, ct);

    public Task<PolicyVersion> GetVersionAsync(string policyName, int version, CancellationToken ct) =>
        client.SendAsync(ApiCall.Get($"/porpoise/v1/policies/{policyName}/versions/{version}"), IdentityJson.Default.PolicyVersion, ct);

    public Task<PolicyVersion> AddVersionAsync(string policyName, string document, bool setAsDefault, CancellationToken ct) => client.SendAsync(
        ApiCall.Post($"/porpoise/v1/policies/{policyName}/versions", ("document", document), ("setAsDefault", setAsDefault)), IdentityJson.Default.PolicyVersion, ct);

    public Task DeleteVersionAsync(string policyName, int version, CancellationToken ct) => client.SendAsync(ApiCall.Delete($"/porpoise/v1/policies/{policyName}/versions/{version}"), ct);

    public Task SetDefaultVersionAsync(string policyName, int version, CancellationToken ct) => client.SendAsync(ApiCall.Put($"/porpoise/v1/policies/{policyName}/default-version", ("version", version)), ct);

    public Task<Page<PolicyHolder>> ListAttachedAsync(string policyName, PageChoice page, CancellationToken ct) =>
        client.SendAsync(ApiCall.Get($"/porpoise/v1/policies/{policyName}/attached", ("pageNo", page.Number), ("pageSize", page.Size)), IdentityJson.Default.PolicyHolderPage, ct);

    public Task AttachAsync(string policyName, IdentityName to, CancellationToken ct) => client.SendAsync(ApiCall.Post($"/porpoise/v1/{to.Kind + "s"}/{to.Name}/policies/{policyName}"), ct);

    public Task DetachAsync(string policyName, IdentityName from, CancellationToken ct) => client.SendAsync(ApiCall.Delete($"/porpoise/v1/{from.Kind + "s"}/{from.Name}/policies/{policyName}"), ct);

    /// <summary>Whether a user or a role may do something, and why.</summary>
    public Task<AccessCheck> CheckAsync(IdentityName who, AccessQuestion question, CancellationToken ct) => client.SendAsync(
        ApiCall.Get(
            $"/porpoise/v1/access/check", (who.Kind + "Name", who.Name), ("action", question.Action), ("resource", question.Resource), ("workspace", question.Workspace),
            ("sourceIp", question.SourceIp), ("secureTransport", question.SecureTransport)),
        IdentityJson.Default.AccessCheck, ct);

    /// <summary>The reasons in the message of a denial, as the server tells them.</summary>
    public Task<JsonElement> DecodeDenialAsync(string diagnosticMessage, CancellationToken ct) =>
        client.SendAsync(ApiCall.Post($"/porpoise/v1/access/diagnostics", ("encodedDiagnosticMessage", diagnosticMessage)), ct);
}

/// <summary>A call that is only thought of.</summary>
/// <param name="Action">Such as <c>emr-serverless-spark:StartProcessInstance</c>; without a service, that one is meant.</param>
public sealed record AccessQuestion(string Action, string? Resource = null, string? Workspace = null, string? SourceIp = null, bool? SecureTransport = null);
