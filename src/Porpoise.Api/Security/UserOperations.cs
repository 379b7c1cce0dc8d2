using System.Globalization;
using System.Text.Json.Serialization;
using Porpoise.Access.Identities;
using Porpoise.Api.Errors;
using Porpoise.Api.Identities;
using Porpoise.Api.Operations;
using Porpoise.Api.Runs;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Security;

/// <summary>Users as DolphinScheduler's clients see them: who calls, and as the owner of everything that of the installation.</summary>
public sealed class UserOperations(IIdentityStore store, IAccessStore access)
{
    public IEnumerable<Operation> Table =>
    [
        new("GET", "/dolphinscheduler/users/get-user-info", "emr-serverless-spark:GetUserInfo", "Who calls", async c => Answer.Of(await ReadCallerAsync(c.Principal), UserJson.Default.DolphinUser)),
        new("GET", "/dolphinscheduler/users/list", "emr-serverless-spark:ListUsers", "All users: the only one", ListAsync),
        new("GET", "/dolphinscheduler/users/list-all", "emr-serverless-spark:ListUsers", "All users: the only one", ListAsync),
        new("GET", "/dolphinscheduler/users/list-paging", "emr-serverless-spark:ListUsers", "A page of users: the only one", PageAsync),
        new("GET", "/dolphinscheduler/projects/authed-user", "emr-serverless-spark:ListUsers", "Who may see a workspace", ListOfWorkspaceAsync),
    ];

    private async Task<Answer> ListAsync(Call call) => Answer.Of<IReadOnlyList<DolphinUser>>([await ReadRootAsync()], UserJson.Default.IReadOnlyListDolphinUser);

    private async Task<Answer> PageAsync(Call call)
    {
        var root = await ReadRootAsync();
        var search = call.Parameters.Search("searchVal") ?? "";
        DolphinUser[] found = root.UserName.Contains(search, StringComparison.OrdinalIgnoreCase) ? [root] : [];
        return Answer.Of(DolphinPage.Cut(PageWish.Read(call.Parameters), found), UserJson.Default.DolphinPageDolphinUser);
    }

    private Task<Answer> ListOfWorkspaceAsync(Call call)
    {
        call.Parameters.RequiredText("projectCode");
        call.WorkspacesByProjectCode();
        return ListAsync(call);
    }

    /// <summary>With a temporary key: the role.</summary>
    private async Task<DolphinUser> ReadCallerAsync(Principal caller)
    {
        if (caller.IsRoot)
        {
            return await ReadRootAsync();
        }

        var (kind, name) = caller.Kind == CallerKind.AssumedRole ? (IdentityKind.Role, caller.UserName.Split(':')[0]) : (IdentityKind.User, caller.UserName);
        var row = await access.FindIdentityAsync(kind, name) ?? throw new RefusalException(ErrorCodes.IdentityNotFound, $"The {IdentityNames.WordOf(kind)} '{name}' is gone.");
        return new DolphinUser(row.Number, caller.UserName, DolphinUser.General, caller.AccountId, DolphinTime.Write(row.CreatedAt));
    }

    private async Task<DolphinUser> ReadRootAsync()
    {
        var root = await store.FindRootAsync() ?? throw new InvalidOperationException("A server without an owner serves nobody.");
        return new DolphinUser(DolphinUser.RootId, root.UserName, DolphinUser.Administrator, root.AccountId, DolphinTime.Write(root.CreatedAt));
    }
}

/// <summary>A user as DolphinScheduler answers it, with the account's id in the cloud.</summary>
internal sealed record DolphinUser(int Id, string UserName, string UserType, string AccountId, string CreateTime)
{
    public const int RootId = 1;

    public const string Administrator = "ADMIN_USER";

    public const string General = "GENERAL_USER";

    public string UserPassword => "";

    public string Email => "";

    public string Phone => "";

    /// <summary>1: enabled.</summary>
    public int State => 1;

    public int TenantId => Queues.DolphinTenant.OnlyId;

    public string TenantCode => Queues.DolphinTenant.OnlyCode;

    public string Queue => "";

    public string QueueName => Core.Queues.StandardQueues.Production;

    public string? AlertGroup => null;

    /// <summary>All times of the API are in it.</summary>
    public string TimeZone => "UTC";

    public string UpdateTime => CreateTime;

    /// <summary>Of the account's owner, whom everything belongs to for DolphinScheduler's clients.</summary>
    public static async Task<string> NameOfRootAsync(IIdentityStore store) =>
        (await store.FindRootAsync() ?? throw new InvalidOperationException("A server without an owner serves nobody.")).UserName;

    /// <summary>False: the parameter userId asks for what belongs to another one, who owns nothing. DolphinScheduler's clients say 0 for all users.</summary>
    public static bool OwnsEverything(Parameters parameters) => parameters.Int("userId") is null or 0 or RootId;

    /// <summary>Refuses a parameter userId that names nobody.</summary>
    public static void CheckId(Parameters parameters)
    {
        if (parameters.Int("userId") is { } id && id != RootId)
        {
            throw new RefusalException(ErrorCodes.BadParameter, string.Create(CultureInfo.InvariantCulture, $"There is no user {id}; the only one is {RootId}."));
        }
    }
}

/// <summary>What the operations on users write as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DolphinUser))]
[JsonSerializable(typeof(IReadOnlyList<DolphinUser>))]
[JsonSerializable(typeof(DolphinPage<DolphinUser>))]
internal sealed partial class UserJson : JsonSerializerContext;
