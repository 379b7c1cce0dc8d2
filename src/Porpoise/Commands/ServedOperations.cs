using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging.Abstractions;
using Porpoise.Access.Identities;
using Porpoise.Access.Secrets;
using Porpoise.Api;
using Porpoise.Api.Definitions;
using Porpoise.Api.Monitor;
using Porpoise.Api.Operations;
using Porpoise.Api.Security;
using Porpoise.Engine;
using Porpoise.Engine.Queues;
using Porpoise.Storage.Commits;
using Porpoise.Storage.Sqlite;
using Porpoise.Worker;
using Porpoise.Worker.Attempts;
using Porpoise.Worker.Runners;

namespace Porpoise.Commands;

/// <summary>The operations that a server of this version has. Their table is made from a server's parts, so those are put together once, over a store that nobody sees and that is gone afterwards.</summary>
internal static class ServedOperations
{
    public static async Task<IReadOnlyList<Operation>> ReadAsync()
    {
        var folder = Directory.CreateTempSubdirectory("porpoise-reference-");
        try
        {
            return await ReadAsync(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>An array of objects, for programs.</summary>
    public static string WriteJson(IEnumerable<Operation> operations) =>
        JsonSerializer.Serialize(operations.Select(o => new OperationLine(o.Method, o.Path, o.RpcName, o.Action, o.Summary, o.IsOpen)).ToArray(), OperationJson.Default.OperationLineArray);

    private static async Task<IReadOnlyList<Operation>> ReadAsync(string folder)
    {
        var (clock, logs) = (TimeProvider.System, NullLoggerFactory.Instance);
        await using var store = SqliteStore.Open(new SqliteStoreOptions(Path.Combine(folder, "porpoise.db"), clock, new CommitThread(), () => RandomText.Hex(16)));
        using var groups = new WorkerGroupCatalog(store);
        using var codes = new CodeMint(store, clock);
        using var workspaces = new WorkspaceDirectory(store, store);
        await using var worker = new LocalWorker(new LocalWorkerOptions { Root = folder, InstallId = store.InstallId }, clock, logs.CreateLogger<LocalWorker>());
        await using var engine = new RunEngine(store, worker, new EngineOptions(1), clock, logs);
        using var masterKey = new MasterKey(new byte[MasterKey.Length]);
        using var passwords = new PasswordGate(clock);
        using var attemptLogs = new AttemptLogs(folder);
        using var connectionTest = new ConnectionTest("porpoise");
        return new ApiParts
        {
            Store = store,
            Access = store,
            Audit = store,
            Keys = new KeyRing(store, store, masterKey, clock, logs.CreateLogger<KeyRing>()),
            MasterKey = masterKey,
            Gate = new AccessGate(masterKey, clock),
            Passwords = passwords,
            Engine = engine,
            Queues = new QueueCatalog(store),
            WorkerGroups = groups,
            Workspaces = workspaces,
            Codes = codes,
            AttemptLogs = attemptLogs,
            Server = new ThisServer(Environment.MachineName, clock.GetUtcNow(), folder),
            ConnectionTest = connectionTest,
            RandomHex = RandomText.Hex,
            Clock = clock,
            Logs = logs,
        }.Operations().All;
    }
}

/// <param name="Rpc">Set for operations at <c>/</c>, which are told apart by this name.</param>
/// <param name="Open">True when it takes no credentials.</param>
internal sealed record OperationLine(string Method, string Path, string? Rpc, string Action, string Summary, bool Open);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(OperationLine[]))]
internal sealed partial class OperationJson : JsonSerializerContext;
