using Porpoise.Core.Library;
using Porpoise.Core.Tasks;
using Porpoise.Worker.Runners.Spark;

namespace Porpoise.Worker.Tests.Runners.Spark;

/// <summary>The same against a real Spark, where SPARK_HOME names one.</summary>
[Trait("lane", "slow")]
public sealed class RealSparkTests : SparkTest
{
    private static readonly string RealHome = Environment.GetEnvironmentVariable("SPARK_HOME") ?? "";

    [Fact]
    public async Task Statements_run_and_their_values_come_out_as_they_went_in()
    {
        const string Hostile = "'; drop table t; -- \\ \" ${spark.app.name} $(touch X) 工";
        var order = CloudOrder(Sql("create temporary view t as select ${v} a, '${v}' b, \"${v}\" c;\nselect a = b and b = c as same, length(a) as n, a from t"), new Dictionary<string, string> { ["v"] = Hostile });
        Assert.Equal(0, await RunOnRealAsync(order));
        Assert.Contains("true", ReadLog(), StringComparison.Ordinal);
        Assert.Contains(Hostile, ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_statement_that_fails_is_named()
    {
        Assert.Equal(1, await RunOnRealAsync(CloudOrder(Sql("select 1;\nselect * from nowhere"))));
        Assert.Contains("-- FAILED: statement 2 of 2, line 2", ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Python_program_ends_with_its_own_code() => Assert.Equal(3, await RunOnRealAsync(CloudOrder(Python("import sys\nsys.exit(3)"))));

    [Fact]
    public async Task A_class_that_is_not_there_is_101() =>
        Assert.Equal(101, await RunOnRealAsync(CloudOrder(new DevelopmentTask("j", DevelopmentTaskKind.Jar) { EntryFile = "spark-internal", MainClass = "no.such.Class" })));

    private async Task<int> RunOnRealAsync(Engine.Dispatch.AttemptOrder order)
    {
        Assert.SkipWhen(RealHome.Length == 0, "SPARK_HOME names no Spark distribution, and none is served by Debian, NuGet or npm.");
        NewWorker(o => o with { Spark = new SparkSettings { Home = RealHome, Master = "local[2]" } }).Start(order);
        var end = DateTime.UtcNow.AddMinutes(3);
        while (!Reports.Has(Key) && DateTime.UtcNow < end)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        return Assert.IsType<AttemptOutcome.Exited>(await Reports.OfAsync(Key)).Code;
    }
}
