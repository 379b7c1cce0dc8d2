using Microsoft.Data.Sqlite;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Starting;

/// <summary>What docs/operate/upgrade.md promises of one version taking over from another.</summary>
public sealed class UpgradeTests : InstallationTest
{
    [Fact]
    public async Task A_task_runs_on_while_one_server_stops_and_the_next_starts_and_counts_once()
    {
        await Installation.StartAsync();
        var go = Path.Combine(Path.GetDirectoryName(Installation.Folder)!, "go");
        var run = await Dolphin.StartAsync(new Workflow().Shell("long", $"echo began; until [ -e {go} ]; do sleep 0.1; done; echo ended").Shell("after", "true", "long"));
        await Dolphin.WaitForLogAsync(run, "long", "began");
        Assert.Equal(0, (await Installation.Server.StopAsync()).Code);
        Assert.NotEmpty(TaskProcesses.Find(Installation.Folder));
        await Installation.StartAsync();
        await File.WriteAllTextAsync(go, "", TestContext.Current.CancellationToken);
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        var task = await Dolphin.TaskAsync(run, "long");
        Assert.Equal(1, task.GetProperty("attempt").GetInt32());
        Assert.Contains("ended", await Dolphin.LogAsync(task), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_version_refuses_the_store_of_a_newer_one_and_changes_nothing()
    {
        await Installation.StartAsync();
        Assert.Equal(0, (await Installation.Server.StopAsync()).Code);
        var database = Path.Combine(Installation.Folder, "porpoise.db");
        var schema = Version(database);
        Version(database, "pragma user_version = 99");
        var exit = await ServerProcess.RunToEndAsync(Installation.Folder, "http://127.0.0.1:0");
        Assert.Equal(1, exit.Code);
        Assert.Matches($"porpoise: The store '{database}' was written by a newer version of Porpoise \\(schema 99, this version knows {schema}\\)\\. Start that version again\\.", exit.Output);
        Assert.Equal(99L, Version(database));
        Version(database, $"pragma user_version = {schema}");
        await Installation.StartAsync();
        (await Dolphin.TryGenerateCodesAsync(1)).Data();
    }

    private static long Version(string database, string first = "select 1")
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the texts stand in this file
        command.CommandText = first;
        command.ExecuteNonQuery();
        command.CommandText = "pragma user_version";
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }
}
