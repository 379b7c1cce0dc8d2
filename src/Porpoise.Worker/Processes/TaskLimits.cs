namespace Porpoise.Worker.Processes;

/// <summary>What the processes of a task may use. There are never core files.</summary>
public sealed record TaskLimits
{
    /// <summary>Open files of each process; fewer if the server itself may have no more.</summary>
    public int OpenFilesMax { get; init; } = 65_536;

    /// <summary>Processes and threads of the tasks' user together; 0: no limit. Only where tasks have a user of their own: it counts all that a user runs.</summary>
    public int ProcessesMax { get; init; } = 8_192;

    /// <summary>MiB of memory that each process may write to (RLIMIT_DATA); 0: no limit.</summary>
    public int MemoryMegabytesMax { get; init; }

    /// <summary>Seconds of processor time that each process may use (RLIMIT_CPU); 0: no limit.</summary>
    public int CpuSecondsMax { get; init; }

    /// <summary>Bytes of a log that are kept: its beginning and its end.</summary>
    public long LogBytesMax { get; init; } = 100 * 1024 * 1024;
}
