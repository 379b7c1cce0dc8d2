using Porpoise.Access.Identities;
using Porpoise.Access.Secrets;
using Porpoise.Access.Signatures;
using Porpoise.Access.Signatures.Nonces;
using Porpoise.Api.Definitions;
using Porpoise.Api.Logs;
using Porpoise.Api.Operations;
using Porpoise.Api.Runs;
using Porpoise.Api.Security;
using Porpoise.Engine;
using Porpoise.Storage;
using Porpoise.Storage.Commits;
using Porpoise.Storage.Sqlite;
using Porpoise.Worker;
using Porpoise.Worker.Attempts;

namespace Porpoise.Serving;

/// <summary>The composition root: opens the data folder, puts the parts together, serves until it is told to stop.</summary>
internal static partial class Server
{
    private const int ConnectionsMax = 20_000;
    private const int NoncesMax = 1_000_000;
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3);

    /// <summary>Exit code: 0 after an orderly stop, 1 when the server could not start.</summary>
    public static async Task<int> RunAsync(ServeOptions options)
    {
        try
        {
            return await ServeAsync(options);
        }
        catch (Exception e) when (e is StartException or StoreUnavailableException or PlatformNotSupportedException)
        {
            await Console.Error.WriteLineAsync("porpoise: " + e.Message);
            return 1;
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"porpoise: {options.Urls} is in use by another program. Stop it, or choose another address with --urls.");
            return 1;
        }
    }

    private static async Task<int> ServeAsync(ServeOptions options)
    {
        var clock = TimeProvider.System;
        using var folder = DataFolder.Open(options.Data);
        await using var store = SqliteStore.Open(new SqliteStoreOptions(folder.Store, clock, new CommitThread(), () => RandomText.Hex(16)));
        ProtectStoreFiles(folder);
        var isFirstStart = await store.FindRootAsync() is null;
        using var masterKey = folder.ReadMasterKey(mayCreate: isFirstStart);
        using var codes = new CodeMint(store, clock);
        if (isFirstStart)
        {
            var root = RootAccount.Invent((await codes.TakeAsync(1))[0]);
            DataFolder.WritePrivate(folder.RootKey, RootKeyFile.Write(root)); // first: credentials that nobody can read would lock everybody out
            await root.StoreAsync(store, masterKey, clock.GetUtcNow());
        }

        // The empty builder: the others read settings from files in the current folder, and watch all of it for changes.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        ConfigureWeb(builder, options);
        await using var app = builder.Build();
        var logs = app.Services.GetRequiredService<ILoggerFactory>();
        var worker = new LocalWorker(new LocalWorkerOptions { Root = folder.Attempts, InstallId = store.InstallId }, clock, logs.CreateLogger<LocalWorker>());
        var engine = new RunEngine(store, worker, new EngineOptions(options.Slots), clock, logs);
        worker.Attach(engine);

        var workspaces = new WorkspaceDirectory(await store.ListWorkspacesAsync());
        var nonces = await LoadNoncesAsync(store, clock);
        var authenticator = new Authenticator(new KeyRing(store, masterKey), nonces, SignatureOptions.Default with { AllowRoa = options.AllowRoaSignature }, clock);
        var pipeline = new RequestPipeline(authenticator, workspaces, logs.CreateLogger<RequestPipeline>());
        var table = new OperationTable(
        [
            .. new DefinitionOperations(store, codes, clock).Table,
            .. new RunOperations(store, engine, clock).Table,
            .. new LogOperations(store, new AttemptLogs(folder.Attempts)).Table,
        ]);
        var health = new HealthChecks(store);
        health.Map(app);
        table.Map(app, pipeline);

        await engine.RecoverAsync();
        using var stop = StopSignals.Listen();
        await app.StartAsync();
        health.IsReady = true;
        foreach (var url in app.Urls)
        {
            Console.WriteLine($"Porpoise is ready at {url} (workspace {workspaces.All[0].Id})");
        }

        using var sweeper = new Sweeper(store, clock, logs.CreateLogger<Sweeper>());
        await stop.Requested;
        health.IsReady = false;
        await StopAsync(app, engine, worker, options.StopTasks, clock);
        return 0;
    }

    /// <summary>First no new work, then the answers that are under way, then the attempts: left running for the next server, or ended for it to run again.</summary>
    private static async Task StopAsync(WebApplication app, RunEngine engine, LocalWorker worker, bool stopTasks, TimeProvider clock)
    {
        using var patience = new CancellationTokenSource(StopPatience, clock);
        await engine.DisposeAsync();
        try
        {
            await app.StopAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // Callers that still wait for an answer are cut off; whatever was acknowledged is durable.
        }

        if (stopTasks)
        {
            await worker.EndAllAsync(CancellationToken.None);
        }

        await worker.DisposeAsync();
    }

    private static void ConfigureWeb(WebApplicationBuilder builder, ServeOptions options)
    {
        builder.Services.AddRoutingCore();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // what keeps the server from starting is said in one line, by RunAsync
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls(options.Urls);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Above our own limits, because Kestrel's own refusals have an empty body, which no client can read.
            kestrel.Limits.MaxRequestLineSize = 2 * RequestPipeline.LineMax;
            kestrel.Limits.MaxRequestHeadersTotalSize = 4 * RequestPipeline.HeadersMax;
            kestrel.Limits.MaxRequestHeaderCount = 4 * RequestPipeline.HeaderCountMax;
            kestrel.Limits.MaxRequestBufferSize = 4 * RequestPipeline.LineMax;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopPatience);
    }

    private static async Task<NonceBuckets> LoadNoncesAsync(SqliteStore store, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var nonces = new NonceBuckets(new NonceLimits());
        var stored = await store.ListNoncesAsync(now, NoncesMax);
        nonces.Load(stored.Select(n => new UsedNonce(new AccessKeyId(n.AccessKeyId), NonceHash.From(n.Hash), n.KeepUntil)), now);
        return nonces;
    }

    /// <summary>The folder keeps others out already; this holds also for copies of the files.</summary>
    private static void ProtectStoreFiles(DataFolder folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder.Path, "porpoise.db*"))
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
