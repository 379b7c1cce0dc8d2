using Porpoise.Worker.Attempts;
using Porpoise.Worker.Processes;
using Porpoise.Worker.Runners;
using Porpoise.Worker.Runners.Spark;

namespace Porpoise.Worker;

/// <summary>How a <see cref="LocalWorker"/> runs attempts.</summary>
public sealed record LocalWorkerOptions
{
    /// <summary>The folder that holds the attempts' folders. Made if it is missing (0700).</summary>
    public required string Root { get; init; }

    /// <summary>
    /// The random id of the data folder. It marks this installation's processes (PORPOISE_TAG), so that several can share a machine.
    /// Letters, digits, '-' and '_'.
    /// </summary>
    public required string InstallId { get; init; }

    /// <summary>What the processes of an attempt get between TERM and KILL.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Whom tasks become; null: they run as the server does. The folders down to <see cref="Root"/> must let this user through.</summary>
    public TaskUser? TaskUser { get; init; }

    /// <summary>What each task may use.</summary>
    public TaskLimits Limits { get; init; } = new();

    /// <summary>What is kept after an attempt's end.</summary>
    public KeepingTimes Keep { get; init; } = new();

    /// <summary>PATH of the tasks.</summary>
    public string SearchPath { get; init; } = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>The shell that runs scripts; null: the first bash on <see cref="SearchPath"/>, otherwise /bin/sh.</summary>
    public string? TaskShell { get; init; }

    /// <summary>The Python that runs PYTHON tasks: a path, or a name on <see cref="SearchPath"/>.</summary>
    public string Python { get; init; } = "python3";

    /// <summary>Our own program, which runs tasks that are jobs (<c>porpoise run-task FILE</c>).</summary>
    public string TaskRunner { get; init; } = Environment.ProcessPath ?? "porpoise";

    /// <summary>Where its .NET is, if that is not where programs look by themselves: tasks have an environment of their own. Null: they find it, or bring it.</summary>
    public string? DotnetRoot { get; init; } = Environment.GetEnvironmentVariable(Runners.TaskRunner.DotnetRootVariable);

    /// <summary>The Spark that Spark tasks run on; null: none, unless an environment of the task names one.</summary>
    public SparkSettings? Spark { get; init; }

    /// <summary>TMPDIR of the tasks.</summary>
    public string TemporaryFolder { get; init; } = "/tmp";

    /// <summary>Takes the shim in POSIX sh also where the faster program could run.</summary>
    public bool UseShellShim { get; init; }

    /// <summary>How many attempts are started at the same moment; more only contend.</summary>
    public int StartsMax { get; init; } = 2;

    /// <summary>What jobs may do.</summary>
    public JobSettings Jobs { get; init; } = new();

    /// <summary>Where jobs find data sources; null: there are none.</summary>
    public IDataSources? DataSources { get; init; }

    /// <summary>How long an attempt waits for a data source that cannot be looked up at the moment; it is lost then, and another one follows.</summary>
    public TimeSpan DataSourcePatience { get; init; } = TimeSpan.FromMinutes(1);
}
