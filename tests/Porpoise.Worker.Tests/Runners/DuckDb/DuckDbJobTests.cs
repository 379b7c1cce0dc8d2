using System.Text.Json.Nodes;
using Porpoise.Worker.Runners;
using Porpoise.Worker.Runners.DuckDb;

namespace Porpoise.Worker.Tests.Runners.DuckDb;

/// <summary>DUCKDB tasks.</summary>
public sealed class DuckDbJobTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("porpoise-duck-").FullName;
    private readonly string _outside = Directory.CreateTempSubdirectory("porpoise-outside-").FullName;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_outside, recursive: true);
    }

    [Theory]
    [InlineData("parquet")]
    [InlineData("csv")]
    [InlineData("json")]
    public async Task Files_are_written_and_read(string format)
    {
        var file = Path.Combine(_folder, "it's." + format);
        var ran = (await RunAsync(
            "create table t as select i, 'n' || i as name from range(1000) r(i); copy t to '${file}' (format " + format + "); select count(*) as n, max(name) as m from read_" + format + "('${file}')",
            new Dictionary<string, string> { ["file"] = file })).Succeeded();
        Assert.Equal(("1000", "n999"), (ran.Outputs["n"], ran.Outputs["m"]));
        Assert.True(File.Exists(file));
    }

    [Theory]
    [InlineData("select * from read_csv('/etc/passwd')")]
    [InlineData("select * from read_text('/etc/passwd')")]
    [InlineData("copy (select 1) to '${outside}/x.csv'")]
    [InlineData("copy (select 1) to '${folder}/../x.csv'")]
    [InlineData("attach '${outside}/x.db'")]
    [InlineData("select * from glob('${outside}/*')")]
    [InlineData("export database '${outside}/x'")]
    [InlineData("select * from read_csv('http://127.0.0.1:1/x.csv')")]
    public async Task Files_elsewhere_are_out_of_reach(string sql)
    {
        await File.WriteAllTextAsync(Path.Combine(_outside, "there.csv"), "a\n1\n", TestContext.Current.CancellationToken);
        (await RunAsync(sql, new Dictionary<string, string> { ["outside"] = _outside, ["folder"] = _folder })).Failed();
        Assert.Equal(["there.csv"], Directory.EnumerateFileSystemEntries(_outside).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("set enable_external_access = true")]
    [InlineData("set memory_limit = '100GB'")]
    [InlineData("set threads = 64")]
    [InlineData("reset lock_configuration")]
    [InlineData("set allowed_directories = ['/']")]
    [InlineData("pragma memory_limit = '100GB'")]
    [InlineData("install httpfs")]
    [InlineData("/* x */ load httpfs")]
    [InlineData("-- x\n force install httpfs from 'http://127.0.0.1:1'")]
    [InlineData("update extensions")]
    public async Task Bounds_cannot_be_moved(string sql) => (await RunAsync(sql)).Failed();

    [Fact]
    public async Task A_query_that_needs_too_much_memory_fails_alone()
    {
        var fault = (await RunAsync("set preserve_insertion_order = true; select 1")).Failed();
        Assert.Contains("locked", fault, StringComparison.Ordinal);
        Assert.Contains("Out of Memory", (await RunAsync("select length(string_agg(repeat('x', 1000000), '')) from range(1000)", memory: 64)).Failed(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/etc/x.duckdb")]
    [InlineData("${folder}/../x.duckdb")]
    [InlineData("${folder}/x.duckdb;access_mode=read_only")]
    public async Task A_database_file_elsewhere_is_refused(string database)
    {
        var job = JobBench.JobOf("DUCKDB", new JsonObject { ["sql"] = "select 1", ["database"] = database }, new Dictionary<string, string> { ["folder"] = _folder }) with { Settings = new JobSettings { DuckDbFolders = [_folder] } };
        Assert.Contains("--duckdb-folder", (await JobBench.RunAsync(new DuckDbJob(), job)).Failed(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_leads_nowhere()
    {
        Directory.CreateSymbolicLink(Path.Combine(_folder, "link"), _outside);
        var job = JobBench.JobOf("DUCKDB", new JsonObject { ["sql"] = "select 1", ["database"] = _folder + "/link/x.duckdb" }) with { Settings = new JobSettings { DuckDbFolders = [_folder] } };
        Assert.Contains("--duckdb-folder", (await JobBench.RunAsync(new DuckDbJob(), job)).Failed(), StringComparison.Ordinal);
    }

    private Task<Ran> RunAsync(string sql, IReadOnlyDictionary<string, string>? values = null, int memory = 512) => JobBench.RunAsync(
        new DuckDbJob(),
        JobBench.JobOf("DUCKDB", new JsonObject { ["sql"] = sql }, values, JobBench.Out("n"), JobBench.Out("m")) with { Settings = new JobSettings { DuckDbFolders = [_folder], DuckDbMemoryMiB = memory } });
}
