using System.Runtime.InteropServices;
using System.Text;

namespace Porpoise.Worker.Processes;

/// <summary>
/// Starts shims by posix_spawn: a session of their own, default signals, no descriptor but /dev/null and the log, and exactly the
/// given environment. Not System.Diagnostics.Process, which pipes, polls for locks over all starts, and claims the exit status.
/// </summary>
internal sealed unsafe class Spawner : IDisposable
{
    private readonly byte* _attributes;
    private readonly delegate* unmanaged<byte*, int, int> _addCloseFrom;
    private readonly string _bootId;
    private readonly string _umask;
    private volatile string? _nativeShim;

    /// <param name="bootId">Tells this start of the machine from others.</param>
    /// <param name="nativeShim">The small shim program; null: the shell script is the shim.</param>
    public Spawner(string bootId, string? nativeShim)
    {
        _bootId = bootId;
        _nativeShim = nativeShim;
        _umask = File.ReadLines("/proc/self/status")
            .FirstOrDefault(line => line.StartsWith("Umask:", StringComparison.Ordinal))?["Umask:".Length..].Trim() ?? "0022";
        _attributes = (byte*)NativeMemory.AllocZeroed(Libc.OpaqueSize);
        var signals = stackalloc byte[Libc.OpaqueSize];
        _ = Libc.SpawnAttributesInit(_attributes);
        _ = Libc.SpawnAttributesSetFlags(_attributes, Libc.SpawnSetSid | Libc.SpawnSetSigDef | Libc.SpawnSetSigMask);
        _ = Libc.SignalsFill(signals);
        _ = Libc.SpawnAttributesSetSigDefault(_attributes, signals);
        _ = Libc.SignalsEmpty(signals);
        _ = Libc.SpawnAttributesSetSigMask(_attributes, signals);

        // .NET opens everything close-on-exec; this also covers descriptors that native libraries did not. glibc 2.34, not in musl.
        if (NativeLibrary.TryLoad("libc.so.6", out var libc)
            && NativeLibrary.TryGetExport(libc, "posix_spawn_file_actions_addclosefrom_np", out var address))
        {
            _addCloseFrom = (delegate* unmanaged<byte*, int, int>)address;
        }
    }

    /// <summary>0 and the shim's process number, or the error number.</summary>
    public int Start(string folder, string logPath, string taskShell, ReadOnlySpan<string> environment, out int pid)
    {
        var actions = stackalloc byte[Libc.OpaqueSize];
        _ = Libc.FileActionsInit(actions);
        var native = _nativeShim;
        using var arguments = new StringArray(native is not null
            ? [native, folder, taskShell, _bootId, _umask]
            : [Shim.ShellPath, "-c", Shim.Script, "porpoise-shim", folder, taskShell, _bootId, _umask]);
        using var variables = new StringArray(environment);
        try
        {
            _ = Libc.FileActionsAddOpen(actions, 0, "/dev/null", Libc.ReadOnly, 0);
            _ = Libc.FileActionsAddOpen(actions, 1, logPath, Libc.WriteOnly | Libc.Create | Libc.Append, 0x180);
            _ = Libc.FileActionsAddDup2(actions, 1, 2);
            if (_addCloseFrom != null)
            {
                _ = _addCloseFrom(actions, 3);
            }

            var failure = Libc.PosixSpawn(out pid, native ?? Shim.ShellPath, actions, _attributes, arguments.Start, variables.Start);
            if (failure == 0 || native is null || failure is not (Libc.Eacces or Libc.Enoexec or Libc.Enoent))
            {
                return failure;
            }
        }
        finally
        {
            _ = Libc.FileActionsDestroy(actions);
        }

        // A file system that may not hold programs (noexec), or somebody removed it: the shell serves as well, only slower.
        _nativeShim = null;
        return Start(folder, logPath, taskShell, environment, out pid);
    }

    public void Dispose() => NativeMemory.Free(_attributes);

    /// <summary>A null-terminated array of C strings in one block.</summary>
    private readonly ref struct StringArray : IDisposable
    {
        public StringArray(ReadOnlySpan<string> values)
        {
            var size = (values.Length + 1) * sizeof(byte*);
            foreach (var value in values)
            {
                size += Encoding.UTF8.GetMaxByteCount(value.Length) + 1;
            }

            Start = (byte**)NativeMemory.Alloc((nuint)size);
            var text = (byte*)(Start + values.Length + 1);
            var end = (byte*)Start + size;
            for (var i = 0; i < values.Length; i++)
            {
                Start[i] = text;
                text += Encoding.UTF8.GetBytes(values[i], new Span<byte>(text, (int)(end - text)));
                *text++ = 0;
            }

            Start[values.Length] = null;
        }

        public byte** Start { get; }

        public void Dispose() => NativeMemory.Free(Start);
    }
}
