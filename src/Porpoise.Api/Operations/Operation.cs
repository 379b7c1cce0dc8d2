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
}
