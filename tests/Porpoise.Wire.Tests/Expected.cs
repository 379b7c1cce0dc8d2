namespace Porpoise.Wire.Tests;

/// <summary>
/// What a case is about: a success, or one certain refusal. Stated beside the golden text, so that regenerating the goldens can never turn a refusal into a
/// success unseen.
/// </summary>
/// <param name="Code">The envelope's number; 0: success. In the cloud dialect a refusal with <paramref name="Gateway"/> has no envelope.</param>
/// <param name="Gateway">The <c>Code</c> of the gateway error that a signed call gets; null: an envelope, in both dialects.</param>
/// <param name="Status">HTTP status of the refusal; null: 200 of an envelope, 400 of a gateway error.</param>
public sealed record Expected(int Code, string? Gateway = null, int? Status = null)
{
    private const int BadParameter = 10001;

    public static Expected Success { get; } = new(0);

    /// <summary>A refusal of the service itself, with HTTP 200 in both dialects.</summary>
    public static Expected Refused(int code) => new(code);

    /// <summary>The call does not get as far as the service: a gateway error in one dialect, an HTTP status of its own in the other.</summary>
    public static Expected Stopped(int status, int code, string gateway) => new(code, gateway, status);

    /// <summary>The body or the query cannot be read as parameters.</summary>
    public static Expected Unreadable { get; } = new(BadParameter, "InvalidParameter.Format");

    /// <summary>A parameter of the call was not sent.</summary>
    public static Expected Missing(string parameter) => new(BadParameter, "Missing" + Capitalised(parameter));

    /// <summary>A parameter of the call cannot be read, or is outside its bounds.</summary>
    public static Expected Invalid(string parameter) => new(BadParameter, "Invalid" + Capitalised(parameter));

    private static string Capitalised(string parameter) => char.ToUpperInvariant(parameter[0]) + parameter[1..];
}
