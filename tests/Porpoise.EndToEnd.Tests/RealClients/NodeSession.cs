using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Porpoise.Client;
using Porpoise.EndToEnd.Tests.RealClients;

[assembly: AssemblyFixture(typeof(NodeSession))]

namespace Porpoise.EndToEnd.Tests.RealClients;

/// <summary>What a vendor's client made of an answer: it returned it, or it threw.</summary>
public sealed record NodeReply(JsonElement? Answer, JsonElement? Error)
{
    /// <summary>The body as the client gave it to its caller; pop-core gives nothing else.</summary>
    public JsonElement Body => Answer is { } answer ? answer.TryGetProperty("body", out var body) ? body : answer : throw new InvalidOperationException($"The client threw: {Error}");

    public string ErrorText(string member) => Error is { } error ? error.GetProperty(member).GetString()! : throw new InvalidOperationException($"The client threw nothing, but returned: {Answer}");
}

/// <summary>A Node process that makes calls with the vendor's own clients; started, and its packages installed, at the first call.</summary>
public sealed class NodeSession : IAsyncDisposable
{
    /// <summary>The folder of this repository.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Where their packages are installed.</summary>
    public static string Clients { get; } = Path.Combine(Repository, "tests", "clients");

    private static readonly TimeSpan InstallPatience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan CallPatience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _gate = new(1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<NodeReply>> _waiting = new();
    private Process? _node;
    private int _lastId;

    /// <summary>Makes a call; <c>client</c> is openapi-core, openapi-client or pop-core.</summary>
    public Task<NodeReply> CallAsync(string client, Uri server, string accessKeyId, string secret, string action, string method, string path, params (string Name, object? Value)[] query) =>
        CallAsync(client, server, new AcsCredentials(accessKeyId, secret), action, method, path, query);

    public Task<NodeReply> CallAsync(string client, Uri server, AcsCredentials key, string action, string method, string path, params (string Name, object? Value)[] query) =>
        SendAsync(Describe(client, server, key, action, method, path, query));

    /// <summary>A call of the older style, at <c>/</c>: the name of the action says what is wanted.</summary>
    public Task<NodeReply> CallRpcAsync(string client, Uri server, AcsCredentials key, string version, string action, bool inBody, params (string Name, object? Value)[] parameters)
    {
        var call = Describe(client, server, key, action, "POST", "/", inBody ? [] : parameters);
        call["style"] = "RPC";
        call["version"] = version;
        if (inBody)
        {
            call["body"] = Object(parameters);
        }

        return SendAsync(call);
    }

    /// <summary>Sees to it that the vendor's clients are in tests/clients/node_modules.</summary>
    public async Task InstallAsync()
    {
        await _gate.WaitAsync();
        try
        {
            await InstallAsync(Clients);
        }
        finally
        {
            _gate.Release();
        }
    }

    private static JsonObject Describe(string client, Uri server, AcsCredentials key, string action, string method, string path, (string Name, object? Value)[] query) => new()
    {
        ["client"] = client,
        ["endpoint"] = server.Authority,
        ["accessKeyId"] = key.AccessKeyId,
        ["accessKeySecret"] = key.AccessKeySecret,
        ["securityToken"] = key.SecurityToken,
        ["action"] = action,
        ["method"] = method,
        ["pathname"] = path,
        ["query"] = Object(query),
    };

    private static JsonObject Object((string Name, object? Value)[] members) =>
        new(members.Select(p => KeyValuePair.Create(p.Name, (JsonNode?)Convert.ToString(p.Value, System.Globalization.CultureInfo.InvariantCulture))));

    private async Task<NodeReply> SendAsync(JsonObject call)
    {
        var node = await StartedAsync();
        var id = Interlocked.Increment(ref _lastId);
        var waiting = _waiting[id] = new TaskCompletionSource<NodeReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        call["id"] = id;
        await _gate.WaitAsync();
        try
        {
            await node.StandardInput.WriteLineAsync(call.ToJsonString());
            await node.StandardInput.FlushAsync();
        }
        finally
        {
            _gate.Release();
        }

        return await waiting.Task.WaitAsync(CallPatience);
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is { } node)
        {
            node.Kill();
            await node.WaitForExitAsync();
        }

        _node?.Dispose();
        _gate.Dispose();
    }

    private async Task<Process> StartedAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_node is null)
            {
                await InstallAsync(Clients);
                _node = Start("node", Clients, "session.mjs");
                _ = ReadAsync(_node);
            }

            return _node;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task ReadAsync(Process node)
    {
        while (await node.StandardOutput.ReadLineAsync() is { } line)
        {
            var reply = JsonDocument.Parse(line).RootElement;
            if (_waiting.TryRemove(reply.GetProperty("id").GetInt32(), out var waiting))
            {
                waiting.SetResult(new NodeReply(
                    reply.TryGetProperty("answer", out var answer) ? answer : null,
                    reply.TryGetProperty("error", out var error) ? error : null));
            }
        }

        var ended = new InvalidOperationException("The Node process ended: " + await node.StandardError.ReadToEndAsync());
        foreach (var waiting in _waiting.Values)
        {
            waiting.TrySetException(ended);
        }
    }

    /// <summary>npm notes in node_modules/.package-lock.json what it installed, and when.</summary>
    private static async Task InstallAsync(string folder)
    {
        var installed = new FileInfo(Path.Combine(folder, "node_modules", ".package-lock.json"));
        if (installed.Exists && installed.LastWriteTimeUtc >= File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json")))
        {
            return;
        }

        using var npm = Start("npm", folder, "ci", "--ignore-scripts");
        npm.StandardInput.Close();
        var output = npm.StandardOutput.ReadToEndAsync();
        var error = npm.StandardError.ReadToEndAsync();
        await npm.WaitForExitAsync().WaitAsync(InstallPatience);
        Assert.True(npm.ExitCode == 0, $"'npm ci' in {folder} failed with {npm.ExitCode}:\n{await output}{await error}");
    }

    private static Process Start(string program, string folder, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Porpoise.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("The tests do not run inside the repository, so what they need of it is not to be found.");
    }
}
