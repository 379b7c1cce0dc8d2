using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Porpoise.Worker.Runners.Http;

/// <summary>
/// Sends one request and checks the answer. GET and HEAD follow redirects, at most <see cref="RedirectsMax"/>; of other methods an answer that sends
/// the caller on is the answer, since repeating them elsewhere is not for a client to decide.
/// </summary>
internal sealed class HttpJob : IJobKind
{
    public const int RedirectsMax = 10;
    private const int TimeoutDefault = 60_000;

    public async Task<IReadOnlyDictionary<string, string>> RunAsync(Job job, JobLog log, CancellationToken ct)
    {
        var (order, check) = (HttpOrder.Of(job), HttpCheck.Of(job));
        var (connect, patience) = (Timeout(job, "connectTimeout"), Timeout(job, "socketTimeout"));
        log.Say($"{order.Method} {order.Shown} (to connect within {Seconds(connect)}, an answer within {Seconds(patience)}; wanted is {check.Wish})");
        var wait = new AnswerWait(connect, patience);
        var sockets = new GuardedSockets(job.Settings.RefusePrivateAddresses);
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectCallback = async (connection, token) =>
            {
                var stream = await sockets.ConnectAsync(connection, token);
                wait.BeginSilence();
                return stream;
            },
            ConnectTimeout = connect,
            PooledConnectionLifetime = TimeSpan.Zero, // each request connects, so that the two times can be told apart
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
            UseCookies = false,
            UseProxy = false, // a proxy would connect to wherever it likes
        };
        using var client = new HttpClient(handler) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        var answer = await FollowAsync(client, order, check, wait, log, ct);
        return check.Fault(answer) is { } fault ? throw new JobException(fault) : Outputs(job, answer);
    }

    private static async Task<HttpAnswer> FollowAsync(HttpClient client, HttpOrder order, HttpCheck check, AnswerWait wait, JobLog log, CancellationToken ct)
    {
        var target = order.Url;
        for (var redirects = 0; ; redirects++)
        {
            var since = Stopwatch.GetTimestamp();
            using var response = await SendAsync(client, order.ToRequest(target), wait, ct);
            if (IsRedirect(response, order, check) is not { } next)
            {
                var answer = await HttpAnswer.ReadAsync(response, wait.Patience, ct);
                var size = string.Create(CultureInfo.InvariantCulture, $"{(answer.IsCut ? "more than " : "")}{answer.Body.Length} characters");
                log.Say($"Answer: {(int)answer.Status} {answer.Reason}, {(answer.MediaType.Length == 0 ? "no media type" : answer.MediaType)}, {size}, after {Stopwatch.GetElapsedTime(since).TotalMilliseconds:0} ms");
                log.Show(answer.ForPeople);
                return answer;
            }

            target = Allowed(new Uri(target, next), target, redirects);
            log.Say($"Answer: {(int)response.StatusCode}, sent on to {target.GetLeftPart(UriPartial.Path)}{(order.IsSameServer(target) ? "" : " (another server: without the task's headers)")}");
        }
    }

    private static Uri? IsRedirect(HttpResponseMessage response, HttpOrder order, HttpCheck check) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && !check.WantsRedirect && (order.Method == HttpMethod.Get || order.Method == HttpMethod.Head) ? response.Headers.Location : null;

    private static Uri Allowed(Uri next, Uri before, int redirects)
    {
        if (redirects >= RedirectsMax)
        {
            throw new JobException($"The server sent the request on more than {RedirectsMax} times, the last time to {next.GetLeftPart(UriPartial.Path)}. It may go round in circles; use the address at which it ends.");
        }

        return next.Scheme is "https" || (next.Scheme is "http" && before.Scheme is "http")
            ? new UriBuilder(next) { UserName = "", Password = "" }.Uri
            : throw new JobException($"The server sent the request on to {next.Scheme}://{next.Authority}: a task goes on by http or https only, and from https never to http.");
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpRequestMessage request, AnswerWait wait, CancellationToken ct)
    {
        using var limit = wait.Begin(ct);
        try
        {
            using (request)
            {
                return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            }
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new JobException(limit.IsCancellationRequested
                ? $"No answer came within {Seconds(wait.Patience)}. If the server needs longer, set socketTimeout (milliseconds) higher."
                : $"{request.RequestUri!.Authority} could not be connected to in time. Check that the machine is up and reachable from here, or set connectTimeout (milliseconds) higher.", e);
        }
        catch (HttpRequestException e)
        {
            throw new JobException(Explain(e, request.RequestUri!), e);
        }
    }

    private static string Explain(HttpRequestException failure, Uri target) => failure.InnerException switch
    {
        JobException e => e.Message,
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => $"{target.Authority} refuses connections: nothing listens at that port. Check the address and whether the service is up.",
        SocketException e => $"{target.Authority} cannot be connected to: {e.Message}. Check the address and the network in between.",
        AuthenticationException e => $"No encrypted connection to {target.Authority}: {e.Message} Check that the port speaks https, and that this machine trusts its certificate.",
        { } e => $"The connection to {target.Authority} failed: {e.Message}",
        null => $"The request to {target.Authority} failed: {failure.Message}",
    };

    private static Dictionary<string, string> Outputs(Job job, HttpAnswer answer) => job.Outputs.Keys.Select(name => (Name: name, Value: answer.Find(name)))
        .Where(o => o.Value is not null).ToDictionary(o => o.Name, o => o.Value!, StringComparer.Ordinal);

    private static TimeSpan Timeout(Job job, string name) => TimeSpan.FromMilliseconds(job.Number(name, TimeoutDefault));

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + " s";

    /// <summary>How long one request may take until its answer begins: to connect, and from then on in silence.</summary>
    private sealed class AnswerWait(TimeSpan connect, TimeSpan patience)
    {
        private CancellationTokenSource? _limit;

        /// <summary>The longest silence.</summary>
        public TimeSpan Patience => patience;

        public CancellationTokenSource Begin(CancellationToken ct)
        {
            _limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            _limit.CancelAfter(connect + patience); // connecting has a limit of its own, and says so
            return _limit;
        }

        public void BeginSilence() => _limit?.CancelAfter(patience);
    }
}
