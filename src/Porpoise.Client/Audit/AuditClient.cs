using System.Text.Json.Serialization;
using Porpoise.Client.Calls;

namespace Porpoise.Client.Audit;

/// <summary>The audit log.</summary>
public sealed class AuditClient(PorpoiseClient client)
{
    /// <param name="beforeId">The last page's <see cref="AuditPage.NextBeforeId"/>; null: the newest rows.</param>
    public Task<AuditPage> ListAsync(AuditFilter filter, int limit, long? beforeId, CancellationToken ct) =>
        client.SendAsync(ApiCall.Get($"/porpoise/v1/audit", [.. filter.Parameters, ("limit", limit), ("beforeId", beforeId)]), AuditJson.Default.AuditPage, ct);

    /// <summary>All rows, newest first: a JSON object in each line.</summary>
    public Task<Stream> ExportAsync(AuditFilter filter, CancellationToken ct) => client.OpenAsync(ApiCall.Get($"/porpoise/v1/audit/export", filter.Parameters), ct);
}

/// <summary>Which rows are wanted; what is null does not count.</summary>
/// <param name="Action">With wildcards, as in <c>ram:*</c>.</param>
/// <param name="Outcome">Done, Refused, Denied, NotAuthenticated or Failed.</param>
public sealed record AuditFilter(
    string? Who = null, string? Action = null, string? Workspace = null, string? Address = null, string? Outcome = null, DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    internal (string Name, object? Value)[] Parameters =>
        [("who", Who), ("action", Action), ("workspace", Workspace), ("address", Address), ("outcome", Outcome), ("from", From), ("to", To)];
}

/// <summary>A call that the audit log has.</summary>
public sealed record AuditEvent(
    long Id, DateTimeOffset At, string RequestId, string Who, string Credential, string Address, string Action, string Target, string Workspace, string Outcome, string Code, string Detail);

/// <param name="NextBeforeId">Null: this is the last page.</param>
public sealed record AuditPage(IReadOnlyList<AuditEvent> Rows, long? NextBeforeId);

/// <summary>How the audit log is written; also for whoever shows it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(AuditPage))]
public sealed partial class AuditJson : JsonSerializerContext;
