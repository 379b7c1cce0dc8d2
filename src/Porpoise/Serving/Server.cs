using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Hosting.Systemd;
using Porpoise.Access.Audit;
using Porpoise.Access.Identities;
using Porpoise.Access.Secrets;
using Porpoise.Access.Signatures;
using Porpoise.Access.Signatures.Nonces;
using Porpoise.Api;
using Porpoise.Api.Definitions;
using Porpoise.Api.Monitor;
using Porpoise.Api.OpenApi;
using Porpoise.Api.Operations;
using Porpoise.Api.Security;
using Porpoise.Engine;
using Porpoise.Engine.Queues;
using Porpoise.Explorer;
using Porpoise.Storage;
using Porpoise.Storage.Commits;
using Porpoise.Storage.Sqlite;
using Porpoise.Worker;
using Porpoise.Worker.Attempts;
using Porpoise.Worker.Processes;
using Porpoise.Worker.Runners;

namespace Porpoise.Serving;

/// <summary>The composition root: opens the data folder, puts the parts together, serves until it is told to stop.</summary>
internal static partial class Server
{
    /// <summary>Open files that connections leave to the store, to logs and to tasks.</summary>
    private const int FilesKept = 1_000;

    private const int NoncesMax = 1_000_000;
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3);

    /// <summary>Exit code: 0 after an orderly stop, 1 when the server could not start.</summary>
    public static async Task<int> RunAsync(ServeOptions options)
    {
        try
        {
            ProcessHardening.Apply();
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
        catch (System.Net.Sockets.SocketException e)
        {
            await Console.Error.WriteLineAsync($"porpoise: {options.Urls} cannot be listened at: {e.Message}. Choose another address with --urls.");
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
        var connections = new ConnectionLimit((int)Math.Min(options.Connections, Math.Max(1, OpenFiles.ReadMax() - FilesKept - ConnectionLimit.SpareMax)));
        ConfigureWeb(builder, options, connections);
        await using var app = builder.Build();
        var logs = app.Services.GetRequiredService<ILoggerFactory>();
        if (connections.Max < options.Connections)
        {
            LogFewerConnections(logs.CreateLogger<ConnectionLimit>(), connections.Max, options.Connections, OpenFiles.ReadMax());
        }

        await RotateSecretsAsync(store, masterKey, folder.MasterKey, logs.CreateLogger(typeof(SecretRotation)));
        var worker = StartWorker(options, folder, store.InstallId, new DataSourceLookup(store, masterKey), clock, logs);
        using var groups = new WorkerGroupCatalog(store);
        await groups.LoadAsync(options.Slots, options.SlotsAreChosen, clock.GetUtcNow());
        using var queues = new QueueCatalog(store);
        await queues.LoadAsync();
        var engine = new RunEngine(store, worker, new EngineOptions(options.Slots) { Groups = groups }, clock, logs, queues: queues);
        worker.Attach(engine);

        using var workspaces = new WorkspaceDirectory(store, store);
        await workspaces.LoadAsync();
        var nonces = await LoadNoncesAsync(store, clock);
        var keys = new KeyRing(store, store, masterKey, clock, logs.CreateLogger<KeyRing>());
        var gate = new AccessGate(masterKey, clock);
        using var passwords = new PasswordGate(clock);
        using var limits = new CallLimits(options.CallsPerSecond);
        await using var auditLog = new AuditLog(store, logs.CreateLogger<AuditLog>());
        var authenticator = new Authenticator(keys, nonces, SignatureOptions.Default with { AllowRoa = options.AllowRoaSignature }, clock);
        var audit = new CallAudit(auditLog, new FailureTally(clock), clock);
        var pipeline = new RequestPipeline(authenticator, connections, limits, gate, workspaces, audit, logs.CreateLogger<RequestPipeline>(), engine.Feed.Closed);
        using var attemptLogs = new AttemptLogs(folder.Attempts);
        using var connectionTest = new ConnectionTest(Environment.ProcessPath!);
        var parts = new ApiParts
        {
            Store = store,
            Access = store,
            Audit = store,
            Keys = keys,
            MasterKey = masterKey,
            Gate = gate,
            Passwords = passwords,
            Engine = engine,
            Queues = queues,
            WorkerGroups = groups,
            Workspaces = workspaces,
            Codes = codes,
            AttemptLogs = attemptLogs,
            Server = new ThisServer(Environment.MachineName, clock.GetUtcNow(), folder.Path),
            ConnectionTest = connectionTest,
            RandomHex = RandomText.Hex,
            Clock = clock,
            Logs = logs,
            HasSpark = options.Spark is not null,
        };
        TrustProxies(app, options.TrustedProxies);
        var health = new HealthChecks(store);
        health.Map(app);
        var operations = parts.Operations();
        operations.Map(app, pipeline);
        new PublishedDocuments(operations, typeof(Server).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion).Map(app);
        ExplorerPage.Map(app);

        await engine.RecoverAsync();
        using var stop = StopSignals.Listen();
        await app.StartAsync();
        health.IsReady = true;
        foreach (var url in app.Urls)
        {
            Console.WriteLine($"Porpoise is ready at {url} (workspace {(workspaces.All is [var oldest, ..] ? oldest.Id.Value : "none")})");
        }

        var serviceManager = new SystemdNotifier(); // says nothing where systemd has not asked
        serviceManager.Notify(ServiceState.Ready);
        using var sweeper = new Sweeper(store, store, store, keys, new AttemptSweep(folder.Attempts, options.Keep, clock), options.AuditDays, clock, logs.CreateLogger<Sweeper>());
        await stop.Requested;
        serviceManager.Notify(ServiceState.Stopping);
        health.IsReady = false;
        await StopAsync(app, engine, worker, options.StopTasks, clock);
        await sweeper.SaveUsesAsync();
        return 0;
    }

    private static LocalWorker StartWorker(ServeOptions options, DataFolder folder, string installId, DataSourceLookup dataSources, TimeProvider clock, ILoggerFactory logs)
    {
        var user = TaskUser.Choose(options.TaskUser);
        if (user is not null)
        {
            folder.LetPass();
        }

        var workerOptions = new LocalWorkerOptions
        {
            Root = folder.Attempts, InstallId = installId, TaskUser = user, Limits = options.TaskLimits, Keep = options.Keep, Jobs = options.Jobs, DataSources = dataSources, Spark = options.Spark,
        };
        return new LocalWorker(workerOptions, clock, logs.CreateLogger<LocalWorker>());
    }

    /// <summary>Who calls decides what policies say about addresses, so a proxy is believed only when it was named.</summary>
    private static void TrustProxies(WebApplication app, IReadOnlyList<System.Net.IPNetwork> proxies)
    {
        if (proxies.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            options.KnownIPNetworks.Add(proxy);
        }

        app.UseForwardedHeaders(options);
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

    private static void ConfigureWeb(WebApplicationBuilder builder, ServeOptions options, ConnectionLimit connections)
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
            kestrel.Limits.MaxConcurrentConnections = connections.Max + ConnectionLimit.SpareMax;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(connections.Count));
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

    /// <summary>Before anybody can call: a key that cannot be read should be known now, and not when its owner needs it.</summary>
    private static async Task RotateSecretsAsync(SqliteStore store, MasterKey masterKey, string file, ILogger log)
    {
        try
        {
            var changed = await SecretRotation.RunAsync(store, store, masterKey);
            if (masterKey.Count > 1)
            {
                LogRotated(log, changed, file);
            }
        }
        catch (CryptographicException e)
        {
            throw new StartException($"The master key {file} is not the one of this store. {e.Message} Put the missing line back, or the file.", e);
        }
    }

    [LoggerMessage(
        LogLevel.Information,
        "{Count} secrets were encrypted under the new master key; the other lines of {File} can be removed once temporary credentials issued before have expired (12 h)")]
    private static partial void LogRotated(ILogger log, int count, string file);

    [LoggerMessage(
        LogLevel.Warning,
        "{Count} connections are served at once instead of {Wanted}: the process may have {Files} files open. Allow more of those (ulimit -n, or LimitNOFILE= of systemd), or ask for fewer with --connections")]
    private static partial void LogFewerConnections(ILogger log, int count, int wanted, long files);

    /// <summary>The folder keeps others out already; this holds also for copies of the files.</summary>
    private static void ProtectStoreFiles(DataFolder folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder.Path, "porpoise.db*"))
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
