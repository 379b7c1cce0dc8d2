using System.Net;
using System.Text.Json.Nodes;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Installing;

/// <summary>What needs the shim, both native libraries, the program as its own task runner, and the files inside it.</summary>
internal static class Workout
{
    /// <param name="installation">With a server, which is stopped in the end.</param>
    /// <param name="database">A file for SQLite, as tasks see it.</param>
    public static async Task DoAsync(Installation installation, string database)
    {
        var dolphin = installation.Dolphin;
        var source = (await dolphin.PostAsync("/dolphinscheduler/datasources", ("type", "SQLITE"), ("name", "work"), ("database", database))).Data().GetProperty("id").GetInt32();
        Assert.True((await dolphin.GetAsync($"/dolphinscheduler/datasources/{source}/connect-test")).Data().GetBoolean());
        var run = await dolphin.StartAsync(new Workflow()
            .Add("shell", "SHELL", new JsonObject { ["rawScript"] = "echo \"#{setValue(n=20)}\"", ["localParams"] = new JsonArray(Out("n")) })
            .Add("duck", "DUCKDB", new JsonObject { ["sql"] = "select sum(range) as total from range(${n}::bigint)", ["localParams"] = new JsonArray(Out("total")) }, "shell")
            .Add("sql", "SQL", new JsonObject { ["type"] = "SQLITE", ["datasource"] = source, ["sql"] = "select 'total: ' || ${total} as said", ["localParams"] = new JsonArray(Out("said")) }, "duck")
            .Shell("end", "echo \"${said}; $(cd \"$HOME\" && ls -A | wc -l) files at home\"", "sql"));
        var state = await dolphin.WaitForStateAsync(run);
        if (state != "SUCCESS")
        {
            var logs = await Task.WhenAll((await dolphin.TasksAsync(run)).Select(task => dolphin.LogAsync(task)));
            Assert.Fail($"The run ended as {state}.\n{string.Join("\n──\n", logs)}");
        }

        // Nothing was unpacked into a task's home.
        Assert.Contains("total: 190; 0 files at home", await dolphin.LogAsync(await dolphin.TaskAsync(run, "end")), StringComparison.Ordinal);
        using var page = await dolphin.SendRawAsync(HttpMethod.Get, "/explorer");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        var exit = await installation.Server.StopAsync();
        Assert.True(exit.Code == 0, exit.Output);
    }

    private static JsonObject Out(string name) => new() { ["prop"] = name, ["direct"] = "OUT", ["type"] = "VARCHAR", ["value"] = "" };
}
