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
    private readonly TaskRights _rights;
    private volatile string? _nativeShim;

    /// <param name="bootId">Tells this start of the machine from others.</param>
    /// <param name="nativeShim">The small shim program; null: the shell script is the shim.</param>
    /// <param name="user">Whom tasks become; null: nobody else.</param>
    /// <param name="limits">What tasks may use.</param>
    /// <exception cref="PlatformNotSupportedException">This machine lacks the programs to become that user.</exception>
    public Spawner(string bootId, string? nativeShim, TaskUser? user, TaskLimits limits)
    {
        _rights = new TaskRights(user, limits, nativeShim is not null);
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

    /// <summary>0 and the shim's process number, or the error number. The first variable is the tag.</summary>
    public int Start(string folder, string logPath, string taskShell, ReadOnlySpan<string> environment, out int pid)
    {
        var actions = stackalloc byte[Libc.OpaqueSize];
        _ = Libc.FileActionsInit(actions);
        var native = _nativeShim;
        using var arguments = new StringArray(native is not null
            ? [native, folder, taskShell, _bootId, _umask, .. _rights.Arguments.AsSpan(0, 6)]
            : [Shim.ShellPath, "-c", Shim.Script, "porpoise-shim", folder, taskShell, _bootId, _umask, .. _rights.Arguments]);
        if (native is null && _rights.User is { } user)
        {
            if (WriteEnvironment(folder, environment, user) is var unwritten and not 0)
            {
                pid = 0;
                return unwritten;
            }

            environment = environment[..1];
        }

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
            if (failure == 0 || native is null || failure is not (Libc.Eacces or Libc.Enoexec or Libc.Enoent) || (_rights.User is not null && !_rights.HasTools))
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

    /// <summary>The task's variables as its shell reads them; the tag is in the environment already.</summary>
    private static int WriteEnvironment(string folder, ReadOnlySpan<string> environment, TaskUser user)
    {
        var text = new StringBuilder();
        foreach (var variable in environment[1..])
        {
            var equals = variable.IndexOf('=', StringComparison.Ordinal);
            text.Append("export ").Append(variable, 0, equals + 1).Append(ShellText.Quote(variable[(equals + 1)..])).Append('\n');
        }

        var path = folder + ".environment";
        _ = Libc.Unlink(path); // of a start that failed
        return SmallFile.Create(path, Encoding.UTF8.GetBytes(text.ToString()), user.Group, SmallFile.GroupReads);
    }

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
