using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Porpoise.Api.Envelopes;
using Porpoise.Api.Errors;
using Porpoise.Api.Security;
using Porpoise.Storage;

namespace Porpoise.Api.Operations;

/// <summary>
/// The way of every call: dialect → body → who → how often → parameters → may they → in this workspace → handler → audit → envelope. Errors are turned into their dialect's answer here
/// and nowhere else.
/// </summary>
public sealed partial class RequestPipeline(
    Authenticator authenticator, ConnectionLimit connections, CallLimits limits, AccessGate gate, WorkspaceDirectory workspaces, CallAudit audit, ILogger<RequestPipeline> log, CancellationToken stopping = default)
{
    /// <summary>Longest request line that is taken. The web server itself takes more, because its own refusal has an empty body, which no client can read.</summary>
    public const int LineMax = 1024 * 1024;

    /// <summary>Most characters of all headers together.</summary>
    public const int HeadersMax = 64 * 1024;

    /// <summary>Most headers of one call.</summary>
    public const int HeaderCountMax = 100;

    /// <summary>Handles a call of a known operation.</summary>
    public Task HandleAsync(HttpContext http, Operation operation) => HandleAsync(http, operation, trace => AnswerAsync(http, operation, trace));

    /// <summary>Answers a call that no operation has the address of, or that has other <paramref name="methods"/>.</summary>
    public Task HandleUnknownAsync(HttpContext http, IReadOnlyList<string> methods) => HandleAsync(http, operation: null, _ =>
    {
        if (methods.Count == 0)
        {
            throw new RefusalException(ErrorCodes.NoSuchRoute, $"There is no operation at {http.Request.Path}.");
        }

        var allowed = string.Join(", ", methods);
        http.Response.Headers.Allow = allowed;
        throw new RefusalException(ErrorCodes.WrongMethod, $"{http.Request.Path} takes {allowed}, not {http.Request.Method}.");
    });

    private async Task HandleAsync(HttpContext http, Operation? operation, Func<CallTrace, Task<Answer>> answerAsync)
    {
        var trace = new CallTrace(Guid.NewGuid().ToString().ToUpperInvariant(), operation?.RpcName is not null || Authenticator.IsCloud(http.Request), AccessGate.AddressOf(http));
        Refusal? refusal = null;
        try
        {
            var answer = await answerAsync(trace);
            if (operation!.Changes)
            {
                await audit.NoteAsync(http, operation, trace, refusal: null);
            }

            switch (answer)
            {
                case Answer.Data data:
                    await Envelope.WriteDataAsync(http, trace.IsCloud, trace.RequestId, data);
                    break;
                case Answer.Plain plain:
                    await Envelope.WritePlainAsync(http, trace.RequestId, plain);
                    break;
                case Answer.Events events:
                    http.Response.ContentType = "text/event-stream";
                    http.Response.Headers.CacheControl = "no-store";
                    http.Response.Headers["X-Accel-Buffering"] = "no"; // nginx would collect them
                    await WriteEventsAsync(http, events);
                    break;
                case Answer.File file:
                    http.Response.ContentType = "application/octet-stream";
                    http.Response.Headers.ContentDisposition = $"attachment; filename=\"{file.Name}\"";
                    await file.WriteAsync(http.Response, http.RequestAborted);
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException($"No rule for {answer.GetType().Name}.");
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller went away; there is nobody to answer.
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            refusal = Describe(e, http, trace.RequestId);
        }

        if (refusal is not null)
        {
            await audit.NoteAsync(http, operation, trace, refusal);
            await Envelope.WriteRefusalAsync(http, trace.IsCloud, trace.RequestId, refusal);
        }
    }

    /// <summary>A server that stops does not wait for those who watch.</summary>
    private async Task WriteEventsAsync(HttpContext http, Answer.Events events)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        try
        {
            await events.WriteAsync(http.Response, either.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The watcher comes again, and goes on where it was.
        }
        catch (StoreUnavailableException e) when (http.Response.HasStarted)
        {
            LogStreamBroken(http.Request.Path, e.Message); // the same
        }
    }

    private async Task<Answer> AnswerAsync(HttpContext http, Operation operation, CallTrace trace)
    {
        connections.Check(http);
        if (http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()?.RawTarget.Length > LineMax)
        {
            throw new RefusalException(ErrorCodes.LineTooLong, $"{ErrorCodes.LineTooLong.Text} {ErrorCodes.LineTooLong.Remedy}");
        }

        if (http.Request.Headers.Count > HeaderCountMax || SizeOf(http.Request.Headers) > HeadersMax)
        {
            throw new RefusalException(ErrorCodes.HeadersTooLarge, ErrorCodes.HeadersTooLarge.Text);
        }

        var body = await ParameterReader.ReadBodyAsync(http);
        var nonce = operation.IsOpen ? null : await IdentifyAsync(http, body, trace);
        var principal = trace.Principal;
        limits.Check(principal, trace.Address);
        var parameters = operation.TakesFile && MultipartBody.Is(http)
            ? ParameterReader.Join(http, default, operation).With(await MultipartBody.ReadAsync(http, body))
            : ParameterReader.Join(http, body, operation);
        trace.Subject = operation.Changes && !operation.IsOpen ? CallAudit.SubjectOf(http, parameters) : "";
        gate.Check(http, operation, principal, parameters);
        var reachable = new ReachableWorkspaces(workspaces, principal, operation.Action);
        if (operation.InWorkspace)
        {
            var name = parameters.RequiredText("projectCode");
            trace.Workspace = reachable.Find(name) ?? throw new RefusalException(ErrorCodes.WorkspaceNotFound, $"There is no workspace '{name}'.");
        }

        return await operation.Handle(new Call
        {
            Http = http,
            Principal = principal,
            Parameters = parameters,
            IsCloud = trace.IsCloud,
            Nonce = nonce,
            InWorkspace = trace.Workspace,
            Workspaces = reachable,
            Address = trace.Address,
            Trace = trace,
        });
    }

    private async ValueTask<Storage.Identities.NonceRow?> IdentifyAsync(HttpContext http, ReadOnlyMemory<byte> body, CallTrace trace)
    {
        var who = await authenticator.IdentifyAsync(http, Authenticator.IsCloud(http.Request), body);
        trace.Credential = who.Credential;
        if (who.Principal is not { } principal)
        {
            throw new RefusalException(who.Refusal!);
        }

        trace.Principal = principal;
        return who.Nonce;
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

    [LoggerMessage(LogLevel.Warning, "The stream {Path} ends, the store is not available: {Reason}")]
    private partial void LogStreamBroken(string path, string reason);

    [LoggerMessage(LogLevel.Error, "Request {RequestId} {Method} {Path} failed")]
    private partial void LogFailed(Exception e, string requestId, string method, string path);
}
