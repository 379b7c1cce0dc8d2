using Porpoise.Core.Runs;
using Porpoise.Engine.Hosting;
using Porpoise.Engine.Runs;

namespace Porpoise.Engine.Tests.Hosting;

/// <summary>A host without drivers: notes what was delivered, and answers as the test says.</summary>
internal sealed class RecordingHost : IRunHost
{
    public List<(RunId Run, RunEvent Event)> Delivered { get; } = [];

    /// <summary>The runs whose claims arrived, in order.</summary>
    public IEnumerable<(int Run, int Index)> Claims => Delivered.Where(d => d.Event is RunEvent.Claimed).Select(d => (d.Run.Value, ((RunEvent.Claimed)d.Event).Index));

    public Func<RunId, Task> Answer { get; set; } = _ => Task.CompletedTask;

    public void Begin(StartedRun run) => throw new NotSupportedException();

    public Task DeliverAsync(RunId run, RunEvent e)
    {
        Delivered.Add((run, e));
        return Answer(run);
    }
}
