using System.Net;
using Porpoise.Client;
using Porpoise.Client.Calls;
using static Porpoise.Cli.Tests.Client.PlannedAnswers;

namespace Porpoise.Cli.Tests.Client;

/// <summary>What a client makes of answers, and when it asks again.</summary>
public sealed class PorpoiseClientTests
{
    private const string Done = """{"code":0,"msg":"success","data":[7],"success":true,"failed":false}""";
    private const string Busy = """{"code":1500003,"msg":"full","data":null,"success":false,"failed":true}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static ApiCall Start => ApiCall.PostOnce($"/start", "token", ("a", 1));

    [Fact]
    public async Task A_start_whose_answer_is_lost_is_sent_again_with_its_token_and_a_signature_of_its_own()
    {
        using var server = new PlannedAnswers(Lost(HttpRequestError.ResponseEnded), Answer(HttpStatusCode.ServiceUnavailable, Busy), Answer(HttpStatusCode.OK, Done));
        using var client = Signed(server);
        Assert.Equal(7, (await client.SendAsync(Start, Ct))[0].GetInt32());
        Assert.Equal("""{"a":"1","clientToken":"token"}""", Assert.Single(server.Asked.Select(a => a.Body).Distinct()));
        Assert.Equal(3, server.Asked.Select(a => a.Headers["x-acs-signature-nonce"]).Distinct().Count());
    }

    [Theory]
    [InlineData("GET", HttpRequestError.ResponseEnded, 2)]
    [InlineData("PUT", HttpRequestError.ResponseEnded, 2)]
    [InlineData("POST", HttpRequestError.ResponseEnded, 1)]
    [InlineData("DELETE", HttpRequestError.ResponseEnded, 1)]
    [InlineData("POST", HttpRequestError.ConnectionError, 2)] // it never reached the server
    [InlineData("DELETE", HttpRequestError.ConnectionError, 2)]
    public async Task What_may_have_been_done_is_not_done_twice(string method, HttpRequestError error, int requests)
    {
        using var server = new PlannedAnswers(Lost(error), Answer(HttpStatusCode.OK, Done));
        using var client = Signed(server);
        var call = method switch { "GET" => ApiCall.Get($"/x"), "PUT" => ApiCall.Put($"/x"), "POST" => ApiCall.Post($"/x"), _ => ApiCall.Delete($"/x") };
        var failure = await Record.ExceptionAsync(() => client.SendAsync(call, Ct));
        Assert.Equal(requests, server.Asked.Count);
        Assert.Equal(requests == 1 ? PorpoiseException.Unreachable : null, (failure as PorpoiseException)?.Code);
    }

    [Theory]
    [InlineData("Retry-After", "0")]
    [InlineData("x-acs-retry-after", "1")]
    public async Task Whoever_is_told_when_to_come_back_does(string header, string wait)
    {
        using var server = new PlannedAnswers(
            Answer(HttpStatusCode.BadRequest, """{"RequestId":"R","Code":"Throttling.User","Message":"slowly"}""", (header, wait)), Answer(HttpStatusCode.OK, Done));
        using var client = Signed(server);
        await client.SendAsync(ApiCall.Post($"/x"), Ct);
        Assert.Equal(2, server.Asked.Count);
    }

    [Fact]
    public async Task Whoever_would_have_to_wait_long_is_told_so()
    {
        using var server = new PlannedAnswers(Answer(HttpStatusCode.TooManyRequests, """{"code":1500011,"msg":"slowly","success":false}""", ("Retry-After", "900")));
        using var client = Signed(server);
        var refused = await Assert.ThrowsAsync<PorpoiseException>(() => client.SendAsync(ApiCall.Get($"/x"), Ct));
        Assert.Equal(("1500011", 429), (refused.Code, refused.HttpStatus));
    }

    [Fact]
    public async Task Errors_of_both_dialects_have_code_message_status_and_request()
    {
        using var server = new PlannedAnswers(
            Answer(HttpStatusCode.OK, """{"code":50003,"msg":"no workflow","data":null,"success":false,"failed":true,"httpStatusCode":200,"requestId":"A"}"""),
            Answer(HttpStatusCode.OK, """{"code":50003,"msg":"no workflow","data":null,"success":false,"failed":true}""", ("x-acs-request-id", "B")),
            Answer(HttpStatusCode.Forbidden, """{"RequestId":"C","Code":"NoPermission","Message":"no","AccessDeniedDetail":{"AuthAction":"ram:CreateUser","EncodedDiagnosticMessage":"AQE"}}"""));
        using var client = Signed(server);
        Assert.Equal(("50003", "no workflow", 200, "A"), await RefusedAsync(client));
        Assert.Equal(("50003", "no workflow", 200, "B"), await RefusedAsync(client));
        var denied = await Assert.ThrowsAsync<PorpoiseException>(() => client.SendAsync(ApiCall.Get($"/x"), Ct));
        Assert.Equal(("NoPermission", 403, "C", "ram:CreateUser", "AQE"), (denied.Code, denied.HttpStatus, denied.RequestId, denied.DeniedAction, denied.DiagnosticMessage));
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task What_answers_like_no_server_of_ours_is_said_to_be_none(string body)
    {
        using var server = new PlannedAnswers(Answer(HttpStatusCode.BadGateway, body));
        using var client = Signed(server);
        var refused = await Assert.ThrowsAsync<PorpoiseException>(() => client.SendAsync(ApiCall.Get($"/x"), Ct));
        Assert.Equal((PorpoiseException.NotPorpoise, 502), (refused.Code, refused.HttpStatus));
        Assert.Contains("http://127.0.0.1:12345", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_in_addresses_stay_within_their_place()
    {
        using var server = new PlannedAnswers(Answer(HttpStatusCode.OK, Done));
        using var client = new PorpoiseClient(new PorpoiseClientOptions { Credentials = new PorpoiseCredentials.Token("t") }, server);
        await client.SendAsync(ApiCall.Get($"/users/{"a/b?c=d"}/x", ("e", "f&g"), ("absent", null)), Ct);
        Assert.Equal("/users/a%2Fb%3Fc%3Dd/x?e=f%26g", server.Asked[0].Url.PathAndQuery);
        Assert.Equal("t", server.Asked[0].Headers["token"]);
        Assert.All((string[])["..", ".", ""], name => Assert.Throws<PorpoiseException>(() => ApiCall.Delete($"/users/{name}/password")));
    }

    private static PorpoiseClient Signed(PlannedAnswers server) =>
        new(new PorpoiseClientOptions { Credentials = new PorpoiseCredentials.AccessKey(new AcsCredentials("LTAIid", "secret")) }, server);

    private static async Task<(string Code, string Message, int? Status, string? Request)> RefusedAsync(PorpoiseClient client)
    {
        var refused = await Assert.ThrowsAsync<PorpoiseException>(() => client.SendAsync(ApiCall.Get($"/x"), Ct));
        return (refused.Code, refused.Message, refused.HttpStatus, refused.RequestId);
    }
}
