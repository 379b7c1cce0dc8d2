using Porpoise.Api.Operations;

namespace Porpoise.Api.Identities;

/// <summary>Which passwords are taken.</summary>
internal static class PasswordRules
{
    public const int LengthMin = 8;
    public const int LengthMax = 128;

    private const int ClassesMin = 3;

    /// <summary>Never says the password, which would end up in logs.</summary>
    public static string Read(Parameters parameters)
    {
        var password = parameters.RequiredText("password");
        return password.Length is >= LengthMin and <= LengthMax && ClassesOf(password) >= ClassesMin
            ? password
            : throw Parameters.Invalid("password", $"{LengthMin} to {LengthMax} characters of at least three of these: small letters, capital letters, digits, others");
    }

    private static int ClassesOf(string password) =>
        Count(password.Any(char.IsLower)) + Count(password.Any(char.IsUpper)) + Count(password.Any(char.IsAsciiDigit))
        + Count(password.Any(c => !char.IsLower(c) && !char.IsUpper(c) && !char.IsAsciiDigit(c)));

    private static int Count(bool has) => has ? 1 : 0;
}
