using Porpoise.Api.Tests.Serving;

namespace Porpoise.Api.Tests.Operations;

public sealed class OperationTableTests(ApiServer server) : ApiTest(server)
{
    [Fact]
    public void Every_operation_names_its_action_and_its_summary()
    {
        var operations = Server.Table.All;
        Assert.All(operations, o => Assert.Matches("^[a-z-]+:[A-Z][A-Za-z]+$", o.Action));
        Assert.All(operations, o => Assert.NotEmpty(o.Summary));
        Assert.Equal(operations.Count, operations.Select(o => (o.Method, o.Path, o.RpcName)).Distinct().Count());
    }

    /// <summary>Those for definitions are on a page of their own, which has a test of its own.</summary>
    [Fact]
    public void The_reference_has_every_operation()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "api.md"));
        Assert.All(Server.Table.All.Where(o => !o.Path.Contains("-definition", StringComparison.Ordinal)), o =>
        {
            var ending = o.Path.Split('/').Last(part => !part.StartsWith('{'));
            Assert.True(page.Contains(ending, StringComparison.Ordinal), $"docs/reference/api.md lacks {o.Method} {o.Path}");
        });
    }

    /// <summary>The vendor's ReadOnly policy allows these verbs, and nothing that changes anything may hide behind one.</summary>
    [Fact]
    public void What_reads_is_named_for_reading_and_what_writes_is_not()
    {
        string[] reading = ["Get", "List", "Query", "Is", "Check", "Generate"];
        string[] exceptions =
        [
            "POST /dolphinscheduler/projects/{projectCode}/process-definition/batch-export", // reads: the list of codes may be long
            "GET /dolphinscheduler/projects/{projectCode}/process-definition/{code}/versions/{version}", // DolphinScheduler switches to the version with this
            "GET /dolphinscheduler/datasources/{id}/connect-test", // changes nothing, and makes this server call another one
        ];
        Assert.All(Server.Table.All.Where(o => o.RpcName is null), o =>
        {
            var verb = o.Action[(o.Action.IndexOf(':', StringComparison.Ordinal) + 1)..];
            var reads = reading.Any(r => verb.StartsWith(r, StringComparison.Ordinal));
            var isAsExpected = reads == (o.Method == "GET") || verb.StartsWith("Check", StringComparison.Ordinal);
            Assert.True(isAsExpected != exceptions.Contains($"{o.Method} {o.Path}"), $"{o.Method} {o.Path} is {o.Action}");
        });
    }
}
