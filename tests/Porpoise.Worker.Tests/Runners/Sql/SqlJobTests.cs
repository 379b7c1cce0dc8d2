using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Porpoise.Core.DataSources;
using Porpoise.Core.Parameters;
using Porpoise.Worker.Runners;
using Porpoise.Worker.Runners.Sql;
using Porpoise.Worker.Tests.Databases;

namespace Porpoise.Worker.Tests.Runners.Sql;

/// <summary>SQL tasks in real databases.</summary>
public sealed class SqlJobTests(DatabaseServers servers) : SqlTestBench(servers)
{
    [Theory]
    [MemberData(nameof(Engines), MemberType = typeof(SqlTestBench))]
    public async Task Several_statements_run_in_one_session_and_their_rows_are_shown(Engine engine)
    {
        var table = NewName();
        var ran = (await RunAsync(
            engine,
            $"create table {table} (id int, name varchar(50));\ninsert into {table} values (1, 'one'), (2, 'zwei\nlines'), (3, null);\nselect id, name from {table} order by id;\ndrop table {table}")).Succeeded();
        Assert.Contains("Statement 4 (sql, line 5):", ran.Log, StringComparison.Ordinal); // the text of the second one goes over two lines
        Assert.Contains("| id | name        |", ran.Log, StringComparison.Ordinal);
        Assert.Contains("| 2  | zwei\\nlines |", ran.Log, StringComparison.Ordinal);
        Assert.Contains("| 3  | NULL        |", ran.Log, StringComparison.Ordinal);
        Assert.Contains("(3 rows)", ran.Log, StringComparison.Ordinal);
        Assert.Contains(engine == Engine.DuckDb ? "Done" : "3 rows changed", ran.Log, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines), MemberType = typeof(SqlTestBench))]
    public async Task The_first_row_and_lists_of_all_rows_are_output_parameters(Engine engine)
    {
        Parameter[] local = [JobBench.Out("first"), JobBench.Out("all", "LIST"), JobBench.Out("NOWT"), JobBench.Out("absent")];
        var outputs = (await RunAsync(engine, "select 1 as first, 'a' as \"ALL\", null as nowt union all select 2, 'b\"', null order by 1".Replace("\"ALL\"", engine == Engine.MariaDb ? "`ALL`" : "\"ALL\"", StringComparison.Ordinal), null, local)).Succeeded().Outputs;
        Assert.Equal(("1", """["a","b\u0022"]""", ""), (outputs["first"], outputs["all"], outputs["NOWT"]));
        Assert.False(outputs.ContainsKey("absent"));
        Assert.DoesNotContain("first", (await RunAsync(engine, "select 1 as first where 1 = 0", null, local)).Succeeded().Outputs.Keys);
    }

    [Theory]
    [MemberData(nameof(Engines), MemberType = typeof(SqlTestBench))]
    public async Task A_failed_statement_says_which_and_why_and_ends_the_job(Engine engine)
    {
        var table = NewName();
        var ran = await RunAsync(engine, $"create table {table} (a int);\nselect * from no_such_table_here;\ndrop table {table}");
        var fault = ran.Failed();
        Assert.StartsWith("Statement 2 failed", fault, StringComparison.Ordinal);
        Assert.Contains("no_such_table_here", fault, StringComparison.Ordinal);
        Assert.Contains("The statements before it have run.", fault, StringComparison.Ordinal);
        (await RunAsync(engine, $"drop table {table}")).Succeeded();
    }

    [Theory]
    [InlineData(Engine.PostgreSql)]
    [InlineData(Engine.MariaDb)]
    [InlineData(Engine.Sqlite)]
    public async Task Statements_before_and_after_belong_to_the_same_session(Engine engine)
    {
        var table = NewName();
        var taskParams = new JsonObject
        {
            ["preStatements"] = new JsonArray($"create temporary table {table} (a int)", $"insert into {table} values (1)"), ["sql"] = $"select a from {table}", ["postStatements"] = new JsonArray($"drop table {table}"),
        };
        var ran = (await RunAsync(engine, taskParams, null, default, JobBench.Out("a"))).Succeeded();
        Assert.Equal("1", ran.Outputs["a"]);
        Assert.Contains("(postStatements[0], line 1)", ran.Log, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines), MemberType = typeof(SqlTestBench))]
    public async Task Only_some_rows_are_shown_and_all_are_counted(Engine engine)
    {
        var numbers = engine == Engine.MariaDb ? "select seq as n from seq_1_to_5000" : "with recursive r(n) as (select 1 union all select n + 1 from r where n < 5000) select n from r";
        var ran = (await RunAsync(engine, new JsonObject { ["sql"] = numbers, ["displayRows"] = "3", ["limit"] = 4 }, null, default, JobBench.Out("n", "LIST"))).Succeeded();
        Assert.Contains("(5000 rows; the first 3 are shown", ran.Log, StringComparison.Ordinal);
        Assert.Equal("""["1","2","3","4"]""", ran.Outputs["n"]);
    }

    [Theory]
    [InlineData(Engine.PostgreSql, "select pg_sleep(300)")]
    [InlineData(Engine.MariaDb, "select sleep(300)")]
    [InlineData(Engine.Sqlite, "with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r")]
    [InlineData(Engine.DuckDb, "select count(*) from range(100000000) a, range(100000000) b where (a.range * b.range) % 7 = 3")]
    public async Task A_stop_ends_the_statement_in_the_database(Engine engine, string sql)
    {
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => RunAsync(engine, new JsonObject { ["sql"] = $"select 1; {sql} -- marked" }, null, stop.Token), TestContext.Current.CancellationToken);
        var watch = engine switch
        {
            Engine.PostgreSql => "select count(*) as n from pg_stat_activity where state = 'active' and query like '%-- marked' and pid <> pg_backend_pid()",
            Engine.MariaDb => "select count(*) as n from information_schema.processlist where info like 'select sleep%-- marked'",
            _ => null,
        };
        await UntilAsync(engine, watch, "1");
        stop.CancelAfter(watch is null ? 500 : 0);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await UntilAsync(engine, watch, "0");
    }

    [Fact]
    public async Task A_database_that_is_not_there_and_a_wrong_password_are_told_apart()
    {
        var access = await AccessAsync(Engine.PostgreSql);
        var job = JobOf(DataSourceType.PostgreSql, new JsonObject { ["sql"] = "select 1" });
        var wrong = (await JobBench.RunAsync(new SqlJob(), job with { DataSource = access with { Password = "wrong" } })).Failed();
        Assert.Contains("28P01", wrong, StringComparison.Ordinal);
        var gone = (await JobBench.RunAsync(new SqlJob(), job with { DataSource = access with { Settings = access.Settings with { Port = 1 } } })).Failed();
        Assert.Contains("refused", gone, StringComparison.Ordinal);
        Assert.Contains("connection test", gone, StringComparison.Ordinal);
        Assert.Contains("cannot be connected to", (await JobBench.RunAsync(new SqlJob(), JobOf(DataSourceType.Sqlite, new JsonObject { ["sql"] = "select 1" }) with { DataSource = new DataSourceAccess(new("x", DataSourceType.Sqlite, "", "", 0, "/no/such/file.db", "", ""), "") })).Failed(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_password_is_in_any_log()
    {
        foreach (var engine in (Engine[])[Engine.PostgreSql, Engine.MariaDb])
        {
            var access = await AccessAsync(engine);
            var ran = (await RunAsync(engine, "select 1")).Succeeded();
            Assert.DoesNotContain(access.Password, ran.Log, StringComparison.Ordinal);
            Assert.DoesNotContain(access.Password, access.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_script_is_for_the_database_that_the_task_says() => Assert.Contains(
        "written for MYSQL", (await RunAsync(Engine.PostgreSql, new JsonObject { ["sql"] = "select 1", ["type"] = "MYSQL" }, null, default)).Failed(), StringComparison.Ordinal);

    [Fact]
    public async Task Notices_and_procedures_of_the_servers_are_in_the_log()
    {
        Assert.Contains("NOTICE: well", (await RunAsync(Engine.PostgreSql, "do $$ begin raise notice 'well'; end $$")).Succeeded().Log, StringComparison.Ordinal);
        var name = NewName();
        var ran = (await RunAsync(Engine.MariaDb, $"create procedure {name}(n int) begin set @x = n; select @x as a; select @x + 1 as b; end; call {name}(${{v}}); drop procedure {name}", new Dictionary<string, string> { ["v"] = "41" }, JobBench.Out("b"))).Succeeded();
        Assert.Equal("42", ran.Outputs["b"]);
    }

    /// <summary>Runs where a SQL Server is named; there is none in Debian, and none may be fetched from elsewhere.</summary>
    [Fact]
    public async Task The_same_in_a_sql_server()
    {
        var place = Environment.GetEnvironmentVariable("PORPOISE_TEST_SQLSERVER");
        Assert.SkipWhen(place is null, "No SQL Server: Debian has none. Set PORPOISE_TEST_SQLSERVER to host,port,user,password to run this.");
        var parts = place.Split(',');
        var access = new DataSourceAccess(
            new("ms", DataSourceType.SqlServer, "", parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture), "master", parts[2], """{"trustServerCertificate":"true"}"""), parts[3]);
        var job = JobOf(DataSourceType.SqlServer, new JsonObject { ["sql"] = "declare @a nvarchar(50) = ${v};\nselect @a as a, '${v}' as b, [${v}] from (select 1 as [${v}]) t\ngo\nselect 2" }, new Dictionary<string, string> { ["v"] = "]'; 工" }, JobBench.Out("a"));
        Assert.Contains("| ]'; 工", (await JobBench.RunAsync(new SqlJob(), job with { DataSource = access })).Succeeded().Log, StringComparison.Ordinal);
    }

    private async Task UntilAsync(Engine engine, string? watch, string count)
    {
        for (var watching = Stopwatch.StartNew(); watch is not null; await Task.Delay(20))
        {
            if ((await RunAsync(engine, watch, null, JobBench.Out("n"))).Succeeded().Outputs["n"] == count)
            {
                return;
            }

            Assert.True(watching.Elapsed < TimeSpan.FromSeconds(30), $"There are not {count} such statements.");
        }
    }
}
