using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Porpoise.Access.Identities;
using Porpoise.Access.Secrets;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Core.Policies;

namespace Porpoise.Api.Security;

/// <summary>The first gate of every call: what the caller's policies say about the operation's action. The account's owner passes.</summary>
public sealed class AccessGate(MasterKey masterKey, TimeProvider clock)
{
    /// <summary>Characters of a resource's name; what is longer is no name of anything here.</summary>
    private const int ResourceLengthMax = 1_024;

    /// <exception cref="RefusalException">The policies do not allow it.</exception>
    public void Check(HttpContext http, Operation operation, Principal caller, Parameters parameters)
    {
        if (!caller.IsRoot && !operation.IsForEveryone && !operation.IsOpen)
        {
            Check(new AccessRequest(operation.Action, ResourceOf(operation.Resource, caller, parameters), FactsOf(http, caller)), caller);
        }
    }

    /// <summary>What a call does beside its operation's own action. The account's owner passes.</summary>
    /// <exception cref="RefusalException">The policies do not allow it.</exception>
    public void CheckAlso(Call call, string action, string resource)
    {
        if (!call.Principal.IsRoot)
        {
            Check(new AccessRequest(action, resource, FactsOf(call.Http, call.Principal)), call.Principal);
        }
    }

    /// <summary>
    /// What an operation of the cloud does beside its own action, as publishing while saving: there the operation's action is enough, so nobody needs to be allowed the other one. But whoever forbids that
    /// one means this way too.
    /// </summary>
    /// <exception cref="RefusalException">A policy forbids it.</exception>
    public void CheckNotForbidden(Call call, string action)
    {
        var request = new AccessRequest(action, "*", FactsOf(call.Http, call.Principal));
        if (!call.Principal.IsRoot && call.Principal.Decide(request).Verdict == Verdict.ExplicitDeny)
        {
            throw Deny(AccessExplanation.Of(request, call.Principal.Policies, call.Principal.SessionPolicy), call.Principal);
        }
    }

    /// <exception cref="RefusalException">The policies do not allow it.</exception>
    public void Check(AccessRequest request, Principal caller)
    {
        var decision = caller.Decide(request);
        if (!decision.IsAllowed)
        {
            throw Deny(AccessExplanation.Of(request, caller.Policies, caller.SessionPolicy), caller);
        }
    }

    /// <summary>The answer to a denied call; the reasons in it are for whoever administers the account.</summary>
    public RefusalException Deny(AccessExplanation why, Principal caller) => new(new Refusal(
        ErrorCodes.NotAuthorised, $"{caller.UserName} may not do {why.Request.Action}: {(why.Decision.Verdict == Verdict.ExplicitDeny ? "a policy forbids it" : "no policy allows it")}.")
    {
        Denied = new AccessDenied(
            why.Decision.Level.ToString(),
            caller.AccountId,
            caller.TypeName,
            caller.DisplayName,
            why.Decision.Verdict.ToString(),
            why.Request.Action,
            DiagnosticMessage.Of(why, caller, clock.GetUtcNow()).Encode(masterKey)),
    });

    /// <summary>What policies can ask about a call.</summary>
    public RequestFacts FactsOf(HttpContext http, Principal caller) => FactsOf(clock.GetUtcNow(), http.Request.IsHttps, AddressOf(http), caller);

    /// <summary>What policies could ask about a call that is only thought of.</summary>
    public static RequestFacts FactsOf(DateTimeOffset now, bool isSecure, string address, Principal caller) => RequestFacts.Of(
        ("acs:CurrentTime", now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
        ("acs:SecureTransport", isSecure ? "true" : "false"),
        ("acs:SourceIp", address),
        ("acs:MFAPresent", "false"),
        ("acs:PrincipalARN", caller.Arn));

    /// <summary>Of the caller, or of the last trusted proxy's.</summary>
    public static string AddressOf(HttpContext http) => http.Connection.RemoteIpAddress switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        var address => address.ToString(),
    };

    /// <summary>The template with its places filled. A place that the call leaves empty stays open: whoever may do it on everything may go on, to be told what is missing.</summary>
    private static string ResourceOf(string template, Principal caller, Parameters parameters)
    {
        if (template == "*")
        {
            return template;
        }

        var text = new StringBuilder();
        var rest = template.AsSpan();
        while (rest.IndexOf('{') is >= 0 and var open)
        {
            var close = rest.IndexOf('}');
            var name = rest[(open + 1)..close].ToString();
            text.Append(rest[..open]).Append(name == "account" ? caller.AccountId : parameters.Text(name) ?? "*");
            rest = rest[(close + 1)..];
        }

        text.Append(rest);
        return text.Length is > 0 and <= ResourceLengthMax ? text.ToString() : "*";
    }
}
