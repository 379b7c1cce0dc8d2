using System.Net;
using System.Text;
using Porpoise.Access.Signatures;
using Porpoise.Client;

namespace Porpoise.Access.Tests.Client;

public sealed class SigningHandlerTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 14, 21, 46, TimeSpan.Zero);

    [Theory]
    [InlineData("https://h/a%2Fb/c~d*e+f?x=a+b&y=%E5%B7%A5&z&w=%27~*&k%20y=1")]
    [InlineData("http://h:8080/")]
    [InlineData("http://[::1]:8080/a?q=1")]
    [InlineData("https://h/\u5de5?\u5de5=\U0001F42C")]
    [InlineData("https://h/a??x=1")]
    public async Task Whatever_address_is_called_the_request_verifies(string address)
    {
        var wire = new Wire();
        using var client = Client(wire, new("ak", "secret"));
        using var response = await client.GetAsync(new Uri(address), TestContext.Current.CancellationToken);
        AssertVerified(Assert.Single(wire.Received));
    }

    [Fact]
    public async Task Bodies_and_temporary_keys_are_covered()
    {
        var wire = new Wire();
        using var client = Client(wire, new("STS.ak", "secret", "token+/=="));
        using var content = new StringContent("{\"a\":\"\u5de5\"}", Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri("https://h/a"), content, TestContext.Current.CancellationToken);

        var request = Assert.Single(wire.Received);
        AssertVerified(request);
        Assert.Equal("token+/==", request.SecurityToken);
        Assert.Equal("{\"a\":\"\u5de5\"}", Encoding.UTF8.GetString(request.Body.Span));
        Assert.Contains("content-type;host;x-acs-accesskey-id;", Header(request, "Authorization"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_blocking_call_is_signed_too_even_with_a_body_that_can_be_read_only_once()
    {
        var wire = new Wire();
        using var client = Client(wire, new("ak", "secret"));
        using var request = new HttpRequestMessage(HttpMethod.Put, "https://h/a") { Content = new StreamContent(new OneWayStream("body"u8.ToArray())) };
        request.Content.Headers.Add("Content-Type", "text/plain");
        using var response = client.Send(request, TestContext.Current.CancellationToken);

        var received = Assert.Single(wire.Received);
        AssertVerified(received);
        Assert.Equal("body", Encoding.UTF8.GetString(received.Body.Span));
        Assert.Equal("text/plain", Header(received, "Content-Type"));
    }

    [Fact]
    public async Task Headers_the_caller_set_are_signed_or_left_alone()
    {
        var wire = new Wire();
        using var client = Client(wire, new("ak", "secret"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://h/a");
        request.Headers.Add("x-acs-action", "GetThing");
        request.Headers.Add("X-Acs-Version", "2030-01-01");
        request.Headers.Add("Accept", "text/plain");
        request.Headers.Host = "other.example";
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        var received = Assert.Single(wire.Received);
        AssertVerified(received);
        Assert.Equal("GetThing", Header(received, "x-acs-action"));
        Assert.Equal("2030-01-01", Header(received, "x-acs-version"));
        Assert.Equal("text/plain", Header(received, "accept"));
        Assert.Equal("other.example", Header(received, "host"));
    }

    [Fact]
    public async Task A_request_sent_again_by_a_retrying_handler_gets_a_new_nonce()
    {
        var wire = new Wire();
        using var signing = new SigningHandler(new("ak", "secret"), new FixedClock()) { InnerHandler = wire };
        using var retrying = new Twice { InnerHandler = signing };
        using var client = new HttpClient(retrying);
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://h/a?k=v") { Content = new StringContent("x") };
        request.Headers.Add("x-acs-action", "StartThing");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(2, wire.Received.Count);
        Assert.All(wire.Received, AssertVerified);
        var nonces = wire.Received.Select(r => Header(r, "x-acs-signature-nonce")).ToList();
        Assert.NotEqual(nonces[0], nonces[1]);
        Assert.All(nonces, n => Assert.Matches("^[0-9a-f]{64}$", n));
    }

    private static HttpClient Client(Wire wire, AcsCredentials credentials) =>
        new(new SigningHandler(credentials, new FixedClock(), () => "nonce") { InnerHandler = wire });

    private static string Header(SignedRequest request, string name) =>
        Assert.Single(request.Headers, h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    private static void AssertVerified(SignedRequest request)
    {
        var claim = Assert.IsType<AuthorizationHeader.Acs3>(AuthorizationHeader.Read(request));
        Assert.IsType<SignatureVerdict.Verified>(SignatureVerifier.Verify(request, claim, "secret"u8, Now, SignatureOptions.Default));
    }

    /// <summary>Records each request as a server would see it.</summary>
    private sealed class Wire : HttpMessageHandler
    {
        public List<SignedRequest> Received { get; } = [];

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var body = new MemoryStream();
            request.Content?.CopyTo(body, null, cancellationToken);
            return Record(request, body.ToArray());
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Record(request, request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken));

        private HttpResponseMessage Record(HttpRequestMessage request, byte[] body)
        {
            var headers = request.Headers.NonValidated.Concat(request.Content?.Headers.NonValidated ?? [])
                .SelectMany(h => h.Value.Select(v => KeyValuePair.Create(h.Key, v))).ToList();
            Received.Add(new SignedRequest(
                request.Method.Method, request.RequestUri!.PathAndQuery, headers, body, request.RequestUri.Scheme == "https" ? 443 : 80));
            return new HttpResponseMessage(HttpStatusCode.OK);
        }
    }

    private sealed class Twice : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var first = await base.SendAsync(request, cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class OneWayStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
