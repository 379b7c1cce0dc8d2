using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;
using Porpoise.Worker.Tests.Databases;

namespace Porpoise.EndToEnd.Tests.Security;

/// <summary>While jobs run that were given secret values and a password, nobody who looks around on the machine finds any of them.</summary>
public sealed class JobSecretsTests : InstallationTest
{
    private const string Value = "Value's \"own\" \\ 工 secret";

    [Fact]
    public async Task A_SQL_job_and_a_DUCKDB_job_tell_neither_a_value_nor_the_password_to_other_processes_or_in_files()
    {
        await using var database = new PostgreSqlServer();
        await database.StartAsync();
        await using var watch = new ProcessWatch("");
        await Installation.StartAsync();
        var source = await CreateSourceAsync(database);
        var run = await Dolphin.StartAsync(
            new Workflow()
                .Add("sql", "SQL", new JsonObject { ["type"] = "POSTGRESQL", ["datasource"] = source, ["sql"] = "select count(*) from (select pg_sleep(600)) s where ${secret} <> 'x'" })
                .Add("duck", "DUCKDB", new JsonObject { ["sql"] = "select count(*) from range(100000000) a, range(100000000) b where (a.range * b.range) % 7 = 3 and ${secret} <> 'x'" }),
            ("startParams", JsonSerializer.Serialize(new Dictionary<string, string> { ["secret"] = Value })));
        await Dolphin.WaitForLogAsync(run, "sql", "Statement 1");
        await Dolphin.WaitForLogAsync(run, "duck", "Statement 1");
        var rounds = watch.Rounds;
        await Eventually.TrueAsync(() => watch.Rounds > rounds + 2, "all processes are looked at while both jobs run");
        var files = FilesOfAttempts();

        (await Dolphin.TryStopAsync(run)).Data();
        Assert.Equal("STOP", await Dolphin.WaitForStateAsync(run));
        var search = new SecretSearch();
        search.Add("the data source's password", database.Access.Password);
        Assert.Empty(Directory.EnumerateFiles(Installation.Folder, "porpoise.db*").SelectMany(f => search.FindIn(File.ReadAllBytes(f)))); // where values of parameters are, and passwords only encrypted
        search.Add("a value", Value);
        Assert.Empty(watch.Seen.SelectMany(s => search.FindIn(s)));
        Assert.Empty(files.SelectMany(f => search.FindIn(f)));
        Assert.Empty(FilesOfAttempts().SelectMany(f => search.FindIn(f)));
        Assert.Empty(search.FindIn(Installation.Transcript));

        // What finds nothing has to have looked in the right places.
        Assert.All((string[])["sql", "duck"], name => Assert.Contains(watch.Seen, s => s.Contains($"run-task\0{Installation.Folder}", StringComparison.Ordinal) && s.Contains($"PORPOISE_TASK_NAME={name}\0", StringComparison.Ordinal)));
        Assert.Contains(files, f => Encoding.UTF8.GetString(f).Contains("Statement 1", StringComparison.Ordinal));
        Assert.NotEmpty(search.FindIn(JsonSerializer.Serialize(Value)));
        using var leak = Process.Start(new ProcessStartInfo("sh", ["-c", "read -r line", Value]) { RedirectStandardInput = true })!;
        await Eventually.TrueAsync(() => watch.Seen.Any(s => search.FindIn(s).Any()), "a value on a command line is found");
        leak.StandardInput.Close();
        await leak.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private List<byte[]> FilesOfAttempts() => [.. Directory.EnumerateFiles(Path.Combine(Installation.Folder, "attempts"), "*", SearchOption.AllDirectories).Select(File.ReadAllBytes)];

    private async Task<int> CreateSourceAsync(PostgreSqlServer database)
    {
        var (settings, password) = (database.Access.Settings, database.Access.Password);
        return (await Dolphin.PostAsync(
            "/dolphinscheduler/datasources",
            ("type", "POSTGRESQL"), ("name", "pg"), ("host", settings.Host), ("port", settings.Port.ToString(CultureInfo.InvariantCulture)), ("userName", settings.User), ("database", settings.Database), ("password", password))).Data().GetProperty("id").GetInt32();
    }
}
