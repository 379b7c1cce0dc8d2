using Microsoft.Extensions.Logging.Abstractions;
using Porpoise.Api.Definitions;
using Porpoise.Api.Logs;
using Porpoise.Api.Operations;
using Porpoise.Api.Runs;
using Porpoise.Engine;
using Porpoise.Engine.Dispatch;
using Porpoise.Storage.Commits;
using Porpoise.Storage.Sqlite;
using Porpoise.Worker.Attempts;

namespace Porpoise.Api.Tests.Operations;

public sealed class OperationTableTests
{
    [Fact]
    public async Task Every_operation_names_its_action_and_its_summary()
    {
        var folder = Directory.CreateTempSubdirectory("porpoise-api-");
        try
        {
            await using var store = SqliteStore.Open(new SqliteStoreOptions(Path.Combine(folder.FullName, "s.db"), TimeProvider.System, new CommitThread(), () => "x"));
            using var codes = new CodeMint(store, TimeProvider.System);
            await using var engine = new RunEngine(store, new NoWorker(), new EngineOptions(1), TimeProvider.System, NullLoggerFactory.Instance);
            Operation[] operations =
            [
                .. new DefinitionOperations(store, codes, TimeProvider.System).Table,
                .. new RunOperations(store, engine, TimeProvider.System).Table,
                .. new LogOperations(store, new AttemptLogs(folder.FullName)).Table,
            ];
            Assert.All(operations, o => Assert.Matches("^[a-z-]+:[A-Z][A-Za-z]+$", o.Action));
            Assert.All(operations, o => Assert.NotEmpty(o.Summary));
            Assert.Equal(operations.Length, operations.Select(o => (o.Method, o.Path)).Distinct().Count());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed class NoWorker : IWorker
    {
        public void Start(AttemptOrder order) => throw new NotSupportedException();

        public void Resume(AttemptOrder order) => throw new NotSupportedException();

        public void End(AttemptOrder order) => throw new NotSupportedException();
    }
}
