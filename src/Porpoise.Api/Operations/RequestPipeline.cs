using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Porpoise.Api.Envelopes;
using Porpoise.Api.Errors;
using Porpoise.Api.Security;
using Porpoise.Storage;

namespace Porpoise.Api.Operations;

/// <summary>
/// The way of every call: dialect → body → who → may they → parameters → handler → envelope. Errors are turned into their dialect's answer here
/// and nowhere else.
/// </summary>
public sealed partial class RequestPipeline(Authenticator authenticator, WorkspaceDirectory workspaces, ILogger<RequestPipeline> log)
{
    /// <summary>Longest request line that is taken. The web server itself takes more, because its own refusal has an empty body, which no client can read.</summary>
    public const int LineMax = 1024 * 1024;

    /// <summary>Most characters of all headers together.</summary>
    public const int HeadersMax = 64 * 1024;

    /// <summary>Most headers of one call.</summary>
    public const int HeaderCountMax = 100;

    /// <summary>Handles a call of a known operation.</summary>
    public Task HandleAsync(HttpContext http, Operation operation) => HandleAsync(http, isCloud => AnswerAsync(http, operation, isCloud));

    /// <summary>Answers a call that no operation has the address of, or that has other <paramref name="methods"/>.</summary>
    public Task HandleUnknownAsync(HttpContext http, IReadOnlyList<string> methods) => HandleAsync(http, _ =>
    {
        if (methods.Count == 0)
        {
            throw new RefusalException(ErrorCodes.NoSuchRoute, $"There is no operation at {http.Request.Path}.");
        }

        var allowed = string.Join(", ", methods);
        http.Response.Headers.Allow = allowed;
        throw new RefusalException(ErrorCodes.WrongMethod, $"{http.Request.Path} takes {allowed}, not {http.Request.Method}.");
    });

    private async Task HandleAsync(HttpContext http, Func<bool, Task<Answer>> answerAsync)
    {
        var requestId = Guid.NewGuid().ToString().ToUpperInvariant();
        var isCloud = Authenticator.IsCloud(http.Request);
        try
        {
            var answer = await answerAsync(isCloud);
            if (answer is Answer.Data data)
            {
                await Envelope.WriteDataAsync(http, isCloud, requestId, data);
            }
            else if (answer is Answer.File file)
            {
                http.Response.ContentType = "application/octet-stream";
                http.Response.Headers.ContentDisposition = $"attachment; filename=\"{file.Name}\"";
                await file.WriteAsync(http.Response, http.RequestAborted);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller went away; there is nobody to answer.
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            await Envelope.WriteRefusalAsync(http, isCloud, requestId, Describe(e, http, requestId));
        }
    }

    private async Task<Answer> AnswerAsync(HttpContext http, Operation operation, bool isCloud)
    {
        if (http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()?.RawTarget.Length > LineMax)
        {
            throw new RefusalException(ErrorCodes.LineTooLong, ErrorCodes.LineTooLong.Text);
        }

        if (http.Request.Headers.Count > HeaderCountMax || SizeOf(http.Request.Headers) > HeadersMax)
        {
            throw new RefusalException(ErrorCodes.HeadersTooLarge, ErrorCodes.HeadersTooLarge.Text);
        }

        var body = await ParameterReader.ReadBodyAsync(http);
        var who = await authenticator.IdentifyAsync(http, isCloud, body);
        if (who.Principal is not { } principal)
        {
            throw new RefusalException(who.Refusal!);
        }

        if (!principal.IsRoot)
        {
            throw new RefusalException(ErrorCodes.NotAuthorised, $"{principal.UserName} may not do {operation.Action}.");
        }

        var parameters = ParameterReader.Join(http, body);
        var workspace = operation.InWorkspace ? workspaces.Find(parameters.RequiredText("projectCode")) : null;
        if (operation.InWorkspace && workspace is null)
        {
            throw new RefusalException(ErrorCodes.WorkspaceNotFound, $"There is no workspace '{parameters.RequiredText("projectCode")}'.");
        }

        return await operation.Handle(new Call
        {
            Http = http,
            Principal = principal,
            Parameters = parameters,
            IsCloud = isCloud,
            Nonce = who.Nonce,
            InWorkspace = workspace,
            Workspaces = workspaces,
        });
    }

    private static int SizeOf(IHeaderDictionary headers)
    {
        var size = 0;
        foreach (var (name, values) in headers)
        {
            size += name.Length;
            foreach (var value in values)
            {
                size += value?.Length ?? 0;
            }
        }

        return size;
    }

    private Refusal Describe(Exception e, HttpContext http, string requestId)
    {
        switch (e)
        {
            case RefusalException refused:
                return refused.Refusal;
            case StoreUnavailableException store:
                LogUnavailable(requestId, store.Message);
                return new Refusal(ErrorCodes.StoreUnavailable, store.Message);
            case BadHttpRequestException bad:
                return new Refusal(bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? ErrorCodes.BodyTooLarge : ErrorCodes.Malformed, bad.Message);
            default:
                LogFailed(e, requestId, http.Request.Method, http.Request.Path);
                return new Refusal(ErrorCodes.Internal, $"{ErrorCodes.Internal.Text} The server's log has the details under request {requestId}.");
        }
    }

    [LoggerMessage(LogLevel.Warning, "Request {RequestId} refused, the store is not available: {Reason}")]
    private partial void LogUnavailable(string requestId, string reason);

    [LoggerMessage(LogLevel.Error, "Request {RequestId} {Method} {Path} failed")]
    private partial void LogFailed(Exception e, string requestId, string method, string path);
}
