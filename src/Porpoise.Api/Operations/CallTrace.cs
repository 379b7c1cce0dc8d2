using Porpoise.Access.Identities;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Operations;

/// <summary>What is known about a call so far; the audit log says it, however far the call came.</summary>
internal sealed class CallTrace(string requestId, bool isCloud, string address)
{
    public string RequestId { get; } = requestId;

    /// <summary>True when the cloud dialect is spoken.</summary>
    public bool IsCloud { get; } = isCloud;

    public string Address { get; } = address;

    public Principal Principal { get; set; } = Principal.Nobody;

    /// <summary>Id of the key or the token, as claimed or as proved.</summary>
    public string Credential { get; set; } = "";

    public WorkspaceRow? Workspace { get; set; }

    /// <summary>What the call is about, where its path does not say it; never a secret.</summary>
    public string Subject { get; set; } = "";
}
