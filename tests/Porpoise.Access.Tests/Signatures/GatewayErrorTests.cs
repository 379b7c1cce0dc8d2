using Porpoise.Access.Signatures;

namespace Porpoise.Access.Tests.Signatures;

public sealed class GatewayErrorTests
{
    [Theory]
    [InlineData("InvalidAccessKeyId.NotFound", 404, "Specified access key is not found.")]
    [InlineData("InvalidAccessKeyId.Inactive", 400, "Specified access key is disabled.")]
    [InlineData("SignatureNonceUsed", 400, "Specified signature nonce was used already.")]
    [InlineData("InvalidTimeStamp.Expired", 400, "Specified time stamp or date value is expired.")]
    [InlineData("InvalidTimeStamp.Format", 400, "Specified time stamp or date value is not well formatted.")]
    [InlineData("MissingSecurityToken", 400, "SecurityToken is mandatory for this action.")]
    [InlineData("InvalidSecurityToken.Expired", 400, "Specified SecurityToken is expired.")]
    [InlineData("InvalidSecurityToken.Malformed", 400, "Specified SecurityToken is malformed.")]
    [InlineData("InvalidSecurityToken.MismatchWithAccessKey", 400, "Specified SecurityToken mismatch with the AccessKey.")]
    [InlineData("InvalidApi.NotFound", 404, "Specified api is not found, please check your url and method.")]
    [InlineData("InvalidAction.NotFound", 404, "Specified api is not found, please check your url and method.")]
    [InlineData("InvalidProduct.NotFound", 404, "Cannot find product according to your specified domain.")]
    [InlineData("Throttling.User", 400, "Request was denied due to user flow control.")]
    [InlineData("NoPermission", 403, "You are not authorized to do this action.")]
    [InlineData("Forbidden.RAM", 403, "User not authorized to operate on the specified resource, or this API doesn't support RAM.")]
    [InlineData("InternalError", 500, "The request has failed due to a temporary failure of the server.")]
    [InlineData("ServiceUnavailable", 503, "The request has failed due to a temporary failure of the server.")]
    public void A_code_answers_with_the_gateways_status_and_message(string code, int status, string message) =>
        Assert.Equal(new GatewayError(code, status, message), Assert.Single(GatewayError.Catalogue, e => e.Code == code));

    [Fact]
    public void Parameter_errors_name_their_parameter()
    {
        Assert.Equal(new GatewayError("MissingRegionId", 400, "RegionId is mandatory for this action."), GatewayError.Missing("regionId"));
        Assert.Equal(new GatewayError("InvalidRegionId", 400, "Specified parameter RegionId is not valid."), GatewayError.Invalid("RegionId"));
    }

    [Fact]
    public void The_catalogue_holds_every_fixed_error_and_none_answers_401()
    {
        var declared = typeof(GatewayError).GetProperties()
            .Where(p => p.PropertyType == typeof(GatewayError)).Select(p => (GatewayError)p.GetValue(null)!);
        Assert.Equal(declared.ToHashSet(), GatewayError.Catalogue.ToHashSet());
        Assert.All(GatewayError.Catalogue, e => Assert.Contains(e.HttpStatus, new[] { 400, 403, 404, 500, 503 }));
    }
}
