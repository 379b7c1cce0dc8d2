using System.Globalization;
using Porpoise.Access.Identities;
using Porpoise.Access.Secrets;
using Porpoise.Client;
using Porpoise.Core.Policies;
using Porpoise.Core.Workflows;
using Porpoise.LiveServer.Servers;
using Porpoise.Storage.Commits;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Sqlite;

namespace Porpoise.EndToEnd.Tests.Security;

/// <summary>Users, roles and their credentials, written into the store of an installation while no server is running.</summary>
internal sealed class AccountBook : IAsyncDisposable
{
    private readonly SqliteStore _store;
    private readonly MasterKey _masterKey;
    private readonly RootKey _root;

    private AccountBook(Installation installation)
    {
        _store = SqliteStore.Open(new SqliteStoreOptions(Path.Combine(installation.Folder, "porpoise.db"), TimeProvider.System, new CommitThread(), () => RandomText.Hex(16)));
        _masterKey = ReadMasterKey(installation);
        _root = installation.Key;
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Stops the server, lets <paramref name="writeAsync"/> write, and starts the next.</summary>
    public static async Task<T> WriteAsync<T>(Installation installation, Func<AccountBook, Task<T>> writeAsync, params string[] options)
    {
        await installation.Server.StopAsync();
        T result;
        await using (var book = new AccountBook(installation))
        {
            result = await writeAsync(book);
        }

        await installation.StartAsync(options);
        return result;
    }

    public static MasterKey ReadMasterKey(Installation installation) => MasterKeyFile.Read(File.ReadAllText(Path.Combine(installation.Folder, "master.key")));

    public Task<IdentityRow> AddUserAsync(string name, string? password = null) =>
        AddAsync(new IdentityRow(IdentityKind.User, RandomText.Digits(18), name, "", Now) { PasswordHash = password is null ? null : PasswordHash.Of(password) });

    /// <summary>A role that the user may assume, as far as the role is asked.</summary>
    public Task<IdentityRow> AddRoleAsync(string name, IdentityRow user) => AddAsync(new IdentityRow(IdentityKind.Role, RandomText.Digits(18), name, "", Now)
    {
        SessionSecondsMax = 3_600,
        TrustPolicy = $$$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["{{{Arns.User(_root.AccountId, user.Name)}}}"]}}]}""",
    });

    public async Task<AcsCredentials> AddKeyAsync(IdentityRow user)
    {
        var (id, secret) = ("LTAI" + RandomText.Letters(20), RandomText.Letters(30));
        Done(await _store.CreateAccessKeyAsync(new AccessKeyRow(id, user.Id, _masterKey.Encrypt(secret, id), IsActive: true, Now), nonce: null));
        return new AcsCredentials(id, secret);
    }

    public async Task<string> AddTokenAsync(IdentityRow user)
    {
        var token = RandomText.Hex(32);
        Done(await _store.CreateApiTokenAsync(new ApiTokenRow(RandomText.Hex(16), RootAccount.HashToken(token), user.Id, "test", ExpiresAt: null, Now), nonce: null));
        return token;
    }

    /// <summary>Attaches a system policy.</summary>
    public async Task AttachAsync(IdentityRow identity, string policy) =>
        Done(await _store.SetAttachmentAsync(identity.Id, policy, isSystem: true, isAttached: true, Now, nonce: null));

    /// <summary>Attaches a policy that allows these actions on everything.</summary>
    public async Task AllowAsync(IdentityRow identity, params string[] actions)
    {
        var policy = string.Create(CultureInfo.InvariantCulture, $"of-{identity.Name}-{Guid.NewGuid():N}");
        var document = $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":[{{string.Join(',', actions.Select(a => $"\"{a}\""))}}],"Resource":"*"}]}""";
        Done(await _store.CreatePolicyAsync(new PolicyRow(policy, "", 1, Now), document, nonce: null));
        Done(await _store.SetAttachmentAsync(identity.Id, policy, isSystem: false, isAttached: true, Now, nonce: null));
    }

    /// <summary>Makes it a member of the first workspace.</summary>
    public async Task JoinAsync(IdentityRow identity, WorkspaceRole role) =>
        Done(await _store.SetMemberAsync(new MemberRow(new WorkspaceId(_root.WorkspaceId), identity.Id, role, Now), nonce: null));

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _masterKey.Dispose();
    }

    private async Task<IdentityRow> AddAsync(IdentityRow identity)
    {
        Done(await _store.CreateIdentityAsync(identity, nonce: null));
        return identity;
    }

    private static void Done(ChangeAccessResult result) => Assert.Equal(ChangeAccessResult.Changed, result);
}
