using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Porpoise.Explorer.Tests;

/// <summary>A real Chromium without a window, driven by a Node process; both are installed when they are missing, and started for the first page.</summary>
public sealed class Browser : IAsyncDisposable
{
    private const string Chromium = "/usr/bin/chromium";
    private static readonly TimeSpan InstallPatience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan CallPatience = TimeSpan.FromMinutes(2);
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "browser");

    private readonly SemaphoreSlim _gate = new(1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _waiting = new();
    private Process? _node;
    private int _lastId;

    /// <summary>The page of a server, by a name that is not this machine's as far as the browser knows.</summary>
    public async Task<BrowserPage> OpenAsync(Uri server, string path) => new(this, (await SendAsync(0, "open", server.Port, path)).GetInt32());

    public async ValueTask DisposeAsync()
    {
        if (_node is { } node)
        {
            node.StandardInput.Close(); // the session closes Chromium, and ends
            await node.WaitForExitAsync().WaitAsync(CallPatience);
            node.Dispose();
        }

        _gate.Dispose();
    }

    internal async Task<JsonElement> SendAsync(int page, string act, params object[] args)
    {
        var id = Interlocked.Increment(ref _lastId);
        var waiting = _waiting[id] = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _gate.WaitAsync();
        try
        {
            var node = _node ??= await StartAsync();
            await node.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { id, page, act, args }));
            await node.StandardInput.FlushAsync();
        }
        finally
        {
            _gate.Release();
        }

        return await waiting.Task.WaitAsync(CallPatience);
    }

    private async Task<Process> StartAsync()
    {
        if (!File.Exists(Chromium))
        {
            await RunAsync("apt-get", "install", "-y", "--no-install-recommends", "chromium");
        }

        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "playwright-core")))
        {
            await RunAsync("npm", "ci", "--ignore-scripts");
        }

        var node = Start("node", "session.mjs", Chromium);
        _ = ReadAsync(node);
        return node;
    }

    private async Task ReadAsync(Process node)
    {
        var said = node.StandardError.ReadToEndAsync();
        while (await node.StandardOutput.ReadLineAsync() is { } line)
        {
            var reply = JsonDocument.Parse(line).RootElement;
            if (_waiting.TryRemove(reply.GetProperty("id").GetInt32(), out var waiting))
            {
                if (reply.TryGetProperty("error", out var error))
                {
                    waiting.SetException(new InvalidOperationException(error.GetString()));
                }
                else
                {
                    waiting.SetResult(reply.GetProperty("result"));
                }
            }
        }

        var ended = new InvalidOperationException("The browser's session ended: " + await said);
        foreach (var waiting in _waiting.Values)
        {
            waiting.TrySetException(ended);
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(InstallPatience);
        Assert.True(process.ExitCode == 0, $"'{program} {string.Join(' ', arguments)}' failed with {process.ExitCode}:\n{await output}{await error}");
    }

    private static Process Start(string program, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = Folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}

/// <summary>A page in a session of its own: what it stores, no other page sees.</summary>
public sealed class BrowserPage(Browser browser, int number)
{
    public Task FillAsync(string selector, string text) => browser.SendAsync(number, "fill", selector, text);

    public Task ClickAsync(string selector) => browser.SendAsync(number, "click", selector);

    public Task CheckAsync(string selector) => browser.SendAsync(number, "check", selector);

    public Task WaitAsync(string selector) => browser.SendAsync(number, "wait", selector);

    public async Task<string> TextAsync(string selector) => (await browser.SendAsync(number, "text", selector)).GetString()!;

    public Task<JsonElement> EvaluateAsync(string script) => browser.SendAsync(number, "evaluate", script);

    public Task ResizeAsync(int width, int height) => browser.SendAsync(number, "size", width, height);

    public Task TakePictureAsync(string path) => browser.SendAsync(number, "picture", path);

    public async Task<int> CountCookiesAsync() => (await browser.SendAsync(number, "cookies")).GetInt32();

    /// <summary>Errors, warnings, what the page's own policy forbade, and requests to anywhere else.</summary>
    public async Task<IReadOnlyList<string>> ListProblemsAsync() => [.. (await browser.SendAsync(number, "problems")).EnumerateArray().Select(p => p.GetString()!)];
}
