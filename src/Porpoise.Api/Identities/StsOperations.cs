using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Porpoise.Access.Identities;
using Porpoise.Access.Secrets;
using Porpoise.Access.Signatures;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Api.Security;
using Porpoise.Core.Policies;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Identities;

/// <summary>Temporary keys, in the form of the cloud's STS 2015-04-01: RPC-style calls to <c>/</c>.</summary>
public sealed partial class StsOperations(IAccessStore access, MasterKey masterKey, AccessGate gate, TimeProvider clock)
{
    private const int SecondsMin = 900;
    private const int SecondsDefault = 3_600;

    public IEnumerable<Operation> Table =>
    [
        // Its policies are asked about in the handler: the role's trust has to allow it too.
        new("POST", "/", "sts:AssumeRole", "A temporary key for a role", AssumeRoleAsync) { RpcName = "AssumeRole", IsForEveryone = true, IsAdministration = true },
        new("POST", "/", "sts:GetCallerIdentity", "Who calls", c => Task.FromResult<Answer>(Identify(c))) { RpcName = "GetCallerIdentity", IsForEveryone = true, Changes = false },
    ];

    private async Task<Answer> AssumeRoleAsync(Call call)
    {
        var (parameters, caller) = (call.Parameters, call.Principal);
        var arn = parameters.Text("RoleArn") ?? throw Missing("RoleArn");
        var session = parameters.Text("RoleSessionName") ?? throw Missing("RoleSessionName");
        if (!SessionName().IsMatch(session))
        {
            throw Invalid("RoleSessionName", "takes 2 to 64 characters of a-z, A-Z, 0-9 and . @ - _");
        }

        if (caller.IsRoot)
        {
            throw new RefusalException(new Refusal(ErrorCodes.NotAuthorised, "Roles may not be assumed by root accounts.") { Gateway = GatewayError.NoPermission with { Message = "Roles may not be assumed by root accounts." } });
        }

        var prefix = Arns.Role(caller.AccountId, "");
        if (!arn.StartsWith(prefix, StringComparison.Ordinal))
        {
            throw Invalid("RoleArn", $"is of the form {prefix}ROLE");
        }

        var role = await access.FindIdentityAsync(IdentityKind.Role, arn[prefix.Length..]);
        CheckMayAssume(call, arn, role);
        if (role is null)
        {
            throw new RefusalException(new Refusal(ErrorCodes.IdentityNotFound, "The role does not exist.") { Gateway = new GatewayError("EntityNotExist.Role", 404, "The specified Role not exists.") });
        }

        var policy = ReadSessionPolicy(parameters);
        var now = clock.GetUtcNow();
        var key = TemporaryKey.Invent(role.Id, session, policy, now + ReadDuration(parameters, role));
        var assumed = Arns.Role(caller.AccountId, $"{role.Name}/{session}");
        return new Answer.Plain(
            new AssumeRoleAnswer(
                new StsCredentials(key.AccessKeyId, key.Secret, key.ToToken(masterKey), key.ExpiresAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
                new AssumedRoleUser(assumed, $"{role.Id}:{session}")),
            StsJson.Default.AssumeRoleAnswer);
    }

    private static Answer.Plain Identify(Call call)
    {
        var caller = call.Principal;
        var type = caller.Kind switch { CallerKind.Owner => "Account", CallerKind.User => "RAMUser", _ => "AssumedRoleUser" };
        return new Answer.Plain(
            new CallerIdentity(
                type, caller.AccountId, caller.Kind == CallerKind.AssumedRole ? caller.UserName : caller.Id, caller.Arn,
                caller.Kind == CallerKind.AssumedRole ? null : caller.Id, caller.Kind == CallerKind.AssumedRole ? caller.Id : null),
            StsJson.Default.CallerIdentity);
    }

    /// <summary>Its own policies have to allow it, and the role has to trust it. Of a role that does not exist nothing is said to who may not assume it.</summary>
    private void CheckMayAssume(Call call, string arn, IdentityRow? role)
    {
        var caller = call.Principal;
        var pairs = gate.FactsOf(call.Http, caller).All.Where(f => f.Value is not null).Select(f => KeyValuePair.Create(f.Key.Text, f.Value!)).ToList();
        if (call.Parameters.Text("ExternalId") is { } externalId)
        {
            pairs.Add(KeyValuePair.Create("sts:ExternalId", ExternalId().IsMatch(externalId) ? externalId : throw Invalid("ExternalId", "takes 2 to 1224 characters of letters, digits and + = , . @ : / - _")));
        }

        var request = new AccessRequest("sts:AssumeRole", arn, new RequestFacts(pairs));
        gate.Check(request, caller);
        if (role is null)
        {
            return;
        }

        var trust = new AttachedPolicy("trust policy", IsSystem: false, "", $"role/{role.Name}", PolicyReader.ReadStored(role.TrustPolicy!, PolicyKind.Trust, out _));
        TrustedPrincipal[] names =
        [
            new(PrincipalKind.Ram, Arns.Account(caller.AccountId)),
            new(PrincipalKind.Ram, caller.Kind == CallerKind.AssumedRole ? Arns.Role(caller.AccountId, caller.UserName.Split(':')[0]) : caller.Arn),
        ];
        if (!PolicyDecision.DecideTrust(request, trust.Document, names).IsAllowed)
        {
            throw gate.Deny(AccessExplanation.OfTrust(request, trust, names), caller);
        }
    }

    private static TimeSpan ReadDuration(Parameters parameters, IdentityRow role)
    {
        var max = role.SessionSecondsMax ?? SecondsDefault;
        if (parameters.Text("DurationSeconds") is not { } text)
        {
            return TimeSpan.FromSeconds(SecondsDefault);
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds >= SecondsMin && seconds <= max
            ? TimeSpan.FromSeconds(seconds)
            : throw Invalid("DurationSeconds", string.Create(CultureInfo.InvariantCulture, $"takes {SecondsMin} to {max} for this role"));
    }

    private static string? ReadSessionPolicy(Parameters parameters)
    {
        if (parameters.Text("Policy") is not { } text)
        {
            return null;
        }

        if (text.Length > PolicyReader.SessionLengthMax)
        {
            throw Invalid("PolicySize", string.Create(CultureInfo.InvariantCulture, $"is {text.Length} characters; a session policy has at most {PolicyReader.SessionLengthMax}"));
        }

        return PolicyReader.Read(text, PolicyKind.Session, out var faults) is not null
            ? text
            : throw Invalid("PolicyGrammar", "has faults: " + string.Join(" ", faults.Take(5).Select(f => $"{f.Place}: {f.Message}")));
    }

    private static RefusalException Missing(string name) =>
        new(new Refusal(ErrorCodes.BadParameter, $"The parameter {name} is missing.") { Gateway = GatewayError.Missing(name) });

    private static RefusalException Invalid(string name, string takes) =>
        new(new Refusal(ErrorCodes.BadParameter, $"{name} {takes}.") { Gateway = new GatewayError("InvalidParameter." + name, 400, $"{name} {takes}.") });

    [GeneratedRegex(@"\A[a-zA-Z0-9.@_-]{2,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SessionName();

    [GeneratedRegex(@"\A[\w+=,.@:/-]{2,1224}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ExternalId();
}

internal sealed record AssumeRoleAnswer(StsCredentials Credentials, AssumedRoleUser AssumedRoleUser);

internal sealed record StsCredentials(string AccessKeyId, string AccessKeySecret, string SecurityToken, string Expiration)
{
    /// <summary>Names the key only, so that logging it by accident gives nothing away.</summary>
    public override string ToString() => AccessKeyId;
}

internal sealed record AssumedRoleUser(string Arn, string AssumedRoleId);

/// <summary>The cloud's answer to GetCallerIdentity.</summary>
internal sealed record CallerIdentity(string IdentityType, string AccountId, string PrincipalId, string Arn, string? UserId, string? RoleId);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AssumeRoleAnswer))]
[JsonSerializable(typeof(CallerIdentity))]
internal sealed partial class StsJson : JsonSerializerContext;
