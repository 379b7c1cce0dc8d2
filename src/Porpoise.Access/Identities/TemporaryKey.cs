using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Porpoise.Access.Secrets;

namespace Porpoise.Access.Identities;

/// <summary>
/// A key that AssumeRole gave. No row says that it exists: all that is known of it travels in its security token, encrypted under the master key, so
/// any number of them costs nothing, and they end by themselves.
/// </summary>
/// <param name="RoleId">Who it speaks for.</param>
/// <param name="SessionPolicy">JSON; null: only the role's policies limit it.</param>
public sealed record TemporaryKey(string AccessKeyId, string Secret, string RoleId, string SessionName, string? SessionPolicy, DateTimeOffset ExpiresAt)
{
    /// <summary>Longest token that is looked at.</summary>
    public const int TokenLengthMax = 8 * 1024;

    /// <summary>How the id of every temporary key begins, and of no other.</summary>
    public const string IdPrefix = "STS.";

    private const string Prefix = "CAIS";
    private const string Identity = "security token";

    /// <summary>A new key, known to nobody yet.</summary>
    public static TemporaryKey Invent(string roleId, string sessionName, string? sessionPolicy, DateTimeOffset expiresAt) =>
        new(IdPrefix + RandomText.Letters(25), RandomText.Letters(44), roleId, sessionName, sessionPolicy, expiresAt);

    /// <summary>The text that its holder sends with every call.</summary>
    public string ToToken(MasterKey masterKey) =>
        Prefix + Convert.ToBase64String(masterKey.Encrypt(JsonSerializer.Serialize(this, TemporaryKeyJson.Default.TemporaryKey), Identity));

    /// <summary>Null: no token of this installation, or one from before its master key was replaced.</summary>
    public static TemporaryKey? FromToken(string token, MasterKey masterKey)
    {
        if (token.Length > TokenLengthMax || !token.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var cipher = new byte[token.Length];
        if (!Convert.TryFromBase64String(token[Prefix.Length..], cipher, out var length))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(Encoding.UTF8.GetString(masterKey.Decrypt(cipher.AsSpan(0, length), Identity)), TemporaryKeyJson.Default.TemporaryKey);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Names the key only, so that logging it by accident gives nothing away.</summary>
    public override string ToString() => AccessKeyId;
}

[JsonSerializable(typeof(TemporaryKey))]
internal sealed partial class TemporaryKeyJson : JsonSerializerContext;
