namespace Porpoise.Api.Errors;

/// <summary>What a caller is told about a denial by policies: the cloud's <c>AccessDeniedDetail</c>.</summary>
/// <param name="PolicyType">Which kind of policy decided.</param>
/// <param name="AuthPrincipalOwnerId">The account.</param>
/// <param name="AuthPrincipalType">SubUser or AssumedRoleUser.</param>
/// <param name="AuthPrincipalDisplayName">The user's id, or <c>role:session</c>.</param>
/// <param name="NoPermissionType">ImplicitDeny or ExplicitDeny.</param>
/// <param name="AuthAction">What would have to be allowed.</param>
/// <param name="EncodedDiagnosticMessage">The reasons, for whoever administers the account.</param>
public sealed record AccessDenied(
    string PolicyType,
    string AuthPrincipalOwnerId,
    string AuthPrincipalType,
    string AuthPrincipalDisplayName,
    string NoPermissionType,
    string AuthAction,
    string EncodedDiagnosticMessage);
