using System.Net;
using Porpoise.Access.Identities;
using Porpoise.Access.Secrets;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Api.Security;
using Porpoise.Core.Policies;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Identities;

/// <summary>Why somebody may or may not do something: asked beforehand, or read out of the message that a denied caller got.</summary>
public sealed class AccessCheckOperations(AccountDirectory account, KeyRing keys, MasterKey masterKey, WorkspaceDirectory workspaces, TimeProvider clock)
{
    private const int MessageLengthMax = 64 * 1024;

    public IEnumerable<Operation> Table =>
    [
        new("GET", "/porpoise/v1/access/check", "porpoise:CheckAccess", "Whether a user or a role may do something, and why", CheckAsync),
        new("POST", "/porpoise/v1/access/diagnostics", "ram:DecodeDiagnosticMessage", "The reasons in the message of a denial", c => Task.FromResult<Answer>(Decode(c))) { Changes = false },
    ];

    private async Task<Answer> CheckAsync(Call call)
    {
        var parameters = call.Parameters;
        var caller = await FindAsync(call);
        var action = parameters.RequiredText("action");
        if (!action.Contains(':', StringComparison.Ordinal))
        {
            action = "emr-serverless-spark:" + action;
        }

        if (!AccessRequest.IsAction(action))
        {
            throw Parameters.Invalid("action", "an action such as emr-serverless-spark:StartProcessInstance, without wildcards");
        }

        var resource = parameters.Search("resource") ?? "*";
        var address = parameters.Text("sourceIp") is not { } ip ? "127.0.0.1" : IPAddress.TryParse(ip, out _) ? ip : throw Parameters.Invalid("sourceIp", "an address");
        var request = new AccessRequest(action, resource, AccessGate.FactsOf(clock.GetUtcNow(), parameters.Bool("secureTransport") ?? false, address, caller));
        var decision = caller.Decide(request);
        var sentences = caller.IsRoot
            ? [$"{caller.UserName} is the account's owner, whom no policy and no role limits."]
            : AccessExplanation.Of(request, caller.Policies, caller.SessionPolicy).Sentences.ToList();
        bool? inWorkspace = null;
        if (parameters.Text("workspace") is { } name)
        {
            var workspace = workspaces.Find(name) ?? throw new RefusalException(ErrorCodes.WorkspaceNotFound, $"There is no workspace '{name}'.");
            inWorkspace = caller.MayIn(workspace.Id, action);
            if (!caller.IsRoot)
            {
                var role = caller.Memberships.TryGetValue(workspace.Id, out var own) ? $"{own} in the workspace '{workspace.Name}'" : $"no member of the workspace '{workspace.Name}'";
                sentences.Add($"{caller.UserName} is {role}; {action} takes at least {WorkspaceRights.LeastRoleFor(action)} there.");
            }
        }

        return Answer.Of(
            new AccessCheckView(decision.IsAllowed && inWorkspace is null or true, decision.Verdict.ToString(), inWorkspace, action, resource, sentences), IdentityJson.Default.AccessCheckView);
    }

    private async Task<Principal> FindAsync(Call call)
    {
        var (user, role) = (call.Parameters.Text("userName"), call.Parameters.Text("roleName"));
        if (user is null == role is null)
        {
            throw Parameters.Invalid("userName", "the name of a user; or roleName that of a role: one of the two");
        }

        var owner = await account.ReadOwnerAsync();
        var id = user == owner.UserName ? owner.AccountId : (await account.FindAsync(call, user is null ? IdentityKind.Role : IdentityKind.User)).Id;
        return await keys.FindPrincipalAsync(id) ?? throw new RefusalException(ErrorCodes.IdentityNotFound, "It is gone.");
    }

    private Answer.Data Decode(Call call)
    {
        var text = call.Parameters.Text("encodedDiagnosticMessage", MessageLengthMax) ?? throw Parameters.Missing("encodedDiagnosticMessage");
        return new Answer.Data(
            DiagnosticMessage.Decode(text.Trim(), masterKey) ?? throw Parameters.Invalid("encodedDiagnosticMessage", "an EncodedDiagnosticMessage of this installation"), IdentityJson.Default.DiagnosticMessage);
    }
}
