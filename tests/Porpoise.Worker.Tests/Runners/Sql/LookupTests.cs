using Porpoise.Core.DataSources;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Storage;
using Porpoise.Worker.Attempts;
using Porpoise.Worker.Runners;

namespace Porpoise.Worker.Tests.Runners.Sql;

/// <summary>What becomes of a SQL task whose data source cannot be looked up.</summary>
public sealed class LookupTests : JobTest
{
    private const string Refusal = "The disk is full.";

    private static readonly TaskProgram Job = JobOf("SQL", """{ "type": "SQLITE", "datasource": 1, "sql": "select 42 as answer" }""");

    [Fact]
    public async Task It_waits_for_a_store_that_refuses_for_a_moment()
    {
        var sources = new Sources(Path.Combine(Root, "s.db"), refusals: 1);
        Start(sources, TimeSpan.FromMinutes(1));
        Assert.IsType<AttemptOutcome.Exited>(await Reports.OfAsync(Key));
        Assert.Equal(2, sources.Asked);
        Assert.Contains("42", ReadWholeLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_what_happened_when_the_store_goes_on_refusing_and_can_never_start_afterwards()
    {
        Start(new Sources("", refusals: int.MaxValue), TimeSpan.Zero);
        Assert.Equal($"It was not started, because its data source could not be looked up: {Refusal}", Assert.IsType<AttemptOutcome.Lost>(await Reports.OfAsync(Key)).Reason);
        Assert.IsType<Claim.Revoked>(Folder.ReadClaim());
    }

    [Fact]
    public async Task A_stop_ends_the_wait()
    {
        var sources = new Sources("", refusals: int.MaxValue);
        var worker = Start(sources, TimeSpan.FromMinutes(1));
        await EventuallyAsync(() => sources.Asked > 0);
        worker.End(Order("") with { Program = Job });
        Assert.IsType<AttemptOutcome.Killed>(await Reports.OfAsync(Key));
    }

    [Fact]
    public async Task One_that_cannot_be_used_fails_the_task_with_the_reason()
    {
        Start(new Sources("", refusals: 0), TimeSpan.FromMinutes(1));
        Assert.Equal(1, Assert.IsType<AttemptOutcome.Exited>(await Reports.OfAsync(Key)).Code);
        Assert.Contains(Sources.Unusable, ReadWholeLog(), StringComparison.Ordinal);
    }

    private LocalWorker Start(Sources sources, TimeSpan patience)
    {
        var worker = NewWorker(options => options with { DataSources = sources, DataSourcePatience = patience });
        worker.Start(Order("") with { Program = Job });
        return worker;
    }

    /// <summary>Refuses for a while, as a store does. Then there is an empty database, or, without a file, one with a password that nobody can read.</summary>
    private sealed class Sources(string file, int refusals) : IDataSources
    {
        public const string Unusable = "Its password is under another key.";
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public async Task<DataSourceAccess?> FindAsync(WorkspaceId workspace, int id)
        {
            if (Interlocked.Increment(ref _asked) <= refusals)
            {
                throw new StoreUnavailableException(Refusal);
            }

            if (file.Length == 0)
            {
                throw new JobException(Unusable);
            }

            await File.WriteAllTextAsync(file, "");
            return new DataSourceAccess(new DataSourceSettings("lite", DataSourceType.Sqlite, "", "", 0, file, "", ""), "");
        }
    }
}
