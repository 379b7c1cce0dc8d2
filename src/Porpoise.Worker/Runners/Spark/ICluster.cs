namespace Porpoise.Worker.Runners.Spark;

/// <summary>Where a submitted application stands, as its cluster says it.</summary>
internal enum ApplicationState
{
    /// <summary>Accepted, and not running yet.</summary>
    Pending,
    Running,
    Succeeded,
    Failed,
    Killed,
}

/// <summary>An application as its cluster sees it.</summary>
/// <param name="Id">The cluster's name for it.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Detail">The cluster's own words: state, reason, where to look. May be empty.</param>
internal sealed record Application(string Id, ApplicationState State, string Detail)
{
    public bool IsOver => State is ApplicationState.Succeeded or ApplicationState.Failed or ApplicationState.Killed;
}

/// <summary>
/// Whoever really knows what became of an application in cluster mode: the exit code of the process that submitted it says nothing about that. Whatever fails
/// on the way to the answer is an <see cref="HttpRequestException"/>, and says nothing either: ask again.
/// </summary>
internal interface ICluster
{
    /// <summary>Null: it knows of none.</summary>
    Task<Application?> FindAsync(Submission submission, CancellationToken ct);

    /// <summary>An application of the task, of whatever attempt, that is not over yet; null: none, or this cluster cannot be asked that.</summary>
    Task<Application?> FindUnfinishedAsync(SparkTag tag, CancellationToken ct);

    /// <summary>Asks for its end; whether that came is for <see cref="FindAsync"/> to say.</summary>
    Task KillAsync(Application application, CancellationToken ct);
}
