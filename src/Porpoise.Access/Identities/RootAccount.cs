using System.Security.Cryptography;
using System.Text;
using Porpoise.Access.Secrets;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;

namespace Porpoise.Access.Identities;

/// <summary>The credentials of a new installation, readable only at its first start.</summary>
public sealed record RootAccount(
    string AccountId, string AccessKeyId, string AccessKeySecret, string UserName, string Password, string Token, WorkspaceId Workspace, long ProjectCode)
{
    /// <summary>Makes up the account, without storing anything.</summary>
    /// <param name="projectCode">A freshly minted code.</param>
    public static RootAccount Invent(long projectCode) => new(
        RandomText.Digits(16), "LTAI" + RandomText.Letters(20), RandomText.Letters(30), "root", RandomText.Letters(20), RandomText.Hex(32),
        new WorkspaceId("w-" + RandomText.Hex(16)), projectCode);

    /// <summary>Stores it; secrets only encrypted or hashed. False: there is a root account already.</summary>
    public Task<bool> StoreAsync(IIdentityStore store, MasterKey masterKey, DateTimeOffset now) => store.CreateRootAsync(
        new RootAccountRow(AccountId, UserName, PasswordHash.Of(Password), now),
        new AccessKeyRow(AccessKeyId, AccountId, masterKey.Encrypt(AccessKeySecret, AccessKeyId), IsActive: true, now),
        new ApiTokenRow(RandomText.Hex(16), HashToken(Token), AccountId, "first token", ExpiresAt: null, now),
        new WorkspaceRow(Workspace, ProjectCode, "default", now));

    /// <summary>Names the account only, so that logging it by accident gives nothing away.</summary>
    public override string ToString() => AccountId;

    /// <summary>Tokens are long and random, so a plain hash keeps them secret, and finds them by index.</summary>
    public static string HashToken(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
