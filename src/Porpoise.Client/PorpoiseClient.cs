using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Porpoise.Client.Audit;
using Porpoise.Client.Calls;
using Porpoise.Client.Identities;
using Porpoise.Client.Library;
using Porpoise.Client.Queues;
using Porpoise.Client.Runs;
using Porpoise.Client.Workflows;
using Porpoise.Client.Workspaces;

namespace Porpoise.Client;

/// <summary>
/// A client of one server. Calls are signed or carry a token, are repeated where that is safe, and end in a result or in a <see cref="PorpoiseException"/>.
/// It is made once and used from many threads.
/// </summary>
public sealed class PorpoiseClient : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="options">Which server, and as whom.</param>
    /// <param name="transport">What sends the requests; null: sockets. It is disposed with the client.</param>
    public PorpoiseClient(PorpoiseClientOptions options, HttpMessageHandler? transport = null)
    {
        Endpoint = options.Endpoint;
        DelegatingHandler identified = options.Credentials switch
        {
            PorpoiseCredentials.AccessKey key => new SigningHandler(key.Key, options.Clock),
            PorpoiseCredentials.Token token => new TokenHandler(token.Text),
            _ => throw new System.Diagnostics.UnreachableException($"No rule for {options.Credentials.GetType().Name}."),
        };
        identified.InnerHandler = transport ?? new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false };
        _http = new HttpClient(new RetryHandler(options.Clock) { InnerHandler = identified }) { Timeout = options.Timeout };
        Users = new UserClient(this);
        Groups = new GroupClient(this);
        Roles = new RoleClient(this);
        Policies = new PolicyClient(this);
        Credentials = new CredentialClient(this);
        Audit = new AuditClient(this);
        Workspaces = new WorkspaceClient(this);
        Workflows = new WorkflowClient(this);
        Runs = new RunClient(this);
        Queues = new QueueClient(this);
        Library = new LibraryClient(this);
    }

    public Uri Endpoint { get; }

    public UserClient Users { get; }

    public GroupClient Groups { get; }

    public RoleClient Roles { get; }

    public PolicyClient Policies { get; }

    /// <summary>Access keys and tokens.</summary>
    public CredentialClient Credentials { get; }

    public AuditClient Audit { get; }

    /// <summary>Workspaces and their members.</summary>
    public WorkspaceClient Workspaces { get; }

    public WorkflowClient Workflows { get; }

    public RunClient Runs { get; }

    public QueueClient Queues { get; }

    public LibraryClient Library { get; }

    /// <summary>A token for calls that are to be done once.</summary>
    public static string NewClientToken() => Guid.NewGuid().ToString("N");

    /// <summary>Makes a call whose answer carries data.</summary>
    /// <exception cref="PorpoiseException">It was not done.</exception>
    public async Task<T> SendAsync<T>(ApiCall call, JsonTypeInfo<T> type, CancellationToken ct)
    {
        try
        {
            return (await SendAsync(call, ct)).Deserialize(type) ?? throw new JsonException("There is no data.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new PorpoiseException(PorpoiseException.NotPorpoise, $"The answer of {call.Method} {call.Path} is not of the expected form. Do client and server have the same version? {e.Message}", e);
        }
    }

    /// <summary>Makes a call; gives the <c>data</c> of its answer as it came.</summary>
    /// <exception cref="PorpoiseException">It was not done.</exception>
    public async Task<JsonElement> SendAsync(ApiCall call, CancellationToken ct)
    {
        using var response = await SendAsync(call, HttpCompletionOption.ResponseContentRead, ct);
        return await Answers.ReadAsync(response, ct);
    }

    /// <summary>Makes a call that is answered with a file or a stream of events; whoever reads it disposes of it.</summary>
    /// <exception cref="PorpoiseException">It was not done.</exception>
    public async Task<Stream> OpenAsync(ApiCall call, CancellationToken ct)
    {
        var response = await SendAsync(call, HttpCompletionOption.ResponseHeadersRead, ct);
        if (response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType != "application/json")
        {
            return await response.Content.ReadAsStreamAsync(ct);
        }

        using (response)
        {
            await Answers.ReadAsync(response, ct);
            throw new PorpoiseException(PorpoiseException.NotPorpoise, $"The answer of {call.Method} {call.Path} is no file.");
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(ApiCall call, HttpCompletionOption completion, CancellationToken ct)
    {
        using var request = call.ToRequest(Endpoint);
        try
        {
            return await _http.SendAsync(request, completion, ct);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError && e.InnerException is AuthenticationException { Message: var why } && why.Contains("frame", StringComparison.Ordinal))
        {
            // What came is no record of TLS at all; .NET tells it from a certificate that is not trusted by its words only.
            throw new PorpoiseException(PorpoiseException.Unreachable, $"The server at {Endpoint} speaks no TLS: try {new UriBuilder(Endpoint) { Scheme = Uri.UriSchemeHttp }.Uri}.", e);
        }
        catch (HttpRequestException e)
        {
            throw new PorpoiseException(PorpoiseException.Unreachable, $"No server answers at {Endpoint}: {e.Message}", e);
        }
        catch (TaskCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new PorpoiseException(PorpoiseException.Unreachable, $"The server at {Endpoint} does not answer within {_http.Timeout.TotalSeconds:0} seconds.", e);
        }
    }
}
