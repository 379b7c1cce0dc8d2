using System.Text.Json.Serialization;

namespace Porpoise.Client.Identities;

/// <summary>A key that ends by itself. All three parts sign a call together: <see cref="AcsCredentials"/>.</summary>
public sealed record TemporaryKey(string AccessKeyId, string AccessKeySecret, string SecurityToken, DateTimeOffset Expiration)
{
    public AcsCredentials Credentials => new(AccessKeyId, AccessKeySecret, SecurityToken);

    /// <summary>Names the key only, so that logging it by accident gives nothing away.</summary>
    public override string ToString() => AccessKeyId;
}

/// <summary>How a role is to be assumed.</summary>
/// <param name="SessionName">What the audit log calls whoever has the key: 2 to 64 characters of a-z, A-Z, 0-9 and . @ - _</param>
public sealed record AssumeRequest(string SessionName)
{
    /// <summary>At least 15 minutes, at most what the role allows; null: an hour.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>A RAM policy: the key may do what it and the role's own policies allow. Null: all that the role may do.</summary>
    public string? Policy { get; init; }

    /// <summary>What the role's trust policy asks for, if it does.</summary>
    public string? ExternalId { get; init; }
}

/// <summary>Who calls.</summary>
/// <param name="IdentityType">Account, RAMUser or AssumedRoleUser.</param>
public sealed record CallerIdentity(string IdentityType, string AccountId, string PrincipalId, string Arn);

internal sealed record AssumedRole(TemporaryKey Credentials);

[JsonSerializable(typeof(AssumedRole))]
[JsonSerializable(typeof(CallerIdentity))]
internal sealed partial class StsJson : JsonSerializerContext;
