namespace Porpoise.Storage.Audit;

/// <summary>The audit log: rows are added, never changed, and removed only by age.</summary>
public interface IAuditStore
{
    /// <summary>Rows of one list.</summary>
    const int ListMax = 10_000;

    /// <summary>Rows that a list looks at, of those that fit its times and its outcome. Whatever is older is found with an earlier <see cref="AuditFilter.To"/>.</summary>
    const int LookedAtMax = 1_000_000;

    /// <summary>Adds them in one transaction, in their order. Their ids do not count: the store gives them.</summary>
    Task AppendAuditAsync(IReadOnlyList<AuditRow> rows);

    /// <summary>
    /// Newest first, at most <paramref name="max"/> and <see cref="ListMax"/>, from the first before <paramref name="beforeId"/> (null: from the newest).
    /// Fewer than that: <see cref="LookedAtMax"/> rows, or all, have been looked at.
    /// </summary>
    Task<IReadOnlyList<AuditRow>> ListAuditAsync(AuditFilter filter, long? beforeId, int max);

    /// <summary>Removes at most <paramref name="max"/> rows older than <paramref name="before"/>; returns how many.</summary>
    Task<int> PruneAuditAsync(DateTimeOffset before, int max);
}

/// <summary>That somebody did something, or tried to.</summary>
/// <param name="Id">Grows with time.</param>
/// <param name="RequestId">As in the answer to the call.</param>
/// <param name="Who">ARN of the caller; empty when nobody could be believed.</param>
/// <param name="Credential">Id of the access key or the token; for a failed authentication what was claimed. Never a secret.</param>
/// <param name="From">Address of the caller.</param>
/// <param name="Action">Such as <c>emr-serverless-spark:StartProcessInstance</c>; empty when no operation has the address.</param>
/// <param name="On">What it was done on: the path of the call.</param>
/// <param name="Workspace">Empty outside workspaces.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Code">The error's code; empty for a success.</param>
/// <param name="Detail">For people; for a failed authentication also how many like it were left out. Never a secret.</param>
public sealed record AuditRow(
    long Id, DateTimeOffset At, string RequestId, string Who, string Credential, string From, string Action, string On, string Workspace, AuditOutcome Outcome, string Code, string Detail);

/// <summary>The numbers are stored.</summary>
public enum AuditOutcome
{
    Done = 0,

    /// <summary>Refused for a reason of the operation's: nothing was changed.</summary>
    Refused = 1,

    /// <summary>The caller may not.</summary>
    Denied = 2,

    /// <summary>Who called could not be believed.</summary>
    NotAuthenticated = 3,

    /// <summary>The server failed; whether anything was changed is to be looked up.</summary>
    Failed = 4,
}

/// <summary>Which rows; null: any.</summary>
/// <param name="Who">A part of the ARN or of the credential's id, without case.</param>
/// <param name="Action">A whole action, or its beginning followed by <c>*</c>, without case.</param>
/// <param name="From">The first moment.</param>
/// <param name="To">The first moment after.</param>
public sealed record AuditFilter(
    string? Who = null, string? Action = null, string? Workspace = null, string? Address = null, AuditOutcome? Outcome = null, DateTimeOffset? From = null, DateTimeOffset? To = null);
