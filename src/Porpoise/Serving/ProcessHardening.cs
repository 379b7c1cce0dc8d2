using System.Collections;
using System.Runtime.InteropServices;

namespace Porpoise.Serving;

/// <summary>
/// Keeps the memory of the server, which has every secret that it was ever sent, out of files: there is neither a core file of the kernel's nor a dump of .NET's,
/// and other processes of the same user may not read its memory. Whoever is root can read it all the same. Tasks are other programs, to which none of this is handed on.
/// </summary>
internal static unsafe partial class ProcessHardening
{
    private const int SetDumpable = 4;

    /// <summary>Each asks .NET, when it starts, to write a dump when it crashes; by its newer and its older name.</summary>
    private static readonly string[] DumpSwitches = ["DOTNET_DbgEnableMiniDump", "COMPlus_DbgEnableMiniDump"];

    /// <summary>The first thing that the server does. It may begin the process anew: .NET cannot be told later that it shall not write dumps.</summary>
    /// <exception cref="StartException">The system does not allow it.</exception>
    public static void Apply()
    {
        if (DumpSwitches.Any(name => Environment.GetEnvironmentVariable(name) is not null))
        {
            BeginAnew();
        }

        if (Prctl(SetDumpable, 0, 0, 0, 0) != 0)
        {
            throw new StartException("The system does not let the server keep its memory out of core files: " + Marshal.GetLastPInvokeErrorMessage());
        }
    }

    /// <summary>The same program with the same arguments in the same process, without those variables.</summary>
    private static void BeginAnew()
    {
        var arguments = File.ReadAllText("/proc/self/cmdline").Split('\0')[..^1];
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(e => !DumpSwitches.Contains((string)e.Key))
            .Select(e => $"{e.Key}={e.Value}");
        var program = Environment.ProcessPath ?? throw new StartException("Crash dumps are asked for, which would hold secrets. Unset " + string.Join(" and ", DumpSwitches) + ".");
        _ = Execute(program, [.. arguments, null], [.. variables, null]);
        throw new StartException($"Crash dumps are asked for, which would hold secrets, and they could not be switched off ({Marshal.GetLastPInvokeErrorMessage()}). Unset {string.Join(" and ", DumpSwitches)}.");
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Prctl(int option, nuint argument, nuint third, nuint fourth, nuint fifth);

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string program, string?[] arguments, string?[] variables);
}
