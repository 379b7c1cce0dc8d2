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
}
