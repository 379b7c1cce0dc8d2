using System.Globalization;
using Microsoft.AspNetCore.Http;
using Porpoise.Access.Audit;
using Porpoise.Access.Identities;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Storage.Audit;

namespace Porpoise.Api.Security;

/// <summary>Which calls the audit log has: everything that changes something, every denial, every failed authentication and every call beyond the limits (both bounded per address) and every failure of the server.</summary>
public sealed class CallAudit(AuditLog log, FailureTally failures, TimeProvider clock)
{
    /// <summary>Characters of a text in a row; callers choose some of them.</summary>
    private const int TextMax = 500;

    /// <summary>Parameters that say what a call is about. None of them is ever a secret.</summary>
    private static readonly string[] Subjects =
    [
        "userName", "newUserName", "groupName", "newGroupName", "roleName", "role", "policyName", "version", "setAsDefault", "status", "projectName", "name", "queue", "id", "codes",
        "taskBizId", "releaseState", "publish", "targetProjectCode", "processDefinitionCode", "versionNumber", "processInstanceId", "processInstanceIds", "executeType", "RoleArn", "RoleSessionName",
    ];

    /// <summary>What the path says already is left out.</summary>
    internal static string SubjectOf(HttpContext http, Parameters parameters) =>
        string.Join(' ', Subjects.Where(s => parameters.Text(s) is not null && !http.Request.RouteValues.ContainsKey(s)).Select(s => $"{s}={Bounded(parameters.Text(s)!)}"));

    internal async ValueTask NoteAsync(HttpContext http, Operation? operation, CallTrace trace, Refusal? refusal)
    {
        var outcome = OutcomeOf(refusal);
        if (operation is null ? outcome != AuditOutcome.Failed : !operation.Changes && outcome is AuditOutcome.Done or AuditOutcome.Refused)
        {
            return;
        }

        var leftOut = 0;
        if (IsCheap(trace, outcome, refusal))
        {
            if (failures.Note(trace.Address) is not { } count)
            {
                return;
            }

            leftOut = count;
        }

        var row = new AuditRow(
            Id: 0,
            clock.GetUtcNow(),
            trace.RequestId,
            trace.Principal.Arn,
            Bounded(trace.Credential),
            trace.Address,
            operation?.Action ?? "",
            Bounded(trace.Subject.Length == 0 ? $"{http.Request.Method} {http.Request.Path}" : $"{http.Request.Method} {http.Request.Path} {trace.Subject}"),
            trace.Workspace?.Id.Value ?? "",
            outcome,
            refusal is null ? "" : refusal.Gateway?.Code ?? refusal.Code.Name,
            Bounded(leftOut == 0 ? refusal?.Message ?? "" : string.Create(CultureInfo.InvariantCulture, $"{refusal!.Message} ({leftOut} more from this address before it)")));
        if (operation is not { IsAdministration: true } || outcome != AuditOutcome.Done)
        {
            await log.AddAsync(row);
            return;
        }

        await log.AddDurablyAsync(row);
    }

    /// <summary>
    /// What callers can have as many of as they like: failures of those who have not said who they are, or not yet, and calls beyond their limit. Their rows are
    /// few, so that nobody can fill the disk with them.
    /// </summary>
    private static bool IsCheap(CallTrace trace, AuditOutcome outcome, Refusal? refusal) =>
        outcome == AuditOutcome.NotAuthenticated || (refusal is not null && (trace.Principal.Kind == CallerKind.Nobody || refusal.Code == ErrorCodes.TooManyCalls));

    private static AuditOutcome OutcomeOf(Refusal? refusal) => refusal switch
    {
        null => AuditOutcome.Done,
        _ when refusal.Code == ErrorCodes.NotAuthenticated || refusal.Code == ErrorCodes.WrongPassword => AuditOutcome.NotAuthenticated,
        _ when refusal.Code == ErrorCodes.NotAuthorised || refusal.Code == ErrorCodes.NoPermissionInWorkspace => AuditOutcome.Denied,
        _ when refusal.Code == ErrorCodes.Internal || refusal.Code == ErrorCodes.StoreUnavailable => AuditOutcome.Failed,
        _ => AuditOutcome.Refused,
    };

    private static string Bounded(string text) => text.Length <= TextMax ? text : string.Concat(text.AsSpan(0, TextMax), "…");
}
