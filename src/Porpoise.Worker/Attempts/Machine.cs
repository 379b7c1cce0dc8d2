using Porpoise.Worker.Processes;

namespace Porpoise.Worker.Attempts;

/// <summary>What this machine offers to attempts, looked up once at start.</summary>
internal sealed record Machine(string BootId, string TaskShell, TimeProvider Clock)
{
    /// <exception cref="PlatformNotSupportedException">The machine lacks what the worker cannot do without; the message says what.</exception>
    public static Machine Inspect(LocalWorkerOptions options, TimeProvider clock)
    {
        using var self = Libc.OpenPidFd(Environment.ProcessId, out var errno);
        if (self is null)
        {
            throw new PlatformNotSupportedException(
                $"Tasks need process descriptors (pidfd_open, Linux 5.4 or later, not blocked by a container): {Libc.Describe(errno)}.");
        }

        var bash = options.SearchPath.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(static folder => folder + "/bash").FirstOrDefault(File.Exists);
        return new Machine(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(), options.TaskShell ?? bash ?? Shim.ShellPath, clock);
    }
}
