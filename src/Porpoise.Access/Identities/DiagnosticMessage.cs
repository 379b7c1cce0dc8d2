using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Porpoise.Access.Secrets;
using Porpoise.Core.Policies;

namespace Porpoise.Access.Identities;

/// <summary>
/// Why a call was denied, in full, for whoever administers the account. A denied caller gets it encrypted: it quotes policies that the caller may not read.
/// </summary>
public sealed record DiagnosticMessage(
    bool ExplicitDeny,
    string NoPermissionPolicyType,
    string AuthAction,
    string AuthResource,
    DiagnosticPrincipal AuthPrincipal,
    IReadOnlyList<DiagnosticCondition> AuthConditions,
    IReadOnlyList<DiagnosticPolicy> MatchedPolicies,
    IReadOnlyList<string> Explanation,
    DateTimeOffset DeniedAt)
{
    private const string Prefix = "AQE";
    private const string Identity = "diagnostic message";
    private const int LengthMax = 64 * 1024;

    public static DiagnosticMessage Of(AccessExplanation why, Principal caller, DateTimeOffset at) => new(
        why.Decision.Verdict == Verdict.ExplicitDeny,
        why.Decision.Level.ToString(),
        why.Request.Action,
        why.Request.Resource,
        new DiagnosticPrincipal(caller.AccountId, caller.TypeName, caller.DisplayName),
        [.. why.Request.Facts.All.Where(f => f.Value is not null).Select(f => new DiagnosticCondition(f.Key.Text, [f.Value!]))],
        [.. why.Findings.Where(f => f.Applies).Select(f => new DiagnosticPolicy(
            f.Statement.Effect.ToString(), f.Policy.Name, f.Policy.IsSystem ? "System" : "Custom", f.Policy.Version, f.Policy.AttachedTo, "Account")).Distinct()],
        why.Sentences,
        at);

    public string Encode(MasterKey masterKey) =>
        Prefix + Convert.ToBase64String(masterKey.Encrypt(JsonSerializer.Serialize(this, DiagnosticJson.Default.DiagnosticMessage), Identity));

    /// <summary>Null: no message of this installation.</summary>
    public static DiagnosticMessage? Decode(string text, MasterKey masterKey)
    {
        if (text.Length > LengthMax || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var cipher = new byte[text.Length];
        if (!Convert.TryFromBase64String(text[Prefix.Length..], cipher, out var length))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(Encoding.UTF8.GetString(masterKey.Decrypt(cipher.AsSpan(0, length), Identity)), DiagnosticJson.Default.DiagnosticMessage);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

/// <summary>Who was denied.</summary>
public sealed record DiagnosticPrincipal(string AuthPrincipalOwnerId, string AuthPrincipalType, string AuthPrincipalDisplayName);

/// <summary>What was known about the request.</summary>
public sealed record DiagnosticCondition(string ConditionKey, IReadOnlyList<string> ConditionValues);

/// <summary>A policy that denied.</summary>
public sealed record DiagnosticPolicy(string Effect, string PolicyIdentifier, string PolicyType, string PolicyVersion, string AttachedEntity, string AttachedScope);

[JsonSerializable(typeof(DiagnosticMessage))]
internal sealed partial class DiagnosticJson : JsonSerializerContext;
