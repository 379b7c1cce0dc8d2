using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Porpoise.Client;

namespace Porpoise.Bench.Serving;

/// <summary>The requests of the workloads as bytes, ready to be sent.</summary>
internal sealed class Calls(Server server, AcsCredentials? credentials = null)
{
    private const string Prefix = "/dolphinscheduler";

    private readonly string _host = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{server.Port}");
    private readonly AcsCredentials _credentials = credentials ?? new(server.Key.AccessKeyId, server.Key.AccessKeySecret);

    private string Project => string.Create(CultureInfo.InvariantCulture, $"{Prefix}/projects/{server.Key.ProjectCode}");

    /// <summary>DolphinScheduler's start: a token, and a form like its own UI's.</summary>
    public byte[] Start(long workflow) => Post(
        Project + "/executors/start-process-instance",
        ("processDefinitionCode", workflow.ToString(CultureInfo.InvariantCulture)), ("scheduleTime", ""), ("failureStrategy", "CONTINUE"), ("warningType", "NONE"));

    /// <summary>The cloud's start: signed, with a nonce and a date of its own, parameters in the query.</summary>
    public byte[] SignedStart(long workflow)
    {
        var request = new AcsRequest
        {
            Method = "POST",
            Host = _host,
            Path = $"{Prefix}/projects/{server.Key.WorkspaceId}/executors/start-process-instance",
            Query =
            [
                new("processDefinitionCode", workflow.ToString(CultureInfo.InvariantCulture)), new("productNamespace", "SS"), new("isProd", "false"),
            ],
            Action = "StartProcessInstance",
        };
        var signature = AcsSigner.Sign(request, _credentials, TimeProvider.System.GetUtcNow(), RandomNumberGenerator.GetHexString(32, lowercase: true));
        var head = new StringBuilder($"POST {request.Path}?{signature.EncodedQuery} HTTP/1.1\r\n");
        foreach (var (name, value) in signature.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        return Encoding.ASCII.GetBytes(head.Append("Content-Length: 0\r\n\r\n").ToString());
    }

    /// <summary>Answers when the run has ended.</summary>
    public byte[] Wait(int run) => Get(string.Create(CultureInfo.InvariantCulture, $"{Project}/process-instances/{run}?waitSeconds=60"));

    public byte[] Counts(params ReadOnlySpan<(string Name, string Value)> query) => Get(WithQuery(Prefix + "/projects/analysis/process-state-count", query));

    public byte[] TaskCounts(params ReadOnlySpan<(string Name, string Value)> query) => Get(WithQuery(Prefix + "/projects/analysis/task-state-count", query));

    public byte[] Run(int run) => Get(string.Create(CultureInfo.InvariantCulture, $"{Project}/process-instances/{run}"));

    public byte[] TasksOf(int run) => Get(string.Create(CultureInfo.InvariantCulture, $"{Project}/process-instances/{run}/tasks"));

    /// <summary>A page of the run list; pages begin at 1.</summary>
    public byte[] Runs(int page, int size, params ReadOnlySpan<(string Name, string Value)> filter) => Page("process-instances", page, size, filter);

    /// <summary>A page of the task instance list.</summary>
    public byte[] Tasks(int page, int size, params ReadOnlySpan<(string Name, string Value)> filter) => Page("task-instances", page, size, filter);

    public byte[] Define(string name, string tasks, string edges) => Post(
        Project + "/process-definition",
        ("name", name), ("taskDefinitionJson", tasks), ("taskRelationJson", edges), ("executionType", "PARALLEL"), ("tenantCode", "default"),
        ("locations", "[]"), ("globalParams", "[]"), ("timeout", "0"));

    public byte[] Publish(long workflow) => Post(
        string.Create(CultureInfo.InvariantCulture, $"{Project}/process-definition/{workflow}/release"), ("releaseState", "ONLINE"), ("name", "bench"));

    /// <summary>Any operation of the administration.</summary>
    public byte[] Administer(string path, params ReadOnlySpan<(string Name, string Value)> form) => Post("/porpoise/v1" + path, form);

    private byte[] Page(string list, int page, int size, ReadOnlySpan<(string Name, string Value)> filter) =>
        Get(WithQuery(string.Create(CultureInfo.InvariantCulture, $"{Project}/{list}?pageNo={page}&pageSize={size}"), filter));

    private static string WithQuery(string path, ReadOnlySpan<(string Name, string Value)> query)
    {
        var text = new StringBuilder(path);
        foreach (var (name, value) in query)
        {
            text.Append(path.Contains('?', StringComparison.Ordinal) || text.Length > path.Length ? '&' : '?').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        return text.ToString();
    }

    private byte[] Get(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {_host}\r\ntoken: {server.Key.Token}\r\n\r\n");

    private byte[] Post(string path, params ReadOnlySpan<(string Name, string Value)> form)
    {
        var body = new StringBuilder();
        foreach (var (name, value) in form)
        {
            body.Append(body.Length == 0 ? "" : "&").Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        return Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: {_host}\r\ntoken: {server.Key.Token}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n{body}"));
    }
}
