using System.Net;
using Porpoise.Worker.Attempts;
using Porpoise.Worker.Processes;
using Porpoise.Worker.Runners;
using Porpoise.Worker.Runners.Spark;

namespace Porpoise.Serving;

/// <summary>How to run the server: the options of <c>porpoise serve</c>.</summary>
internal sealed record ServeOptions(string Data, string Urls, int Slots, bool StopTasks, bool AllowRoaSignature)
{
    /// <summary>True: the number of slots was named, and counts also if the standard worker group has another one.</summary>
    public required bool SlotsAreChosen { get; init; }

    /// <summary>Of one user or role; 0: no limit.</summary>
    public required int CallsPerSecond { get; init; }

    /// <summary>Served at once; fewer if the process may not have as many files open.</summary>
    public required int Connections { get; init; }

    /// <summary>Whom tasks become when the server is root; null: the usual user.</summary>
    public required string? TaskUser { get; init; }

    /// <summary>What each task may use.</summary>
    public required TaskLimits TaskLimits { get; init; }

    /// <summary>How long what attempts left on the disk is kept.</summary>
    public required KeepingTimes Keep { get; init; }

    /// <summary>How long the audit log is kept; 0: for ever.</summary>
    public required int AuditDays { get; init; }

    /// <summary>Where Spark tasks run; null: no Spark is configured.</summary>
    public required SparkSettings? Spark { get; init; }

    /// <summary>Proxies that are believed when they say who calls, and whether by TLS.</summary>
    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    /// <summary>What tasks that are jobs may do.</summary>
    public required JobSettings Jobs { get; init; }
}
