using System.Security.Cryptography;
using Porpoise.Storage.DataSources;
using Porpoise.Storage.Identities;

namespace Porpoise.Access.Secrets;

/// <summary>Encrypts stored secrets under the first of several master keys, so that the others are needed no more.</summary>
public static class SecretRotation
{
    private const int BiteMax = 500;

    /// <summary>
    /// Encrypts anew whatever is not under the first key. It can be cut off at any time: each secret is readable before and after, and the next
    /// time goes on with those that are left.
    /// </summary>
    /// <returns>How many secrets were encrypted anew.</returns>
    /// <exception cref="CryptographicException">A secret is under none of the keys, or damaged; says whose.</exception>
    public static async Task<int> RunAsync(IAccessStore access, IDataSourceStore sources, MasterKey masterKey) =>
        await RotateAccessKeysAsync(access, masterKey) + await RotateDataSourcesAsync(sources, masterKey);

    private static async Task<int> RotateAccessKeysAsync(IAccessStore store, MasterKey masterKey)
    {
        var changed = 0;
        var after = "";
        while (await store.ListAccessKeysAfterAsync(after, BiteMax) is { Count: > 0 } keys)
        {
            // At once, so that they share commits. One that was replaced meanwhile was replaced by a caller that has the first key too.
            var replaced = await Task.WhenAll(
                from key in keys
                where !masterKey.IsUnderFirst(key.EncryptedSecret)
                select store.ReplaceSecretAsync(key.AccessKeyId, key.EncryptedSecret, EncryptAnew(masterKey, key)));
            changed += replaced.Count(static done => done);
            after = keys[^1].AccessKeyId;
        }

        return changed;
    }

    private static async Task<int> RotateDataSourcesAsync(IDataSourceStore store, MasterKey masterKey)
    {
        var changed = 0;
        var after = 0;
        while (await store.ListDataSourcesAfterAsync(after, BiteMax) is { Count: > 0 } sources)
        {
            var replaced = await Task.WhenAll(
                from source in sources
                where !masterKey.IsUnderFirst(source.EncryptedPassword)
                select store.ReplaceDataSourcePasswordAsync(
                    source.Id, source.EncryptedPassword!, DataSourcePasswords.Encrypt(masterKey, DataSourcePasswords.Decrypt(masterKey, source), source.Id)));
            changed += replaced.Count(static done => done);
            after = sources[^1].Id;
        }

        return changed;
    }

    private static byte[] EncryptAnew(MasterKey masterKey, AccessKeyRow key)
    {
        try
        {
            return masterKey.Encrypt(masterKey.Decrypt(key.EncryptedSecret, key.AccessKeyId), key.AccessKeyId);
        }
        catch (CryptographicException e)
        {
            throw new CryptographicException($"The secret of the access key {key.AccessKeyId} cannot be read: {e.Message}", e);
        }
    }
}
