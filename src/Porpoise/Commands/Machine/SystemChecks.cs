using System.Globalization;
using System.Runtime.InteropServices;

namespace Porpoise.Commands.Machine;

/// <summary>The operating system: kernel, clock, languages, time zones, open files.</summary>
internal static unsafe partial class SystemChecks
{
    private const int ClockUnsynchronised = 5;

    /// <summary>Larger than the kernel's structure, of which only the answer itself matters.</summary>
    private const int TimexSize = 512;

    private const int OpenFilesMin = 4_096;

    private const int FilesLimit = 7;

    private static readonly Version OldestKernel = new(5, 4);

    public static IEnumerable<Finding> All() => [Kernel(), User(), Languages(), TimeZones(), Clock(), OpenFiles()];

    private static Finding Kernel() => Environment.OSVersion.Version is var version && version >= OldestKernel
        ? Finding.Ok("kernel", version.ToString())
        : Finding.Problem("kernel", version.ToString(), $"Linux {OldestKernel} or later is needed: tasks are watched through pidfd.");

    private static Finding User() => Environment.IsPrivilegedProcess
        ? Finding.Warning("user", "root", "Tasks run as another user then (--task-user, else porpoise-task or nobody). Running the whole service as a user of its own is safer still.")
        : Finding.Ok("user", Environment.UserName);

    private static Finding Languages()
    {
        const string Check = "ICU";
        const string Remedy = "Install ICU (Debian: libicu, Alpine: icu-libs icu-data-full), and unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.";
        try
        {
            return CultureInfo.GetCultureInfo("zh-CN").DateTimeFormat.GetDayName(DayOfWeek.Monday) == "星期一"
                ? Finding.Ok(Check, "languages are there")
                : Finding.Warning(Check, "no data of languages", Remedy);
        }
        catch (CultureNotFoundException)
        {
            return Finding.Warning(Check, "no languages", Remedy);
        }
    }

    private static Finding TimeZones() => TimeZoneInfo.TryFindSystemTimeZoneById("Asia/Shanghai", out _) && TimeZoneInfo.TryFindSystemTimeZoneById("Europe/Berlin", out _)
        ? Finding.Ok("time zones", TimeZoneInfo.Local.Id)
        : Finding.Problem("time zones", "none are installed", "Install tzdata: schedules are in time zones.");

    /// <summary>Signed calls are refused more than a quarter of an hour off.</summary>
    private static Finding Clock()
    {
        var timex = stackalloc byte[TimexSize];
        new Span<byte>(timex, TimexSize).Clear();
        var now = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return AdjustTime(timex) switch
        {
            ClockUnsynchronised => Finding.Warning("clock", $"{now}, and nothing keeps it right", "Run a time service (chrony, systemd-timesyncd): signed calls from clocks that differ by a quarter of an hour are refused. In a container the host's counts."),
            < 0 => Finding.Warning("clock", $"{now}; the system does not say whether it is kept right", "Compare it with another one."),
            _ => Finding.Ok("clock", $"{now}, kept right by a time service"),
        };
    }

    private static Finding OpenFiles()
    {
        var limits = stackalloc ulong[2];
        if (GetLimit(FilesLimit, limits) != 0)
        {
            return Finding.Warning("open files", "the limit cannot be read", "ulimit -n should say 4096 or more.");
        }

        var found = limits[0] == ulong.MaxValue ? "no limit" : string.Create(CultureInfo.InvariantCulture, $"at most {limits[0]}");
        return limits[0] >= OpenFilesMin ? Finding.Ok("open files", found) : Finding.Warning("open files", found, "Allow 4096 or more (ulimit -n, or LimitNOFILE= of systemd): each connection and each running task takes some.");
    }

    [LibraryImport("libc", EntryPoint = "adjtimex", SetLastError = true)]
    private static partial int AdjustTime(byte* timex);

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetLimit(int resource, ulong* limits);
}
