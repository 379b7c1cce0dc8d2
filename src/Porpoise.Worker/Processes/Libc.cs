using System.Runtime.InteropServices;

namespace Porpoise.Worker.Processes;

/// <summary>
/// The calls to the C library that .NET has no equal for. Constants are those of Linux on x86-64 and arm64, glibc and musl,
/// which agree in all that is used here.
/// </summary>
internal static unsafe partial class Libc
{
    public const int Eperm = 1, Enoent = 2, Esrch = 3, Eintr = 4, Eagain = 11, Enoexec = 8, Enomem = 12, Eacces = 13, Eexist = 17,
        Enotdir = 20, Eisdir = 21, Enfile = 23, Emfile = 24, Enospc = 28, Enotempty = 39, Eloop = 40, Edquot = 122;

    public const int ReadOnly = 0, WriteOnly = 1, Create = 0x40, Exclusive = 0x80, Append = 0x400, NonBlocking = 0x800, CloseOnExec = 0x80000;

    public const int SigKill = 9, SigTerm = 15, SigCont = 18, SigStop = 19;

    /// <summary>Bytes that hold any of the opaque structures of posix_spawn and signal.h, with room to spare (the largest has 336).</summary>
    public const int OpaqueSize = 512;

    public const short SpawnSetSigDef = 0x04, SpawnSetSigMask = 0x08, SpawnSetSid = 0x80;

    /// <summary>Leaves the owner, or the group, as it is.</summary>
    public const uint SameOwner = uint.MaxValue;

    public const uint EpollIn = 1, EpollOneShot = 1u << 30, InotifyModify = 2;

    private const int PidfdSendSignalNumber = 424, PidfdOpenNumber = 434, EpollCtlAdd = 1, PidfdIdType = 3,
        WaitNoHang = 1, WaitExited = 4, WaitNoReap = 0x1000000, StatusOffset = 24, CodeOffset = 8, CldExited = 1;

    /// <summary>Of unlinkat: the name is that of a folder.</summary>
    public const int RemoveDirectory = 0x200;

    private const int KeepSizePunchHole = 3;

    /// <summary>Opens a folder, and not what a link in its place leads to. The two architectures number these flags differently.</summary>
    public static readonly int FolderNotLink = CloseOnExec | (RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 0x30000 : 0xC000);

    private static readonly nint ReadFolderNumber = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 217 : 61;

    private static readonly nint StatxNumber = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 332 : 291;

    /// <summary>The kernel packs epoll_event on x86-64 only.</summary>
    private static readonly int EpollDataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    public static int EpollEventSize => EpollDataOffset + sizeof(long);

    public static string Describe(int errno) => Marshal.GetPInvokeErrorMessage(errno);

    /// <summary>A handle on a process that no reuse of its number can redirect; null with the reason in <paramref name="errno"/>.</summary>
    public static PidFd? OpenPidFd(int pid, out int errno)
    {
        var fd = Syscall(PidfdOpenNumber, pid, 0, 0, 0);
        errno = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        return fd < 0 ? null : new PidFd((nint)fd);
    }

    /// <summary>0, or the error number.</summary>
    public static int Signal(PidFd process, int signal) =>
        Syscall(PidfdSendSignalNumber, process.DangerousGetHandle(), signal, 0, 0) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Collects the exit status of a child (128 + n for signal n); null if it is no child of ours or still runs.</summary>
    public static int? Reap(PidFd process) => ReadStatus(process, WaitExited | WaitNoHang);

    /// <summary>The same, but leaves the child to be reaped: until then its number belongs to nobody else.</summary>
    public static int? PeekStatus(PidFd process) => ReadStatus(process, WaitExited | WaitNoHang | WaitNoReap);

    private static int? ReadStatus(PidFd process, int options)
    {
        var info = stackalloc byte[128];
        new Span<byte>(info, 128).Clear();
        int result;
        do
        {
            result = WaitId(PidfdIdType, process.DangerousGetHandle(), info, options, null);
        }
        while (result != 0 && Marshal.GetLastPInvokeError() == Eintr);
        var code = *(int*)(info + CodeOffset);
        var status = *(int*)(info + StatusOffset);
        return result != 0 || code == 0 ? null : code == CldExited ? status : 128 + status;
    }

    public static int EpollAdd(int epoll, int fd, uint events, long data)
    {
        var record = stackalloc byte[16];
        *(uint*)record = events;
        *(long*)(record + EpollDataOffset) = data;
        return EpollCtl(epoll, EpollCtlAdd, fd, record) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    public static long EpollData(ReadOnlySpan<byte> events, int index) =>
        MemoryMarshal.Read<long>(events[(index * EpollEventSize + EpollDataOffset)..]);

    /// <summary>Frees the room of a piece of a file, which reads as zeros then. 0, or the error number.</summary>
    public static int PunchHole(int fd, long start, long length) =>
        Allocate(fd, KeepSizePunchHole, start, length) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>The next entries of an open folder, as the kernel writes them (linux_dirent64). The bytes, 0 at the end, or -1.</summary>
    public static int ReadFolder(int fd, byte* buffer, int size) => (int)Syscall(ReadFolderNumber, fd, (nint)buffer, size, 0);

    /// <summary>Fills in a struct statx of 256 bytes. 0, or -1.</summary>
    public static int Status(string path, byte* record)
    {
        const int HereIfRelative = -100, BasicStats = 0x7FF;
        var text = Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            return (int)Syscall(StatxNumber, HereIfRelative, text, 0, BasicStats, (nint)record);
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
    }

    /// <summary>Null: there is none of this name.</summary>
    public static (uint User, uint Group)? FindUser(string name) => GetUser(name) is var entry && entry is not null ? (entry->User, entry->Group) : null;

    /// <summary>Null: there is none of this number.</summary>
    public static (string Name, uint Group)? FindUser(uint number) =>
        GetUser(number) is var entry && entry is not null ? (Marshal.PtrToStringUTF8((nint)entry->Name)!, entry->Group) : null;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int fd, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int fd, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeDirectory(string path, int mode);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    public static partial int ChangeOwner(int fd, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    public static partial int ChangeMode(int fd, int mode);

    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeMode(string path, int mode);

    [LibraryImport("libc", EntryPoint = "fchmodat", SetLastError = true)]
    public static partial int ChangeModeAt(int folder, byte* name, int mode, int flags);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    public static partial int OpenAt(int folder, byte* name, int flags);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    public static partial int UnlinkAt(int folder, byte* name, int flags);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true)]
    public static partial int RenameAt(int folder, byte* name, int toFolder, byte* toName);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    public static partial long SeekFile(int fd, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RemoveFolder(string path);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    public static partial int InotifyInit(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int InotifyAddWatch(int inotify, string path, uint mask);

    [LibraryImport("libc", EntryPoint = "inotify_rm_watch", SetLastError = true)]
    public static partial int InotifyRemoveWatch(int inotify, int watch);

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

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial int SpawnAttributesSetSigDefault(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial int SpawnAttributesSetSigMask(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int FileActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int FileActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FileActionsAddOpen(byte* actions, int fd, string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int FileActionsAddDup2(byte* actions, int fd, int newFd);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    public static partial int SignalsFill(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    public static partial int SignalsEmpty(byte* signals);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Allocate(int fd, int mode, long start, long length);

    [LibraryImport("libc", EntryPoint = "getpwnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial PasswordEntry* GetUser(string name);

    [LibraryImport("libc", EntryPoint = "getpwuid")]
    private static partial PasswordEntry* GetUser(uint number);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Syscall(nint number, nint first, nint second, nint third, nint fourth);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Syscall(nint number, nint first, nint second, nint third, nint fourth, nint fifth);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitId(int idType, nint id, byte* info, int options, byte* usage);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int EpollCtl(int epoll, int operation, int fd, byte* record);

    /// <summary>The beginning of the C library's struct passwd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct PasswordEntry
    {
        public readonly byte* Name;
        public readonly byte* Password;
        public readonly uint User;
        public readonly uint Group;
    }
}
