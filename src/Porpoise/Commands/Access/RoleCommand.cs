using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Porpoise.Client.Identities;
using Porpoise.Commands.Calls;
using Porpoise.Commands.Connections;

namespace Porpoise.Commands.Access;

/// <summary><c>porpoise role …</c>: roles, which are assumed for a while.</summary>
internal static class RoleCommand
{
    private const int SessionSecondsMax = 43_200;

    private static readonly Option<string?> Trust = new("--trust-policy") { Description = "A file with the policy that says who may assume it; - for standard input" };
    private static readonly Option<int?> Session = new("--max-session-seconds") { Description = $"How long a session of it may last: 3600 (the default) to {SessionSecondsMax}" };

    public static Command Create() => ClientCommand.Group("role", "Roles: what somebody may be for a while, with a temporary key", List(), Show(), New(), Update(), Delete(), Assume());

    private static Command List() => ClientCommand.Of("list", "Roles by their names", [ListOptions.Search, .. ListOptions.Paging], async (call, ct) =>
        call.Output.Show(
            await call.Client.Roles.ListAsync(call.Get(ListOptions.Search), call.Page, ct), IdentityJson.Default.RolePage,
            new("NAME", r => r.RoleName), new("ARN", r => r.Arn), new("SESSION", r => $"{r.MaxSessionSeconds} s"), new("CREATED", r => r.CreatedAt), new("DESCRIPTION", r => r.Description)));

    private static Command Show()
    {
        var name = IdentityOptions.Name("Of the role");
        return ClientCommand.Of("show", "A role, with whom it trusts, its policies and workspaces", [name], async (call, ct) =>
            call.Output.Show(await call.Client.Roles.GetAsync(call.Get(name), ct), IdentityJson.Default.RoleDetail, r => call.Output.Fields(
                ("name", r.Role.RoleName), ("id", r.Role.RoleId), ("arn", r.Role.Arn), ("description", r.Role.Description), ("session", $"at most {r.Role.MaxSessionSeconds} s"),
                ("trusts", r.Role.TrustPolicy), ("policies", r.Policies.Select(p => p.PolicyName)), ("workspaces", r.Workspaces.Select(w => $"{w.WorkspaceName} ({w.WorkspaceId}) as {w.Role}")))));
    }

    private static Command New()
    {
        var name = IdentityOptions.Name("1 to 64 characters of a-z, A-Z, 0-9 and . @ - _");
        return ClientCommand.Of("create", "Create a role", [name, Trust, Session, IdentityOptions.Description], async (call, ct) =>
        {
            var trust = call.Get(Trust) ?? throw new UsageException("--trust-policy names the file that says who may assume the role.");
            var role = await call.Client.Roles.CreateAsync(call.Get(name), await IdentityOptions.ReadTextAsync(trust, ct), call.Get(Session), call.Get(IdentityOptions.Description), ct);
            call.Output.Show(role, IdentityJson.Default.Role, Fields(call));
        });
    }

    private static Command Update()
    {
        var name = IdentityOptions.Name("Of the role");
        return ClientCommand.Of("update", "Describe a role, or change whom it trusts and for how long", [name, Trust, Session, IdentityOptions.Description], async (call, ct) =>
        {
            var trust = call.Get(Trust) is { } path ? await IdentityOptions.ReadTextAsync(path, ct) : null;
            call.Output.Show(await call.Client.Roles.UpdateAsync(call.Get(name), trust, call.Get(Session), call.Get(IdentityOptions.Description), ct), IdentityJson.Default.Role, Fields(call));
        });
    }

    private static Command Delete()
    {
        var name = IdentityOptions.Name("Of the role");
        return ClientCommand.Of("delete", "Delete a role; its temporary keys end", [name], async (call, ct) =>
        {
            await call.Client.Roles.DeleteAsync(call.Get(name), ct);
            call.Output.Done($"The role '{call.Get(name)}' is deleted.");
        });
    }

    private static Command Assume()
    {
        var role = new Argument<string>("role") { Description = "Its name or its ARN" };
        var session = new Option<string>("--session") { Description = "What the audit log calls whoever has the key: 2 to 64 characters of a-z, A-Z, 0-9 and . @ - _", DefaultValueFactory = _ => "porpoise" };
        var duration = new Option<TimeSpan?>("--duration") { Description = "How long the key lasts, such as 15m or 8h, at most what the role allows; else an hour", CustomParser = TimeText.Read };
        var policy = new Option<string?>("--policy") { Description = "A file with a policy that the key is bound by, beside the role's own; - for standard input" };
        var externalId = new Option<string?>("--external-id") { Description = "What the role's trust policy asks for, if it does" };
        var saveAs = new Option<string?>("--save-as") { Description = "Keep the key as a profile of this name, for --profile, and print no secrets" };
        return ClientCommand.Of("assume", "Get a temporary key for a role", [role, session, duration, policy, externalId, saveAs], async (call, ct) =>
        {
            var name = call.Get(role);
            var request = new AssumeRequest(call.Get(session))
            {
                Duration = call.Get(duration),
                Policy = call.Get(policy) is { } path ? await IdentityOptions.ReadTextAsync(path, ct) : null,
                ExternalId = call.Get(externalId),
            };
            var key = await call.Client.Roles.AssumeAsync(name, request, ct);
            if (call.Get(saveAs) is { } profile)
            {
                ProfileFile.Write(ProfileFile.Read().With(new Profile(profile, Profile.ModeSts, call.Connection.Endpoint.ToString(), call.Connection.Workspace, key.AccessKeyId, key.AccessKeySecret, key.SecurityToken)));
                call.Output.Done(string.Create(CultureInfo.InvariantCulture, $"The profile '{profile}' is the role '{name}' until {key.Expiration.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC."));
                return;
            }

            call.Output.Show(key, AssumeJson.Default.TemporaryKey, k => call.Output.Fields(
                ("access key id", k.AccessKeyId), ("access key secret", k.AccessKeySecret), ("security token", k.SecurityToken), ("expires", k.Expiration)));
        });
    }

    private static Action<Role> Fields(CommandCall call) => r => call.Output.Fields(
        ("name", r.RoleName), ("id", r.RoleId), ("arn", r.Arn), ("description", r.Description), ("session", $"at most {r.MaxSessionSeconds} s"));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TemporaryKey))]
internal sealed partial class AssumeJson : JsonSerializerContext;
