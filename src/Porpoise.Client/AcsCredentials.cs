namespace Porpoise.Client;

/// <summary>An access key: permanent, or temporary when it comes with a security token.</summary>
public sealed class AcsCredentials(string accessKeyId, string accessKeySecret, string? securityToken = null)
{
    /// <summary>The public half; it travels with every request.</summary>
    public string AccessKeyId { get; } = accessKeyId;

    /// <summary>The secret half; it never leaves the process.</summary>
    public string AccessKeySecret { get; } = accessKeySecret;

    /// <summary>The token that makes a temporary key usable, or null for a permanent key.</summary>
    public string? SecurityToken { get; } = securityToken;

    /// <summary>Names the key only, so that logging credentials by accident gives nothing away.</summary>
    public override string ToString() => AccessKeyId;
}
