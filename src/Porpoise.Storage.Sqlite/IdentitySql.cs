using Porpoise.Storage.Identities;

namespace Porpoise.Storage.Sqlite;

/// <summary>Accounts, keys and nonces in SQL.</summary>
internal static class IdentitySql
{
    public const string AccessKeyColumns = "access_key_id, owner_id, encrypted_secret, is_active, created_at, last_used_at";

    public const string ApiTokenColumns = "token_id, token_hash, owner_id, name, expires_at, created_at, last_used_at";

    public static bool CreateRoot(WriterSession s, RootAccountRow root, AccessKeyRow key, ApiTokenRow token, WorkspaceRow workspace)
    {
        if (FindRoot(s) is not null)
        {
            return false;
        }

        s.Use("insert into account (account_id, user_name, password_hash, created_at) values (?1, ?2, ?3, ?4)")
            .Bind(root.AccountId).Bind(root.UserName).Bind(root.PasswordHash).Bind(root.CreatedAt).Execute();
        AddAccessKey(s, key);
        AddApiToken(s, token);
        WorkspaceSql.Insert(s, workspace);
        return true;
    }

    public static RootAccountRow? FindRoot(Session s)
    {
        var row = s.Use("select account_id, user_name, password_hash, created_at from account limit 1");
        var root = row.Step() ? new RootAccountRow(row.Text(0), row.Text(1), row.Text(2), row.Time(3)) : null;
        row.End();
        return root;
    }

    public static ChangeAccessResult SetOwnersPassword(WriterSession s, string passwordHash) =>
        s.Use("update account set password_hash = ?1").Bind(passwordHash).Execute() > 0 ? ChangeAccessResult.Changed : ChangeAccessResult.NotFound;

    public static void AddAccessKey(WriterSession s, AccessKeyRow key) =>
        s.Use("insert into access_key (access_key_id, owner_id, encrypted_secret, is_active, created_at) values (?1, ?2, ?3, ?4, ?5)")
            .Bind(key.AccessKeyId).Bind(key.OwnerId).Bind(key.EncryptedSecret).Bind(key.IsActive ? 1L : 0).Bind(key.CreatedAt).Execute();

    public static void AddApiToken(WriterSession s, ApiTokenRow token) =>
        s.Use("insert into api_token (token_id, token_hash, owner_id, name, expires_at, created_at) values (?1, ?2, ?3, ?4, ?5, ?6)")
            .Bind(token.TokenId).Bind(token.TokenHash).Bind(token.OwnerId).Bind(token.Name).Bind(token.ExpiresAt).Bind(token.CreatedAt).Execute();

    public static AccessKeyRow? FindAccessKey(Session s, string accessKeyId)
    {
        var row = s.Use($"select {AccessKeyColumns} from access_key where access_key_id = ?1").Bind(accessKeyId);
        var key = row.Step() ? ReadAccessKey(row) : null;
        row.End();
        return key;
    }

    public static ApiTokenRow? FindApiToken(Session s, string tokenHash)
    {
        var row = s.Use($"select {ApiTokenColumns} from api_token where token_hash = ?1").Bind(tokenHash);
        var token = row.Step() ? ReadApiToken(row) : null;
        row.End();
        return token;
    }

    /// <summary>Reads a row of <see cref="AccessKeyColumns"/>.</summary>
    public static AccessKeyRow ReadAccessKey(Statement row) =>
        new(row.Text(0), row.Text(1), row.Bytes(2), row.Int(3) == 1, row.Time(4)) { LastUsedAt = row.TimeOrNull(5) };

    /// <summary>Reads a row of <see cref="ApiTokenColumns"/>.</summary>
    public static ApiTokenRow ReadApiToken(Statement row) =>
        new(row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.TimeOrNull(4), row.Time(5)) { LastUsedAt = row.TimeOrNull(6) };

    /// <summary>False: it was used before. A call without a nonce is not signed, and has none to use up.</summary>
    public static bool UseNonce(WriterSession s, NonceRow? nonce) =>
        nonce is null
        || s.Use("insert or ignore into nonce (hash, access_key_id, keep_until) values (?1, ?2, ?3)")
            .Bind(nonce.Hash).Bind(nonce.AccessKeyId).Bind(nonce.KeepUntil).Execute() == 1;

    public static IReadOnlyList<NonceRow> ListNonces(Session s, DateTimeOffset now, int max)
    {
        var nonces = new List<NonceRow>();
        var row = s.Use("select access_key_id, hash, keep_until from nonce where keep_until > ?1 order by keep_until desc limit ?2").Bind(now).Bind((long)max);
        while (row.Step())
        {
            nonces.Add(new NonceRow(row.Text(0), row.Bytes(1), row.Time(2)));
        }

        return nonces;
    }

    public static int Prune(WriterSession s, DateTimeOffset now, DateTimeOffset tokensBefore, int max) =>
        s.Use("delete from nonce where hash in (select hash from nonce where keep_until <= ?1 limit ?2)")
            .Bind(now).Bind((long)max).Execute()
        + s.Use(
            """
            delete from idempotency where (principal, workspace_id, operation, token) in
            (select principal, workspace_id, operation, token from idempotency where used_at < ?1 limit ?2)
            """).Bind(tokensBefore).Bind((long)max).Execute();

    public static bool Probe(WriterSession s, DateTimeOffset now) => s.Use("update store set probed_at = ?1").Bind(now).Execute() == 1;
}
