using System.Runtime.InteropServices;

namespace Porpoise.Bench;

/// <summary>Calls to the C library, for limits and load that .NET's own classes would blur.</summary>
internal static unsafe partial class Libc
{
    public const int WriteOnly = 1, Create = 0x40, Truncate = 0x200, Append = 0x400, CloseOnExec = 0x80000;

    public const int SigTerm = 15, SigKill = 9;

    public const short SpawnSetSid = 0x80;

    /// <summary>Bytes that hold any of posix_spawn's opaque structures.</summary>
    public const int OpaqueSize = 512;

    public const uint EpollIn = 1;

    private const int EpollCtlAdd = 1;

    /// <summary>The kernel packs epoll_event on x86-64 only.</summary>
    private static readonly int EpollDataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    public static int EpollEventSize => EpollDataOffset + sizeof(long);

    public static void EpollAdd(int epoll, nint fd, int token)
    {
        var record = stackalloc byte[16];
        *(uint*)record = EpollIn;
        *(long*)(record + EpollDataOffset) = token;
        _ = Checked(EpollCtl(epoll, EpollCtlAdd, (int)fd, record));
    }

    public static int EpollToken(ReadOnlySpan<byte> events, int index) =>
        (int)MemoryMarshal.Read<long>(events[(index * EpollEventSize + EpollDataOffset)..]);

    public static int Checked(int result) =>
        result >= 0 ? result : throw new IOException(Marshal.GetLastPInvokeErrorMessage());

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int fd, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    public static partial int DataSync(int fd);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeDirectory(string path, int mode);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitPid(int pid, out int status, int options);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, byte* events, int eventMax, int timeout);

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int PosixSpawn(out int pid, string path, byte* fileActions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    public static partial int SpawnAttributesInit(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    public static partial int SpawnAttributesSetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int FileActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int FileActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FileActionsAddOpen(byte* actions, int fd, string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int FileActionsAddDup2(byte* actions, int fd, int newFd);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int EpollCtl(int epoll, int operation, int fd, byte* record);
}
