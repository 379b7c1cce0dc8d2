namespace Porpoise.Api.Operations;

/// <summary>One route: everything that routing, authorisation and documentation need to know about it.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Below the server's root, with <c>{name}</c> places.</param>
/// <param name="Action">What a policy must allow; a route without one does not exist.</param>
/// <param name="Summary">For the reference.</param>
/// <param name="Handle">Does it.</param>
public sealed record Operation(string Method, string Path, string Action, string Summary, Func<Call, Task<Answer>> Handle)
{
    /// <summary>True when the path names a workspace that must exist.</summary>
    public bool InWorkspace => Path.Contains("{projectCode}", StringComparison.Ordinal);

    /// <summary>True when the answer may take long because the caller asked to wait.</summary>
    public bool MayWait { get; init; }

    /// <summary>What the policies are asked about, with <c>{name}</c> for parameters and <c>{account}</c>; <c>*</c> where access is granted per operation.</summary>
    public string Resource { get; init; } = "*";

    /// <summary>Set for operations at <c>/</c>, which are told apart by the name of their action (header <c>x-acs-action</c> or parameter <c>Action</c>).</summary>
    public string? RpcName { get; init; }

    /// <summary>True when it takes no credentials.</summary>
    public bool IsOpen { get; init; }

    /// <summary>True when whoever is known may do it, whatever the policies say: it tells the caller about itself.</summary>
    public bool IsForEveryone { get; init; }

    /// <summary>True when it changes something, so that the audit log has each call of it.</summary>
    public bool Changes { get; init; } = Method != "GET";

    /// <summary>True when its audit row is durable before the answer: it changes who may do what.</summary>
    public bool IsAdministration { get; init; }

    /// <summary>True when the body may be a multipart form that uploads a file.</summary>
    public bool TakesFile { get; init; }
}
