using System.Globalization;
using System.Net;
using Polly;
using Polly.Retry;

namespace Porpoise.Client.Calls;

/// <summary>
/// Sends a call again when that is safe and may help: always when it never reached a server, or when the server says when to come back; and when its answer
/// was lost or the service was unavailable, if the call is repeatable. It stands outside of the signing, so every try has a signature of its own.
/// </summary>
internal sealed class RetryHandler : DelegatingHandler
{
    /// <summary>Set on requests that may be sent twice.</summary>
    public static readonly HttpRequestOptionsKey<bool> Repeatable = new("Porpoise.Repeatable");

    private const int RetriesMax = 3;

    /// <summary>Whoever is told to come back later than this is told so instead of kept waiting.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);

    private readonly ResiliencePipeline<HttpResponseMessage> _careful;
    private readonly ResiliencePipeline<HttpResponseMessage> _repeatable;

    public RetryHandler(TimeProvider clock)
    {
        _careful = Build(clock, WasNotDone);
        _repeatable = Build(clock, outcome => WasNotDone(outcome) || outcome.Exception is HttpRequestException || outcome.Result?.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var pipeline = request.Options.TryGetValue(Repeatable, out var isRepeatable) && isRepeatable ? _repeatable : _careful;
        return await pipeline.ExecuteAsync(async ct => await base.SendAsync(request, ct), cancellationToken);
    }

    private static ResiliencePipeline<HttpResponseMessage> Build(TimeProvider clock, Func<Outcome<HttpResponseMessage>, bool> mayHelp) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = RetriesMax,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstWait,
                ShouldHandle = args => ValueTask.FromResult(mayHelp(args.Outcome) && !(RetryAfter(args.Outcome.Result) > WaitMax)),
                DelayGenerator = args => ValueTask.FromResult(RetryAfter(args.Outcome.Result)),
                OnRetry = args =>
                {
                    args.Outcome.Result?.Dispose();
                    return ValueTask.CompletedTask;
                },
            })
            .Build();

    private static bool WasNotDone(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }
        || RetryAfter(outcome.Result) is not null;

    /// <summary>The cloud's header counts milliseconds; the standard one whole seconds.</summary>
    private static TimeSpan? RetryAfter(HttpResponseMessage? response)
    {
        if (response is null || response.IsSuccessStatusCode)
        {
            return null;
        }

        return response.Headers.NonValidated.TryGetValues("x-acs-retry-after", out var values) && long.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var wait)
            ? TimeSpan.FromMilliseconds(wait)
            : response.Headers.RetryAfter?.Delta;
    }
}
