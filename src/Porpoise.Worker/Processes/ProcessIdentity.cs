namespace Porpoise.Worker.Processes;

/// <summary>
/// One process of this boot: its number and its start time (clock ticks since boot, field 22 of <c>/proc/PID/stat</c>).
/// The number alone is used again within seconds at several hundred attempts a second.
/// </summary>
internal readonly record struct ProcessIdentity(int Pid, long Start);
