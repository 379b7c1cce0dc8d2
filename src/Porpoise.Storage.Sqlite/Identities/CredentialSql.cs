using Porpoise.Storage.Identities;

namespace Porpoise.Storage.Sqlite.Identities;

/// <summary>Access keys and tokens of users and of the account in SQL.</summary>
internal static class CredentialSql
{
    public static ChangeAccessResult CreateAccessKey(WriterSession s, AccessKeyRow key)
    {
        if (!OwnerExists(s, key.OwnerId))
        {
            return ChangeAccessResult.NotFound;
        }

        if (s.Use("select count(*) from access_key where owner_id = ?1").Bind(key.OwnerId).Number() >= IAccessStore.AccessKeysPerOwnerMax)
        {
            return ChangeAccessResult.TooMany;
        }

        IdentitySql.AddAccessKey(s, key);
        return ChangeAccessResult.Changed;
    }

    public static ChangeAccessResult SetAccessKeyActive(WriterSession s, string accessKeyId, bool isActive) =>
        ChangedOne(s.Use("update access_key set is_active = ?2 where access_key_id = ?1").Bind(accessKeyId).Bind(isActive ? 1L : 0).Execute());

    public static ChangeAccessResult DeleteAccessKey(WriterSession s, string accessKeyId) =>
        ChangedOne(s.Use("delete from access_key where access_key_id = ?1").Bind(accessKeyId).Execute());

    public static IReadOnlyList<AccessKeyRow> ListAccessKeys(Session s, string ownerId) =>
        s.Use($"select {IdentitySql.AccessKeyColumns} from access_key where owner_id = ?1 order by created_at, access_key_id").Bind(ownerId).All(IdentitySql.ReadAccessKey);

    public static IReadOnlyList<AccessKeyRow> ListAccessKeysAfter(Session s, string after, int max) =>
        s.Use($"select {IdentitySql.AccessKeyColumns} from access_key where access_key_id > ?1 order by access_key_id limit ?2")
            .Bind(after).Bind((long)Math.Max(max, 0)).All(IdentitySql.ReadAccessKey);

    public static bool ReplaceSecret(WriterSession s, string accessKeyId, byte[] before, byte[] after) =>
        s.Use("update access_key set encrypted_secret = ?3 where access_key_id = ?1 and encrypted_secret = ?2").Bind(accessKeyId).Bind(before).Bind(after).Execute() == 1;

    public static ChangeAccessResult CreateApiToken(WriterSession s, ApiTokenRow token)
    {
        if (!OwnerExists(s, token.OwnerId))
        {
            return ChangeAccessResult.NotFound;
        }

        if (s.Use("select count(*) from api_token where owner_id = ?1").Bind(token.OwnerId).Number() >= IAccessStore.TokensPerOwnerMax)
        {
            return ChangeAccessResult.TooMany;
        }

        IdentitySql.AddApiToken(s, token);
        return ChangeAccessResult.Changed;
    }

    public static ChangeAccessResult DeleteApiToken(WriterSession s, string tokenId) =>
        ChangedOne(s.Use("delete from api_token where token_id = ?1").Bind(tokenId).Execute());

    public static ApiTokenRow? FindApiToken(Session s, string tokenId) =>
        s.Use($"select {IdentitySql.ApiTokenColumns} from api_token where token_id = ?1").Bind(tokenId).First(IdentitySql.ReadApiToken);

    public static IReadOnlyList<ApiTokenRow> ListApiTokens(Session s, string ownerId) =>
        s.Use($"select {IdentitySql.ApiTokenColumns} from api_token where owner_id = ?1 order by created_at, token_id").Bind(ownerId).All(IdentitySql.ReadApiToken);

    /// <summary>The two kinds of ids never meet: those of keys begin with letters that a token's hexadecimal digits do not have.</summary>
    public static void SaveUses(WriterSession s, IReadOnlyList<CredentialUse> uses)
    {
        foreach (var use in uses)
        {
            if (s.Use("update access_key set last_used_at = ?2 where access_key_id = ?1 and coalesce(last_used_at, 0) < ?2").Bind(use.Id).Bind(use.At).Execute() == 0)
            {
                s.Use("update api_token set last_used_at = ?2 where token_id = ?1 and coalesce(last_used_at, 0) < ?2").Bind(use.Id).Bind(use.At).Execute();
            }
        }
    }

    private static bool OwnerExists(Session s, string ownerId) =>
        PeopleSql.Exists(s, ownerId, IdentityKind.User) || s.Use("select 1 from account where account_id = ?1").Bind(ownerId).Any();

    private static ChangeAccessResult ChangedOne(int rows) => rows == 1 ? ChangeAccessResult.Changed : ChangeAccessResult.NotFound;
}
