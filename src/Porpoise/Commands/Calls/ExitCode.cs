using System.Globalization;
using Porpoise.Api.Errors;
using Porpoise.Client;

namespace Porpoise.Commands.Calls;

/// <summary>What the program tells whoever started it; docs/reference/cli.md lists them.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int NotFound = 3;
    public const int Denied = 4;
    public const int Unavailable = 5;
    public const int RunFailed = 6;
    public const int NotEnded = 7;
    public const int Different = 8;

    /// <summary>128 and the number of SIGPIPE, as shells say it of a program that it ended.</summary>
    public const int ReaderGone = 141;

    private static readonly HashSet<string> NotFoundCodes =
        [.. ErrorCodes.All.Where(c => c.Name.EndsWith("NotFound", StringComparison.Ordinal) || c == ErrorCodes.LogNotReadable).Select(c => c.Number.ToString(CultureInfo.InvariantCulture))];

    /// <summary>For scripts, which look no further than this.</summary>
    public static int Of(PorpoiseException e) => e switch
    {
        { Code: PorpoiseException.Unreachable or PorpoiseException.NotPorpoise } => Unavailable,
        { HttpStatus: 429 or >= 500 } => Unavailable,
        { Code: var code } when code.StartsWith("Throttling", StringComparison.Ordinal) => Unavailable,
        { HttpStatus: 401 or 403 } => Denied,
        { Code: var code } when IsAboutCredentials(code) => Denied,
        { HttpStatus: 404 } => NotFound,
        { Code: var code } when NotFoundCodes.Contains(code) => NotFound,
        _ => Failed,
    };

    private static bool IsAboutCredentials(string code) =>
        code.StartsWith("InvalidAccessKeyId", StringComparison.Ordinal) || code.StartsWith("InvalidSecurityToken", StringComparison.Ordinal)
        || code.StartsWith("InvalidTimeStamp", StringComparison.Ordinal) || code is "SignatureDoesNotMatch" or "MissingSecurityToken"
        || code == ErrorCodes.NoPermissionInWorkspace.Number.ToString(CultureInfo.InvariantCulture)
        || code == ErrorCodes.WrongPassword.Number.ToString(CultureInfo.InvariantCulture);
}
