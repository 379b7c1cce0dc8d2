using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Jobs;

/// <summary>HTTP, SQL and DUCKDB tasks in a real server: success, failure, time limit, stop, and a server that is killed meanwhile.</summary>
public sealed class JobTests : InstallationTest
{
    private const string EndlessSql = "with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r";
    private const string EndlessDuckDb = "select count(*) from range(100000000) a, range(100000000) b where (a.range * b.range) % 7 = 3";
    private readonly SlowSite _site = new();

    private string DatabaseFile => Path.Combine(Path.GetDirectoryName(Installation.Folder)!, "work.db");

    public override async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Results_go_from_task_to_task_as_data()
    {
        await Installation.StartAsync();
        _site.Answer();
        var source = await CreateSourceAsync();
        var hostile = "'; drop table t; -- \"$(touch X)\" \\ 工\nsecond line";
        var run = await Dolphin.StartAsync(
            new Workflow()
                .Add("http", "HTTP", Http(_site.Url, Out("response")))
                .Add("sql", "SQL", Sql(source, "create table t (a text, b text);\ninsert into t values (${start}, '<${response}>');\nselect a, b from t", Out("a"), Out("b")), "http")
                .Add("duck", "DUCKDB", DuckDb("copy (select ${a} as a, '${b}' as b) to 'x.parquet';\nselect a || '|' || b as c from 'x.parquet'", Out("c")), "sql")
                .Shell("shell", "printf '%s' \"${c}\"", "duck"),
            ("startParams", JsonSerializer.Serialize(new Dictionary<string, string> { ["start"] = hostile })));
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        Assert.StartsWith($"{hostile}|<served>", await Dolphin.LogAsync(await Dolphin.TaskAsync(run, "shell")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_finds_the_NET_that_the_server_was_told_of()
    {
        var root = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        Installation.Variables["DOTNET_ROOT"] = root;
        await Installation.StartAsync();
        var run = await Dolphin.StartAsync(new Workflow().Add("a", "HTTP", Http(_site.Url)));
        await _site.Asked;
        Assert.Contains(TaskProcesses.Find(Installation.Folder), pid => File.ReadAllText($"/proc/{pid}/environ").Split('\0').Contains("DOTNET_ROOT=" + root));
        _site.Answer();
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        var source = await CreateSourceAsync();
        Assert.True((await Dolphin.GetAsync($"/dolphinscheduler/datasources/{source}/connect-test")).Data().GetBoolean());
    }

    [Theory]
    [InlineData("HTTP", "the task wants 200")]
    [InlineData("SQL", "no such table: nowhere")]
    [InlineData("DUCKDB", "nowhere does not exist")]
    public async Task A_failure_is_explained_in_the_log_and_in_one_line(string type, string reason)
    {
        await Installation.StartAsync();
        var source = await CreateSourceAsync();
        var node = type switch
        {
            "HTTP" => Http(Installation.Url + "healthz/nowhere"),
            "SQL" => Sql(source, "select * from nowhere"),
            _ => DuckDb("select * from nowhere"),
        };
        var run = await Dolphin.StartAsync(new Workflow().Add("a", type, node));
        Assert.Equal("FAILURE", await Dolphin.WaitForStateAsync(run));
        var task = await Dolphin.TaskAsync(run, "a");
        Assert.Contains(reason, await Dolphin.LogAsync(task), StringComparison.Ordinal);
        Assert.Contains(reason, task.GetProperty("message").GetString()!.Split('\n')[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP")]
    [InlineData("SQL")]
    [InlineData("DUCKDB")]
    public async Task A_stop_ends_the_job_and_what_it_began(string type)
    {
        await Installation.StartAsync();
        var run = await Dolphin.StartAsync(new Workflow().Add("a", type, await EndlessAsync(type)));
        await Dolphin.WaitForLogAsync(run, "a", type == "HTTP" ? "GET" : "Statement 1");
        (await Dolphin.TryStopAsync(run)).Data();
        Assert.Equal("STOP", await Dolphin.WaitForStateAsync(run));
        await AssertLogAsync(run, @"\n(\S+ Told to end: ended\.\n)?\[porpoise\] ended after [0-9.]+ s: the run was stopped; ended [0-9]+ process(es)?\n$");
        Assert.Empty(TaskProcesses.Find(Installation.Folder));
    }

    [Theory]
    [InlineData("HTTP")]
    [InlineData("SQL")]
    [InlineData("DUCKDB")]
    public async Task A_time_limit_ends_the_job(string type)
    {
        await Installation.StartAsync();
        var workflow = new Workflow().Add("a", type, await EndlessAsync(type))
            .WithNode("timeoutFlag", "OPEN").WithNode("timeoutNotifyStrategy", "FAILED").WithNode("timeout", 1).WithNode("timeoutSeconds", 3);
        var run = await Dolphin.StartAsync(workflow);
        Assert.Equal("FAILURE", await Dolphin.WaitForStateAsync(run));
        await AssertLogAsync(run, @"\n(\S+ Told to end: ended\.\n)?\[porpoise\] ended after [0-9.]+ s: its time limit is 3 s; ended [0-9]+ process(es)?\n$");
    }

    [Theory]
    [InlineData("HTTP")]
    [InlineData("SQL")]
    [InlineData("DUCKDB")]
    public async Task A_killed_server_costs_the_job_nothing(string type)
    {
        await Installation.StartAsync();
        var source = await CreateSourceAsync();
        var node = type switch
        {
            "HTTP" => Http(_site.Url),
            "SQL" => Sql(source, EndlessSql.Replace("from r)", "from r where n < 10000000)", StringComparison.Ordinal)),
            _ => DuckDb("select count(*) from range(15000) a, range(15000) b where (a.range * b.range) % 7 = 3"),
        };
        var run = await Dolphin.StartAsync(new Workflow().Add("a", type, node));
        await Dolphin.WaitForLogAsync(run, "a", type == "HTTP" ? "GET" : "Statement 1");
        await Installation.KillAndStartAsync();
        _site.Answer();
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        await AssertLogAsync(run, @"\n\[porpoise\] succeeded after [0-9.]+ s; the service was restarted meanwhile\n$");
        Assert.Equal(1, (await Dolphin.TaskAsync(run, "a")).GetProperty("attempt").GetInt32());
    }

    [Fact]
    public async Task A_data_source_that_is_gone_fails_the_task_with_a_reason_and_a_connection_can_be_tested()
    {
        await Installation.StartAsync();
        var source = await CreateSourceAsync();
        Assert.True((await Dolphin.GetAsync($"/dolphinscheduler/datasources/{source}/connect-test")).Data().GetBoolean());
        var refused = await Dolphin.PostAsync("/dolphinscheduler/datasources/connect", ("type", "POSTGRESQL"), ("name", "x"), ("host", "127.0.0.1"), ("port", 1), ("userName", "u"), ("password", "never-to-be-told"));
        Assert.Contains("refused", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("never-to-be-told", refused.Text, StringComparison.Ordinal);
        var code = await Dolphin.CreateAsync(new Workflow().Add("a", "SQL", Sql(source, "select 1")));
        (await Dolphin.CallAsync(HttpMethod.Delete, $"/dolphinscheduler/datasources/{source}")).Data();
        var run = await Dolphin.StartAsync(code);
        Assert.Equal("FAILURE", await Dolphin.WaitForStateAsync(run));
        Assert.Contains($"There is no data source {source} in the workspace", await Dolphin.LogAsync(await Dolphin.TaskAsync(run, "a")), StringComparison.Ordinal);
    }

    /// <summary>All of the log is shown when it is not as it should be. On a machine under load the time that a job has to end in good order may be over before it says so.</summary>
    private async Task AssertLogAsync(int run, string pattern)
    {
        var log = await Dolphin.LogAsync(await Dolphin.TaskAsync(run, "a"));
        Assert.True(Regex.IsMatch(log, pattern), log);
    }

    private async Task<JsonObject> EndlessAsync(string type) => type switch
    {
        "HTTP" => Http(_site.Url),
        "SQL" => Sql(await CreateSourceAsync(), EndlessSql),
        _ => DuckDb(EndlessDuckDb),
    };

    private async Task<int> CreateSourceAsync()
    {
        await File.WriteAllTextAsync(DatabaseFile, "");
        File.SetUnixFileMode(DatabaseFile, (UnixFileMode)0b110_110_110); // the tasks may have a user of their own
        return (await Dolphin.PostAsync("/dolphinscheduler/datasources", ("type", "SQLITE"), ("name", "work"), ("database", DatabaseFile))).Data().GetProperty("id").GetInt32();
    }

    private static JsonObject Http(string url, params JsonObject[] local) => new() { ["url"] = url, ["localParams"] = new JsonArray([.. local]) };

    private static JsonObject Sql(int source, string sql, params JsonObject[] local) =>
        new() { ["type"] = "SQLITE", ["datasource"] = source, ["sql"] = sql, ["localParams"] = new JsonArray([.. local]) };

    private static JsonObject DuckDb(string sql, params JsonObject[] local) => new() { ["sql"] = sql, ["localParams"] = new JsonArray([.. local]) };

    private static JsonObject Out(string name) => new() { ["prop"] = name, ["direct"] = "OUT", ["type"] = "VARCHAR", ["value"] = "" };
}
