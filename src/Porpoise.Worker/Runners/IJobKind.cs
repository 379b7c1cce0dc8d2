namespace Porpoise.Worker.Runners;

/// <summary>Runs jobs of one kind, in a process that is the job's own.</summary>
internal interface IJobKind
{
    /// <summary>
    /// Writes to the log what it does, for people, and gives back the values of output parameters; what the job did not declare is left out by the caller.
    /// A cancelled <paramref name="ct"/> means that the task was stopped: whatever the job began elsewhere is to be ended too.
    /// </summary>
    /// <exception cref="JobException">The job failed.</exception>
    Task<IReadOnlyDictionary<string, string>> RunAsync(Job job, JobLog log, CancellationToken ct);
}
