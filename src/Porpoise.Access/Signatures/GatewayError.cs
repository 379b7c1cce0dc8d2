namespace Porpoise.Access.Signatures;

/// <summary>
/// An answer the cloud gateway gives before the operation itself runs: the stable code clients branch on, its HTTP
/// status and its message. The gateway never answers 401; clients take anything from 400 up as an error.
/// </summary>
public sealed record GatewayError(string Code, int HttpStatus, string Message)
{
    private const string TemporaryFailure = "The request has failed due to a temporary failure of the server.";
    private const string FlowControl = "Request was denied due to user flow control.";

    public static GatewayError IncompleteSignature { get; } = new("IncompleteSignature", 400,
        "The request signature does not conform to the standards of the signature specification.");
    public static GatewayError InvalidSignatureMethod { get; } = new("InvalidSignatureMethod", 400,
        "Specified signature method is not supported.");
    public static GatewayError AccessKeyNotFound { get; } = new("InvalidAccessKeyId.NotFound", 404,
        "Specified access key is not found.");
    public static GatewayError AccessKeyInactive { get; } = new("InvalidAccessKeyId.Inactive", 400,
        "Specified access key is disabled.");
    public static GatewayError SignatureDoesNotMatch { get; } = new("SignatureDoesNotMatch", 400,
        "Specified signature does not match our calculation.");
    public static GatewayError RoaSignatureDoesNotMatch { get; } = new("SignatureDoesNotMatch", 400,
        "Specified signature is not matched with our calculation.");
    public static GatewayError SignatureNonceUsed { get; } = new("SignatureNonceUsed", 400,
        "Specified signature nonce was used already.");
    public static GatewayError TimeStampExpired { get; } = new("InvalidTimeStamp.Expired", 400,
        "Specified time stamp or date value is expired.");
    public static GatewayError TimeStampFormat { get; } = new("InvalidTimeStamp.Format", 400,
        "Specified time stamp or date value is not well formatted.");
    public static GatewayError ContentMd5NotMatched { get; } = new("ContentMD5NotMatched", 400,
        "Specified Content-MD5 does not match the body that was received.");
    public static GatewayError MissingSecurityToken { get; } = new("MissingSecurityToken", 400,
        "SecurityToken is mandatory for this action.");
    public static GatewayError SecurityTokenExpired { get; } = new("InvalidSecurityToken.Expired", 400,
        "Specified SecurityToken is expired.");
    public static GatewayError SecurityTokenMalformed { get; } = new("InvalidSecurityToken.Malformed", 400,
        "Specified SecurityToken is malformed.");
    public static GatewayError SecurityTokenMismatch { get; } = new("InvalidSecurityToken.MismatchWithAccessKey", 400,
        "Specified SecurityToken mismatch with the AccessKey.");
    public static GatewayError InvalidParameterFormat { get; } = new("InvalidParameter.Format", 400,
        "Specified parameter is not well formatted.");
    public static GatewayError ApiNotFound { get; } = new("InvalidApi.NotFound", 404,
        "Specified api is not found, please check your url and method.");
    public static GatewayError ActionNotFound { get; } = new("InvalidAction.NotFound", 404,
        "Specified api is not found, please check your url and method.");
    public static GatewayError ProductNotFound { get; } = new("InvalidProduct.NotFound", 404,
        "Cannot find product according to your specified domain.");
    public static GatewayError Throttling { get; } = new("Throttling", 400, FlowControl);
    public static GatewayError ThrottlingUser { get; } = new("Throttling.User", 400, FlowControl);
    public static GatewayError ThrottlingApi { get; } = new("Throttling.Api", 400, FlowControl);
    public static GatewayError NoPermission { get; } = new("NoPermission", 403,
        "You are not authorized to do this action.");
    public static GatewayError ForbiddenRam { get; } = new("Forbidden.RAM", 403,
        "User not authorized to operate on the specified resource, or this API doesn't support RAM.");
    public static GatewayError InternalError { get; } = new("InternalError", 500, TemporaryFailure);
    public static GatewayError ServiceUnavailable { get; } = new("ServiceUnavailable", 503, TemporaryFailure);

    /// <summary>Every fixed answer, for the reference pages. The two parameter errors name their parameter and are made on demand.</summary>
    public static IReadOnlyList<GatewayError> Catalogue { get; } =
    [
        IncompleteSignature, InvalidSignatureMethod, AccessKeyNotFound, AccessKeyInactive, SignatureDoesNotMatch,
        RoaSignatureDoesNotMatch, SignatureNonceUsed, TimeStampExpired, TimeStampFormat, ContentMd5NotMatched,
        MissingSecurityToken, SecurityTokenExpired, SecurityTokenMalformed, SecurityTokenMismatch,
        InvalidParameterFormat, ApiNotFound, ActionNotFound, ProductNotFound, Throttling, ThrottlingUser, ThrottlingApi,
        NoPermission, ForbiddenRam, InternalError, ServiceUnavailable,
    ];

    /// <summary>A mandatory parameter was not sent: <c>regionId</c> gives <c>MissingRegionId</c>.</summary>
    public static GatewayError Missing(string parameter)
    {
        var name = Capitalised(parameter);
        return new("Missing" + name, 400, name + " is mandatory for this action.");
    }

    /// <summary>A parameter was sent with a value that cannot be taken: <c>regionId</c> gives <c>InvalidRegionId</c>.</summary>
    public static GatewayError Invalid(string parameter)
    {
        var name = Capitalised(parameter);
        return new("Invalid" + name, 400, "Specified parameter " + name + " is not valid.");
    }

    private static string Capitalised(string parameter) =>
        parameter.Length > 0 ? char.ToUpperInvariant(parameter[0]) + parameter[1..] : parameter;
}
