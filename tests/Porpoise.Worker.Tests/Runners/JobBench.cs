using System.Text;
using System.Text.Json.Nodes;
using Porpoise.Core.Parameters;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Worker.Runners;

namespace Porpoise.Worker.Tests.Runners;

/// <summary>What came of a job.</summary>
/// <param name="Fault">Null: it succeeded.</param>
internal sealed record Ran(IReadOnlyDictionary<string, string> Outputs, string Log, string? Fault)
{
    /// <summary>It succeeded, or the test fails with its log.</summary>
    public Ran Succeeded()
    {
        Assert.True(Fault is null, Log + Fault);
        return this;
    }

    /// <summary>It failed; the reason.</summary>
    public string Failed()
    {
        Assert.True(Fault is not null, Log);
        return Fault!;
    }
}

/// <summary>Runs jobs as their documents say, without a process of their own, where a test runs many.</summary>
internal static class JobBench
{
    public static readonly WorkspaceId Workspace = new("w-0123456789abcdef");

    public static Job JobOf(string type, JsonObject taskParams, IReadOnlyDictionary<string, string>? values = null, params Parameter[] local) =>
        Job.Read(Encoding.UTF8.GetBytes(DocumentOf(type, taskParams, values, local)));

    public static string DocumentOf(string type, JsonObject taskParams, IReadOnlyDictionary<string, string>? values = null, params Parameter[] local)
    {
        var task = new TaskDefinition(new TaskCode(1), "a", "", type, taskParams.ToJsonString(), 0, TimeSpan.Zero, Priority.Medium) { LocalParams = local };
        return JobDocument.Write(Workspace, task, values ?? new Dictionary<string, string>(), []);
    }

    public static Parameter In(string name, string type) => new(name, ParameterDirection.In, type, "");

    public static Parameter Out(string name, string type = "VARCHAR") => new(name, ParameterDirection.Out, type, "");

    public static async Task<Ran> RunAsync(IJobKind kind, Job job, CancellationToken ct = default)
    {
        await using var log = new StringWriter();
        try
        {
            job.Check();
            return new Ran(await kind.RunAsync(job, new JobLog(log, TimeProvider.System), ct), log.ToString(), null);
        }
        catch (JobException e)
        {
            return new Ran(new Dictionary<string, string>(), log.ToString(), e.Message);
        }
    }
}
