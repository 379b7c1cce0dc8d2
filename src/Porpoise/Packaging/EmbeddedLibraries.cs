using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Porpoise.Packaging;

/// <summary>
/// The native libraries of a single-file program, which come from inside it. The runtime's own way would write all of them to disk at each first start of each
/// user, and not start at all where there is no home folder, as in the processes of tasks; this way a library is in memory once somebody calls it, and nowhere else.
/// </summary>
internal static unsafe partial class EmbeddedLibraries
{
    private const uint CloseOnExec = 1;

    /// <summary>A kernel that lets only such files be made insists on it; kernels before 6.3 do not know it. It is about starting programs: libraries may be mapped.</summary>
    private const uint NoProgram = 8;

    private const int Einval = 22;

    private static readonly Assembly Home = typeof(EmbeddedLibraries).Assembly;

    /// <summary>By name. The runtime asks anew for every function of a library.</summary>
    private static readonly Dictionary<string, nint> Loaded = [];

    /// <summary>Before anything calls SQLite or DuckDB. Does nothing where the libraries are files beside the program.</summary>
    public static void Register()
    {
        if (!Home.GetManifestResourceNames().Any(name => name.EndsWith(".so", StringComparison.Ordinal)))
        {
            return;
        }

        // By assembly and not as a last resort: a library of the same name that the system has is another version of it.
        NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, Resolve);
        NativeLibrary.SetDllImportResolver(typeof(DuckDB.NET.Native.NativeMethods).Assembly, Resolve);
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        lock (Loaded)
        {
            if (!Loaded.TryGetValue(name, out var library))
            {
                using var resource = Home.GetManifestResourceStream($"lib{name}.so");
                library = Loaded[name] = resource is null ? 0 : Load(name, resource);
            }

            return library;
        }
    }

    private static nint Load(string name, Stream library)
    {
        var descriptor = Create(name);
        using (var file = new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0))
        {
            library.CopyTo(file, 1 << 20);
        }

        // The descriptor stays open: the loader knows libraries by their paths, and would take the next one under the same number for this one.
        return NativeLibrary.Load($"/proc/self/fd/{descriptor}");
    }

    private static int Create(string name)
    {
        var descriptor = CreateInMemory(name, CloseOnExec | NoProgram);
        if (descriptor < 0 && Marshal.GetLastPInvokeError() == Einval)
        {
            descriptor = CreateInMemory(name, CloseOnExec);
        }

        return descriptor >= 0 ? descriptor : throw new DllNotFoundException($"No room for the library {name}: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateInMemory(string name, uint flags);
}
