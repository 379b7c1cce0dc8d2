using Porpoise.Core.Parameters;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;

namespace Porpoise.Worker.Tests.Runners;

/// <summary>Jobs as the engine writes them, run by a worker as processes of their own: this program is the task runner too.</summary>
public abstract class JobTest : WorkerTest
{
    private static readonly WorkspaceId Workspace = new("w-0123456789abcdef");

    protected static TaskProgram JobOf(string type, string taskParams, IReadOnlyDictionary<string, string>? values = null, params Parameter[] local)
    {
        var task = new TaskDefinition(new TaskCode(1), "a", "", type, taskParams, 0, TimeSpan.Zero, Priority.Medium) { LocalParams = local };
        return new TaskProgram(ProgramLanguage.Job, JobDocument.Write(Workspace, task, values ?? new Dictionary<string, string>(), []));
    }

    /// <summary>Runs it to its end; its log is there afterwards.</summary>
    protected async Task<AttemptOutcome.Exited> RunAsync(TaskProgram job, params string[] outputs)
    {
        NewWorker().Start(Order("") with { Program = job, OutputNames = outputs });
        return Assert.IsType<AttemptOutcome.Exited>(await Reports.OfAsync(Key));
    }
}
