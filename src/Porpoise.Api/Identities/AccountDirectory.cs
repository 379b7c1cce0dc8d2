using Porpoise.Access.Identities;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Api.Security;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Identities;

/// <summary>
/// The account's users, groups and roles by name, and changes to them. Names are unique without case, but whoever uses one writes it as it is: policies
/// compare the names in a call's resource with case, and a second spelling would go around a Deny.
/// </summary>
public sealed class AccountDirectory(IIdentityStore identities, IAccessStore access, KeyRing keys, AccessGate gate)
{
    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;

    /// <summary>The owner of the account.</summary>
    public async Task<RootAccountRow> ReadOwnerAsync() =>
        await identities.FindRootAsync() ?? throw new InvalidOperationException("A server without an owner serves nobody.");

    /// <summary>Refuses a user's name that is the owner's.</summary>
    public async Task CheckNotOwnersAsync(string name)
    {
        if (string.Equals((await ReadOwnerAsync()).UserName, name, StringComparison.OrdinalIgnoreCase))
        {
            throw new RefusalException(ErrorCodes.IdentityNameTaken, $"'{name}' is the name of the account's owner.");
        }
    }

    /// <summary>The user, group or role that the call names with <c>userName</c>, <c>groupName</c> or <c>roleName</c>.</summary>
    /// <exception cref="RefusalException">There is none.</exception>
    public Task<IdentityRow> FindAsync(Call call, IdentityKind kind) => FindAsync(kind, call.Parameters.RequiredText(IdentityNames.ParameterOf(kind)));

    /// <exception cref="RefusalException">There is none.</exception>
    public async Task<IdentityRow> FindAsync(IdentityKind kind, string name)
    {
        if (await access.FindIdentityAsync(kind, name) is { } found)
        {
            return found.Name == name
                ? found
                : throw new RefusalException(ErrorCodes.IdentityNotFound, $"There is no {IdentityNames.WordOf(kind)} '{name}'; there is one '{found.Name}'.");
        }

        throw new RefusalException(
            ErrorCodes.IdentityNotFound,
            kind == IdentityKind.User && (await ReadOwnerAsync()).UserName == name
                ? $"'{name}' is the account's owner, not a user: no policy limits it, and only itself may set its password. Its access keys and tokens are administered here."
                : $"There is no {IdentityNames.WordOf(kind)} '{name}'.");
    }

    /// <summary>Changes a user, a group or a role. One change after another: each replaces the whole row, and two at once would lose one.</summary>
    public Task<IdentityRow> ChangeAsync(Call call, IdentityKind kind, Func<IdentityRow, IdentityRow> change) => InTurnAsync(async () =>
    {
        var changed = change(await FindAsync(call, kind));
        Check(await access.UpdateIdentityAsync(changed, call.Nonce), $"{IdentityNames.WordOf(kind)} '{changed.Name}'");
        keys.Forget();
        return changed;
    });

    /// <summary>Does something that reads and then writes, after all others that do.</summary>
    public Task<T> InTurnAsync<T>(Func<Task<T>> work)
    {
        using var turn = _lock.EnterScope();
        var mine = AfterAsync(_last, work);
        _last = mine;
        return mine;
    }

    /// <summary>A second thing that the call is about: the policies have to allow it on that too.</summary>
    /// <exception cref="RefusalException">They do not.</exception>
    public void CheckAlso(Call call, string action, string resource) => gate.CheckAlso(call, action, resource);

    /// <summary>Refuses what the store did not do.</summary>
    /// <param name="what">What the change was about, for people.</param>
    /// <param name="limit">Said when there are too many, or when something needs it.</param>
    public static void Check(ChangeAccessResult result, string what, string limit = "")
    {
        if (result == ChangeAccessResult.Changed)
        {
            return;
        }

        throw result switch
        {
            ChangeAccessResult.NotFound => new RefusalException(ErrorCodes.IdentityNotFound, $"There is no {what}."),
            ChangeAccessResult.NameTaken => new RefusalException(ErrorCodes.IdentityNameTaken, $"There is a {what} already. (The case of letters does not tell names apart.)"),
            ChangeAccessResult.TooMany => new RefusalException(ErrorCodes.LimitReached, limit),
            ChangeAccessResult.InUse => new RefusalException(ErrorCodes.IdentityInUse, limit),
            _ => Nonces.WasUsed(),
        };
    }

    private static async Task<T> AfterAsync<T>(Task earlier, Func<Task<T>> work)
    {
        await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        return await work();
    }
}
