namespace Porpoise.Access.Identities;

/// <summary>Who calls.</summary>
/// <param name="AccountId">The account it belongs to.</param>
/// <param name="UserName">Its name, for people.</param>
public sealed record Principal(string AccountId, string UserName)
{
    /// <summary>The account's owner, whom no policy limits.</summary>
    public required bool IsRoot { get; init; }
}
