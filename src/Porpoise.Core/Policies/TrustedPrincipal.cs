namespace Porpoise.Core.Policies;

/// <summary>Who can be trusted to assume a role. The names are those of the language, but for <see cref="Ram"/>, which it writes <c>RAM</c>.</summary>
public enum PrincipalKind
{
    /// <summary>An account (<c>acs:ram::ACCOUNT:root</c>), a user or a role.</summary>
    Ram,

    /// <summary>A service, by its domain.</summary>
    Service,

    /// <summary>An identity provider.</summary>
    Federated,
}

/// <summary>A name in a trust policy, and one of the names that a caller goes by: a user is itself, and its account's <c>:root</c>. Compared with case.</summary>
public readonly record struct TrustedPrincipal(PrincipalKind Kind, string Name);
