using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Porpoise.EndToEnd.Tests.RealClients;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Jobs;

/// <summary>The examples of docs/reference/tasks.md, run as they stand there; only where things are is another.</summary>
public sealed partial class TaskPageTests : InstallationTest
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_request_is_made_and_gives_its_output()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var site = builder.Build();
        site.Urls.Add("http://127.0.0.1:0");
        var asked = new TaskCompletionSource<string>();
        site.MapPost("/orders", async (HttpRequest request) =>
        {
            using var body = new StreamReader(request.Body);
            asked.SetResult($"{request.Query["day"]} {request.Headers.Authorization} {await body.ReadToEndAsync()}");
            return Results.Json(new Dictionary<string, int> { ["id"] = 17 }, statusCode: StatusCodes.Status201Created);
        });
        await site.StartAsync(Ct);
        await Installation.StartAsync();

        var example = await ReadAsync("HTTP", ("https://api.example/", site.Urls.First() + "/"));
        var run = await Dolphin.StartAsync(
            new Workflow().Add("order", "HTTP", example).Shell("after", "echo \"order ${id}\"", "order"),
            ("startParams", JsonSerializer.Serialize(new Dictionary<string, string> { ["day"] = "2026-11-01", ["note"] = "two \"words\"", ["token"] = "t" })));
        await AssertPrintsAsync(run, "after", "order 17");
        Assert.Equal("2026-11-01 Bearer t {\"note\": \"two \\\"words\\\"\"}", await asked.Task);
    }

    /// <summary>On SQLite, which is everywhere; the same words on PostgreSQL are for the tests of the worker, where one is installed.</summary>
    [Fact]
    public async Task The_statements_are_run_and_give_their_output()
    {
        await Installation.StartAsync();
        var file = Path.Combine(Path.GetDirectoryName(Installation.Folder)!, "work.db");
        await File.WriteAllTextAsync(file, "", Ct);
        File.SetUnixFileMode(file, (UnixFileMode)0b110_110_110); // the tasks may have a user of their own
        var source = (await Dolphin.PostAsync("/dolphinscheduler/datasources", ("type", "SQLITE"), ("name", "work"), ("database", file))).Data().GetProperty("id").GetInt32();
        var setUp = new JsonObject { ["type"] = "SQLITE", ["datasource"] = source, ["sql"] = "create table sales (n int); insert into sales values (1), (2), (3)" };
        var example = await ReadAsync("SQL", ("\"POSTGRESQL\"", "\"SQLITE\""), ("\"datasource\": 3", string.Create(CultureInfo.InvariantCulture, $"\"datasource\": {source}")));
        var run = await Dolphin.StartAsync(
            new Workflow().Add("set up", "SQL", setUp).Add("count", "SQL", example, "set up").Shell("after", "echo \"${n} rows\"", "count"),
            ("startParams", """{"day":"2026-11-01","source":"sales"}"""));
        await AssertPrintsAsync(run, "after", "3 rows");
    }

    [Fact]
    public async Task Files_are_read_and_written_by_DuckDB()
    {
        var lake = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(Installation.Folder)!, "lake")).FullName;
        foreach (var folder in (string[])[lake, lake + "/sales", lake + "/out"])
        {
            Directory.CreateDirectory(folder);
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111); // the tasks may have a user of their own
        }

        await Installation.StartAsync("--duckdb-folder", lake);
        var setUp = new JsonObject { ["sql"] = $"copy (select * from (values ('north', 3, '2026-11-01'), ('south', 4, '2026-11-01'), ('east', 5, '2026-10-31')) t(region, amount, day)) to '{lake}/sales/a.parquet'" };
        var run = await Dolphin.StartAsync(
            new Workflow().Add("set up", "DUCKDB", setUp).Add("sum up", "DUCKDB", await ReadAsync("DUCKDB", ("/data/", lake + "/")), "set up").Shell("after", "echo \"${regions} regions\"", "sum up"),
            ("startParams", """{"day":"2026-11-01"}"""));
        await AssertPrintsAsync(run, "after", "2 regions");
        Assert.True(File.Exists(lake + "/out/2026-11-01.parquet"));
    }

    [Fact]
    public async Task No_example_of_the_page_is_left_out() => Assert.Equal(["HTTP", "SQL", "DUCKDB"], Example().Matches(await ReadPageAsync()).Select(m => m.Groups["type"].Value));

    private async Task AssertPrintsAsync(int run, string task, string line)
    {
        var state = await Dolphin.WaitForStateAsync(run);
        var logs = new List<string>();
        foreach (var each in await Dolphin.TasksAsync(run))
        {
            logs.Add(await Dolphin.LogAsync(each));
        }

        Assert.True(state == "SUCCESS", $"{state}:\n{string.Join("\n──\n", logs)}");
        Assert.StartsWith(line + "\n", await Dolphin.LogAsync(await Dolphin.TaskAsync(run, task)), StringComparison.Ordinal);
    }

    /// <summary>The taskParams that the page shows for a type, with other places.</summary>
    private static async Task<JsonObject> ReadAsync(string type, params (string Shown, string Here)[] places)
    {
        var text = Example().Matches(await ReadPageAsync()).Single(m => m.Groups["type"].Value == type).Groups["json"].Value;
        foreach (var (shown, here) in places)
        {
            Assert.Contains(shown, text, StringComparison.Ordinal);
            text = text.Replace(shown, here, StringComparison.Ordinal);
        }

        return JsonNode.Parse(text)!.AsObject();
    }

    private static Task<string> ReadPageAsync() => File.ReadAllTextAsync(Path.Combine(NodeSession.Repository, "docs", "reference", "tasks.md"), Ct);

    [GeneratedRegex("^## (?<type>[A-Z]+)\n(?:(?!^## ).)*?^```json\n(?<json>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();
}
