using Porpoise.Core.Tasks;

namespace Porpoise.Worker.Tests.Runners;

/// <summary>What holds for jobs of every kind.</summary>
public sealed class TaskRunnerTests : JobTest
{
    [Fact]
    public async Task A_job_of_an_unknown_kind_fails_and_says_so()
    {
        Assert.Equal(1, (await RunAsync(JobOf("NEVER", "{}"))).Code);
        Assert.EndsWith("FAILED: This version has no runner for tasks of type NEVER.\n", ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_document_is_gone_when_the_job_has_begun()
    {
        await RunAsync(JobOf("NEVER", "{}"));
        Assert.False(File.Exists(Folder.Path + ".input"));
    }

    /// <summary>It may have been saved by a version that did not look so closely.</summary>
    [Theory]
    [InlineData("HTTP", """{"url":"http://127.0.0.1:1/","httpParams":[5]}""", "taskParams.httpParams[0]: It takes an object with prop, httpParametersType and value.")]
    [InlineData("HTTP", """{"url":"http://127.0.0.1:1/","httpMethod":"${v}"}""", "taskParams.httpMethod: It takes one of GET, POST, HEAD, PUT, DELETE.")]
    [InlineData("DUCKDB", """{"sql":"select 1","displayRows":-1,"limit":"${v}"}""", "taskParams.displayRows: It takes a whole number from 0 to 1000. taskParams.limit: It takes a whole number from 0 to 10000.")]
    [InlineData("SQL", """{"type":"SQLITE","datasource":"${v}","sql":"select 1"}""", "taskParams.datasource: It takes the id of a data source, a whole number.")]
    [InlineData("SPARK", """{"programType":"PYTHON","mainJar":{}}""", "taskParams.mainJar.resourceName: A node of type SPARK needs a path on the worker's machine, or an address that Spark can read (hdfs:, s3a: …) here.")]
    public async Task What_its_type_does_not_take_fails_a_job_before_it_begins(string type, string taskParams, string said)
    {
        Assert.Equal(1, (await RunAsync(JobOf(type, taskParams, new Dictionary<string, string> { ["v"] = "no such" }))).Code);
        Assert.EndsWith($"FAILED: {said} Correct the task's definition, or the values of the parameters in it.\n", ReadLog(), StringComparison.Ordinal);
        Assert.Single(ReadLog().TrimEnd().Split('\n'));
    }

    /// <summary>A document that no engine writes, which the runner does not expect.</summary>
    [Fact]
    public async Task A_fault_of_the_runner_itself_ends_with_a_sentence_too()
    {
        var document = JobOf("EMR_SERVERLESS_SPARK", """{"workspaceBizId":"w","taskBizId":"t","resourceQueueId":"q"}""").Text;
        Assert.Equal(1, (await RunAsync(new TaskProgram(ProgramLanguage.Job, document.TrimEnd()[..^1] + ""","developmentTask":{"kind":"FORTRAN"}}"""))).Code);
        var lines = ReadLog().TrimEnd().Split('\n');
        Assert.Contains("   at Porpoise.", ReadLog(), StringComparison.Ordinal); // for whoever mends it
        Assert.Contains("FAILED: ArgumentException: ", lines[^1], StringComparison.Ordinal);
        Assert.EndsWith("This is a fault of the service's runner for tasks of this type and not of the task; the lines above say where: report them.", lines[^1], StringComparison.Ordinal);
    }
}
