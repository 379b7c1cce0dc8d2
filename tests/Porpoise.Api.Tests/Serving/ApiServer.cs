using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Porpoise.Access.Audit;
using Porpoise.Access.Identities;
using Porpoise.Access.Secrets;
using Porpoise.Access.Signatures;
using Porpoise.Access.Signatures.Nonces;
using Porpoise.Api.Definitions;
using Porpoise.Api.Monitor;
using Porpoise.Api.Operations;
using Porpoise.Api.Security;
using Porpoise.Client;
using Porpoise.Core.Policies;
using Porpoise.Core.Workflows;
using Porpoise.Engine;
using Porpoise.Engine.Queues;
using Porpoise.Storage.Audit;
using Porpoise.Storage.Commits;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Sqlite;
using Porpoise.Worker.Attempts;
using Porpoise.Worker.Runners;

namespace Porpoise.Api.Tests.Serving;

/// <summary>All operations on a port of this process, over a store of their own in a temporary folder; attempts are run by hand.</summary>
public sealed class ApiServer : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("porpoise-api-");
    private readonly MasterKey _masterKey = new(new byte[MasterKey.Length]);
    private RootAccount _root = null!;
    private CodeMint _codes = null!;
    private WebApplication _app = null!;
    private RunEngine _engine = null!;
    private WorkspaceDirectory _workspaces = null!;
    private AccessGate _gate = null!;
    private PasswordGate _passwords = null!;
    private AuditLog _auditLog = null!;
    private AttemptLogs _attemptLogs = null!;
    private readonly CallLimits _limits = new(0);
    private readonly ConnectionTest _connectionTest = new("/nonexistent/porpoise");

    public SqliteStore Store { get; private set; } = null!;

    public KeyRing Keys { get; private set; } = null!;

    public HandWorker Worker { get; private set; } = null!;

    public QueueCatalog Queues { get; private set; } = null!;

    public OperationTable Table { get; private set; } = null!;

    /// <summary>Calls as a DolphinScheduler client makes them.</summary>
    public ApiCaller Dolphin { get; private set; } = null!;

    /// <summary>Signed calls.</summary>
    public ApiCaller Cloud { get; private set; } = null!;

    /// <summary>The workspace that the installation began with.</summary>
    public WorkspaceRow Workspace { get; private set; } = null!;

    public string Token => _root.Token;

    public RootAccount Root => _root;

    public Uri Url => new(_app.Urls.Single());

    public async ValueTask InitializeAsync()
    {
        var clock = TimeProvider.System;
        var logs = NullLoggerFactory.Instance;
        Store = SqliteStore.Open(new SqliteStoreOptions(Path.Combine(_folder.FullName, "s.db"), clock, new CommitThread(), () => "test"));
        _codes = new CodeMint(Store, clock);
        _root = RootAccount.Invent((await _codes.TakeAsync(1))[0]);
        await _root.StoreAsync(Store, _masterKey, clock.GetUtcNow());
        Keys = new KeyRing(Store, Store, _masterKey, clock, NullLogger<KeyRing>.Instance);
        _gate = new AccessGate(_masterKey, clock);
        _passwords = new PasswordGate(clock);
        _auditLog = new AuditLog(Store, NullLogger<AuditLog>.Instance);
        var attempts = Path.Combine(_folder.FullName, "attempts");
        _attemptLogs = new AttemptLogs(attempts);
        Worker = new HandWorker(attempts);
        var groups = new WorkerGroupCatalog(Store);
        await groups.LoadAsync(64, isChosen: false, clock.GetUtcNow());
        var queues = Queues = new QueueCatalog(Store);
        await queues.LoadAsync();
        _engine = new RunEngine(Store, Worker, new EngineOptions(64) { Groups = groups }, clock, logs, queues: queues);
        Worker.Attach(_engine);
        _workspaces = new WorkspaceDirectory(Store, Store);
        await _workspaces.LoadAsync();
        Workspace = _workspaces.All[0];
        Table = new ApiParts
        {
            Store = Store,
            Access = Store,
            Audit = Store,
            Keys = Keys,
            MasterKey = _masterKey,
            Gate = _gate,
            Passwords = _passwords,
            Engine = _engine,
            Queues = queues,
            WorkerGroups = groups,
            Workspaces = _workspaces,
            Codes = _codes,
            AttemptLogs = _attemptLogs,
            Server = new ThisServer("here", clock.GetUtcNow(), _folder.FullName),
            ConnectionTest = _connectionTest,
            RandomHex = RandomText.Hex,
            Clock = clock,
            Logs = logs,
            HasSpark = true,
        }.Operations();
        await StartAsync(clock);
    }

    public async ValueTask DisposeAsync()
    {
        Dolphin.Dispose();
        Cloud.Dispose();
        await _app.DisposeAsync();
        await _auditLog.DisposeAsync();
        _passwords.Dispose();
        _limits.Dispose();
        _connectionTest.Dispose();
        await _engine.DisposeAsync();
        _attemptLogs.Dispose();
        await Store.DisposeAsync();
        _workspaces.Dispose();
        Queues.Dispose();
        _codes.Dispose();
        _masterKey.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>A definition straight into the store, so that these tests say nothing about how definitions are read.</summary>
    public async Task<WorkflowCode> SaveAsync(WorkflowDefinition definition, bool publish = true, WorkspaceRow? workspace = null)
    {
        var code = new WorkflowCode((await _codes.TakeAsync(1))[0]);
        var saved = await Store.CreateWorkflowAsync((workspace ?? Workspace).Id, code, definition, publish, "root", TimeProvider.System.GetUtcNow(), nonce: null);
        Assert.IsType<Storage.Workflows.SaveWorkflowResult.Saved>(saved);
        return code;
    }

    /// <summary>Another workspace, made over HTTP.</summary>
    public async Task<WorkspaceRow> CreateWorkspaceAsync()
    {
        var created = (await Dolphin.PostAsync("/dolphinscheduler/projects", ("projectName", "p-" + Guid.NewGuid().ToString("N")))).Data();
        return _workspaces.Find(created.GetProperty("code").GetInt64().ToString(CultureInfo.InvariantCulture))!;
    }

    /// <summary>A user with these system policies, who is what <paramref name="role"/> says in the workspace, and a caller with its token.</summary>
    public async Task<ApiCaller> CreateUserAsync(string name, IEnumerable<string> policies, WorkspaceRole? role = null, WorkspaceRow? workspace = null)
    {
        var (now, token) = (TimeProvider.System.GetUtcNow(), RandomText.Hex(32));
        var user = new IdentityRow(IdentityKind.User, RandomText.Digits(18), name, "", now);
        Assert.Equal(ChangeAccessResult.Changed, await Store.CreateIdentityAsync(user, nonce: null));
        Assert.Equal(ChangeAccessResult.Changed, await Store.CreateApiTokenAsync(new ApiTokenRow(RandomText.Hex(16), RootAccount.HashToken(token), user.Id, "test", ExpiresAt: null, now), nonce: null));
        foreach (var policy in policies)
        {
            Assert.Equal(ChangeAccessResult.Changed, await Store.SetAttachmentAsync(user.Id, policy, isSystem: true, isAttached: true, now, nonce: null));
        }

        if (role is { } given)
        {
            Assert.Equal(ChangeAccessResult.Changed, await Store.SetMemberAsync(new MemberRow((workspace ?? Workspace).Id, user.Id, given, now), nonce: null));
        }

        Keys.Forget();
        return ApiCaller.WithToken(Url, token);
    }

    /// <summary>An access key of a user that <see cref="CreateUserAsync"/> made.</summary>
    public async Task<AcsCredentials> CreateAccessKeyAsync(string userName)
    {
        var user = (await Store.FindIdentityAsync(IdentityKind.User, userName))!;
        var (id, secret) = ("LTAI" + RandomText.Letters(20), RandomText.Letters(30));
        Assert.Equal(ChangeAccessResult.Changed, await Store.CreateAccessKeyAsync(new AccessKeyRow(id, user.Id, _masterKey.Encrypt(secret, id), IsActive: true, TimeProvider.System.GetUtcNow()), nonce: null));
        return new AcsCredentials(id, secret);
    }

    /// <summary>A custom policy on an identity.</summary>
    public async Task AttachAsync(IdentityKind kind, string name, string document)
    {
        var (policy, now) = ("p-" + Guid.NewGuid().ToString("N"), TimeProvider.System.GetUtcNow());
        Assert.Equal(ChangeAccessResult.Changed, await Store.CreatePolicyAsync(new PolicyRow(policy, "", 1, now), document, nonce: null));
        Assert.Equal(ChangeAccessResult.Changed, await Store.SetAttachmentAsync((await Store.FindIdentityAsync(kind, name))!.Id, policy, isSystem: false, isAttached: true, now, nonce: null));
        Keys.Forget();
    }

    /// <summary>The rows of the audit log, newest first, once all that were on their way are there.</summary>
    public async Task<IReadOnlyList<AuditRow>> ReadAuditAsync(AuditFilter filter, int count)
    {
        for (var patience = 0; patience < 500; patience++)
        {
            if (await Store.ListAuditAsync(filter, beforeId: null, 1_000) is { } rows && rows.Count >= count)
            {
                return rows;
            }

            await Task.Delay(10);
        }

        return await Store.ListAuditAsync(filter, beforeId: null, 1_000);
    }

    private async Task StartAsync(TimeProvider clock)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestLineSize = 2 * RequestPipeline.LineMax;
            kestrel.Limits.MaxRequestHeadersTotalSize = 4 * RequestPipeline.HeadersMax;
            kestrel.Limits.MaxRequestHeaderCount = 4 * RequestPipeline.HeaderCountMax;
            kestrel.Limits.MaxRequestBufferSize = 4 * RequestPipeline.LineMax;
            kestrel.Limits.MaxRequestBodySize = null;
        });
        _app = builder.Build();
        var authenticator = new Authenticator(Keys, new NonceBuckets(new NonceLimits()), SignatureOptions.Default, clock);
        var audit = new CallAudit(_auditLog, new FailureTally(clock), clock);
        Table.Map(_app, new RequestPipeline(authenticator, new ConnectionLimit(int.MaxValue), _limits, _gate, _workspaces, audit, NullLogger<RequestPipeline>.Instance));
        await _engine.RecoverAsync();
        await _app.StartAsync();
        Dolphin = ApiCaller.WithToken(Url, _root.Token);
        Cloud = ApiCaller.Signing(Url, new AcsCredentials(_root.AccessKeyId, _root.AccessKeySecret));
    }
}

/// <summary>A test on a server that its class shares.</summary>
public abstract class ApiTest(ApiServer server) : IClassFixture<ApiServer>
{
    protected ApiServer Server => server;

    protected ApiCaller Dolphin => server.Dolphin;

    protected ApiCaller Cloud => server.Cloud;

    /// <summary>Below the workspace that the installation began with.</summary>
    protected string Project => PathOf(server.Workspace);

    protected static string PathOf(WorkspaceRow workspace) => string.Create(CultureInfo.InvariantCulture, $"/dolphinscheduler/projects/{workspace.ProjectCode}");

    /// <summary>Starts a run of the definition and waits for its end.</summary>
    protected async Task<int> RunAsync(WorkflowDefinition definition, params (string Name, object? Value)[] more)
    {
        var run = await StartAsync(await server.SaveAsync(definition), more);
        await WaitAsync(run);
        return run;
    }

    protected async Task<int> StartAsync(WorkflowCode code, params (string Name, object? Value)[] more) => (await TryStartAsync(code, more)).Data()[0].GetInt32();

    protected Task<Reply> TryStartAsync(WorkflowCode code, params (string Name, object? Value)[] more) =>
        Dolphin.PostAsync(Project + "/executors/start-process-instance", [("processDefinitionCode", code.Value), .. more]);

    /// <summary>The run, ended.</summary>
    protected async Task<System.Text.Json.JsonElement> WaitAsync(int run)
    {
        var ended = (await Dolphin.GetAsync($"{Project}/process-instances/{run}", ("waitSeconds", 30))).Data();
        Assert.Equal(System.Text.Json.JsonValueKind.String, ended.GetProperty("endTime").ValueKind);
        return ended;
    }
}
