using System.Net;
using System.Text;

namespace Porpoise.Cli.Tests.Client;

/// <summary>A server whose answers are planned, one for each request; keeps what was asked.</summary>
internal sealed class PlannedAnswers(params Func<HttpResponseMessage>[] plan) : HttpMessageHandler
{
    public List<(HttpMethod Method, Uri Url, string Body, Dictionary<string, string> Headers)> Asked { get; } = [];

    public static Func<HttpResponseMessage> Answer(HttpStatusCode status, string json, params (string Name, string Value)[] headers) => () =>
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    };

    public static Func<HttpResponseMessage> Lost(HttpRequestError error) => () => throw new HttpRequestException(error, "gone");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        Asked.Add((request.Method, request.RequestUri!, body, request.Headers.NonValidated.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        Assert.True(Asked.Count <= plan.Length, $"Request {Asked.Count} was not planned: {request}");
        var response = plan[Asked.Count - 1]();
        response.RequestMessage = request;
        return response;
    }
}
