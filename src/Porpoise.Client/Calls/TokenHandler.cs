namespace Porpoise.Client.Calls;

/// <summary>Sends a token with every request.</summary>
internal sealed class TokenHandler(string token) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Remove("token");
        request.Headers.TryAddWithoutValidation("token", token);
        return base.SendAsync(request, cancellationToken);
    }
}
