using System.CommandLine;
using Porpoise.Client.Identities;
using Porpoise.Commands.Calls;

namespace Porpoise.Commands.Access;

/// <summary><c>porpoise policy …</c>: policies, whom they are attached to, and what they say about a call.</summary>
internal static class PolicyCommand
{
    private static readonly Option<string?> Document = new("--document", "-f") { Description = "A file with the policy; - for standard input" };

    public static Command Create() => ClientCommand.Group(
        "policy", "Policies: what somebody may do", List(), Show(), New(), Delete(), Versions(), AddVersion(), DeleteVersion(), SetDefault(), Attached(), Attach(), Detach(), Check(), ExplainDenial());

    private static Command List()
    {
        var type = new Option<string?>("--type") { Description = "System (those of the product) or Custom" };
        type.AcceptOnlyFromAmong("System", "Custom");
        return ClientCommand.Of("list", "Policies by their names, those of the product first", [ListOptions.Search, type, .. ListOptions.Paging], async (call, ct) =>
            call.Output.Show(
                await call.Client.Policies.ListAsync(call.Get(ListOptions.Search), call.Get(type), call.Page, ct), IdentityJson.Default.PolicyPage,
                new("NAME", p => p.PolicyName), new("TYPE", p => p.PolicyType), new("IN FORCE", p => p.DefaultVersion), new("DESCRIPTION", p => p.Description)));
    }

    private static Command Show()
    {
        var name = IdentityOptions.Name("Of the policy");
        var version = new Option<string?>("--version") { Description = "A version such as v2; else the one in force" };
        return ClientCommand.Of("show", "A policy's text", [name, version], async (call, ct) =>
        {
            if (call.Get(version) is { } wanted)
            {
                call.Output.Show(await call.Client.Policies.GetVersionAsync(call.Get(name), NumberOf(wanted), ct), IdentityJson.Default.PolicyVersion, v => call.Output.Text(v.Document));
                return;
            }

            call.Output.Show(await call.Client.Policies.GetAsync(call.Get(name), ct), IdentityJson.Default.PolicyDetail, p => call.Output.Text(p.Document));
        });
    }

    private static Command New()
    {
        var name = IdentityOptions.Name("1 to 128 characters of a-z, A-Z, 0-9 and -");
        return ClientCommand.Of("create", "Create a policy", [name, Document, IdentityOptions.Description], async (call, ct) =>
            call.Output.Show(await call.Client.Policies.CreateAsync(call.Get(name), await ReadDocumentAsync(call, ct), call.Get(IdentityOptions.Description), ct), IdentityJson.Default.Policy, p => call.Output.Fields(
                ("name", p.PolicyName), ("in force", p.DefaultVersion), ("description", p.Description))));
    }

    private static Command Delete()
    {
        var name = IdentityOptions.Name("Of the policy");
        return ClientCommand.Of("delete", "Delete a policy that is attached to nobody", [name], async (call, ct) =>
        {
            await call.Client.Policies.DeleteAsync(call.Get(name), ct);
            call.Output.Done($"The policy '{call.Get(name)}' is deleted.");
        });
    }

    private static Command Versions()
    {
        var name = IdentityOptions.Name("Of the policy");
        return ClientCommand.Of("versions", "The versions of a policy, newest first", [name, .. ListOptions.Paging], async (call, ct) =>
            call.Output.Show(
                await call.Client.Policies.ListVersionsAsync(call.Get(name), call.Page, ct), IdentityJson.Default.PolicyVersionPage,
                new("VERSION", v => $"v{v.Version}"), new("IN FORCE", v => v.IsDefault), new("CREATED", v => v.CreatedAt)));
    }

    private static Command AddVersion()
    {
        var name = IdentityOptions.Name("Of the policy");
        var setDefault = new Option<bool>("--set-default") { Description = "Put it in force" };
        return ClientCommand.Of("add-version", "Add a version to a policy, which has at most five", [name, Document, setDefault], async (call, ct) =>
            call.Output.Show(await call.Client.Policies.AddVersionAsync(call.Get(name), await ReadDocumentAsync(call, ct), call.Get(setDefault), ct), IdentityJson.Default.PolicyVersion, v => call.Output.Fields(
                ("version", $"v{v.Version}"), ("in force", v.IsDefault))));
    }

    private static Command DeleteVersion()
    {
        var (name, version) = (IdentityOptions.Name("Of the policy"), new Argument<string>("version") { Description = "Such as v1" });
        return ClientCommand.Of("delete-version", "Delete a version that is not in force", [name, version], async (call, ct) =>
        {
            await call.Client.Policies.DeleteVersionAsync(call.Get(name), NumberOf(call.Get(version)), ct);
            call.Output.Done($"Version {call.Get(version)} is deleted.");
        });
    }

    private static Command SetDefault()
    {
        var (name, version) = (IdentityOptions.Name("Of the policy"), new Argument<string>("version") { Description = "Such as v1" });
        return ClientCommand.Of("set-default", "Put another version in force", [name, version], async (call, ct) =>
        {
            await call.Client.Policies.SetDefaultVersionAsync(call.Get(name), NumberOf(call.Get(version)), ct);
            call.Output.Done($"Version {call.Get(version)} of '{call.Get(name)}' is in force.");
        });
    }

    private static Command Attached()
    {
        var name = IdentityOptions.Name("Of the policy");
        return ClientCommand.Of("attached", "Whom a policy is attached to", [name, .. ListOptions.Paging], async (call, ct) =>
            call.Output.Show(
                await call.Client.Policies.ListAttachedAsync(call.Get(name), call.Page, ct), IdentityJson.Default.PolicyHolderPage,
                new("KIND", h => h.Kind), new("NAME", h => h.Name), new("ARN", h => h.Arn)));
    }

    private static Command Attach()
    {
        var name = IdentityOptions.Name("Of the policy");
        return ClientCommand.Of("attach", "Attach a policy to a user, a group or a role", [name, .. Holders], async (call, ct) =>
        {
            var who = IdentityOptions.Who(call, Holders);
            await call.Client.Policies.AttachAsync(call.Get(name), who, ct);
            call.Output.Done($"'{call.Get(name)}' is attached to the {who.Kind} '{who.Name}'.");
        });
    }

    private static Command Detach()
    {
        var name = IdentityOptions.Name("Of the policy");
        return ClientCommand.Of("detach", "Detach a policy from a user, a group or a role", [name, .. Holders], async (call, ct) =>
        {
            var who = IdentityOptions.Who(call, Holders);
            await call.Client.Policies.DetachAsync(call.Get(name), who, ct);
            call.Output.Done($"'{call.Get(name)}' is not attached to the {who.Kind} '{who.Name}' any more.");
        });
    }

    private static Command Check()
    {
        var action = new Option<string>("--action", "-a") { Description = "Such as StartProcessInstance, or ram:CreateUser; porpoise reference operations lists them", Required = true };
        var resource = new Option<string?>("--resource") { Description = "What it is done to; else *" };
        var address = new Option<string?>("--source-ip") { Description = "Where the call comes from; else 127.0.0.1" };
        var secure = new Option<bool?>("--secure-transport") { Description = "Whether it comes by TLS; else not" };
        return ClientCommand.Of("check", "Whether a user or a role may do something (exit code 0), or not (4), and why", [IdentityOptions.User, IdentityOptions.Role, action, resource, address, secure], async (call, ct) =>
        {
            // Only a workspace that was asked about counts, and not one that a profile names for other calls.
            var question = new AccessQuestion(call.Get(action), call.Get(resource), call.Get(Connections.ConnectionOptions.Workspace), call.Get(address), call.Get(secure));
            var check = await call.Client.Policies.CheckAsync(IdentityOptions.Who(call, IdentityOptions.User, IdentityOptions.Role), question, ct);
            call.Output.Show(check, IdentityJson.Default.AccessCheck, c =>
            {
                call.Output.Text($"{(c.Allowed ? "Allowed" : "Denied")}: {c.Action} on {c.Resource}");
                foreach (var sentence in c.Explanation)
                {
                    call.Output.Text("  " + sentence);
                }
            });
            return check.Allowed ? ExitCode.Done : ExitCode.Denied;
        });
    }

    private static Command ExplainDenial()
    {
        var message = new Argument<string>("message") { Description = "The EncodedDiagnosticMessage of a denial; - for standard input" };
        return ClientCommand.Of("explain-denial", "The reasons of a denial, from the message that the denied caller got", [message], async (call, ct) =>
        {
            var text = call.Get(message) == "-" ? await Console.In.ReadToEndAsync(ct) : call.Get(message);
            call.Output.Json(await call.Client.Policies.DecodeDenialAsync(text.Trim(), ct));
        });
    }

    private static Option<string?>[] Holders => [IdentityOptions.User, IdentityOptions.Group, IdentityOptions.Role];

    private static async Task<string> ReadDocumentAsync(CommandCall call, CancellationToken ct) =>
        await IdentityOptions.ReadTextAsync(call.Get(Document) ?? throw new UsageException("--document names the file with the policy."), ct);

    private static int NumberOf(string version) =>
        int.TryParse(version.AsSpan().TrimStart("vV"), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new UsageException($"'{version}' is no version; one looks like v2.");
}
