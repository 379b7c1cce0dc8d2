using System.Runtime.InteropServices;

namespace Porpoise.Worker.Processes;

/// <summary>
/// Whole small files in as few system calls as there can be, with error numbers for answers: a missing file is an everyday answer
/// here, and neither exceptions nor a FileStream's extra calls are wanted several hundred times a second.
/// </summary>
internal static unsafe class SmallFile
{
    /// <summary>Modes of files that the server makes for a task of another user: 0640, 0620, 0660.</summary>
    public const int GroupReads = 0x1A0, GroupWrites = 0x190, GroupReadsAndWrites = 0x1B0;

    /// <summary>The number of bytes read, or the negated error number. A file longer than the buffer is cut. What a task has laid there instead of a file keeps nobody waiting.</summary>
    public static int Read(string path, Span<byte> buffer)
    {
        var fd = Libc.Open(path, Libc.ReadOnly | Libc.NonBlocking | Libc.CloseOnExec, 0);
        if (fd < 0)
        {
            return -Marshal.GetLastPInvokeError();
        }

        try
        {
            var total = 0;
            fixed (byte* start = buffer)
            {
                while (total < buffer.Length)
                {
                    var read = Libc.Read(fd, start + total, buffer.Length - total);
                    if (read > 0)
                    {
                        total += (int)read;
                    }
                    else if (read == 0)
                    {
                        break;
                    }
                    else if (Marshal.GetLastPInvokeError() is var errno and not Libc.Eintr)
                    {
                        return -errno;
                    }
                }
            }

            return total;
        }
        finally
        {
            _ = Libc.Close(fd);
        }
    }

    /// <summary>Creates the file (mode 0600), which must not exist, with this content. 0, or the error number; after an error it may be there in part.</summary>
    public static int Create(string path, ReadOnlySpan<byte> content) => Create(path, content, group: 0, mode: 0);

    /// <summary>The same for a file that belongs to this group too, with this mode; mode 0: ours alone.</summary>
    public static int Create(string path, ReadOnlySpan<byte> content, uint group, int mode)
    {
        var fd = Libc.Open(path, Libc.WriteOnly | Libc.Create | Libc.Exclusive | Libc.CloseOnExec, 0x180);
        if (fd < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        try
        {
            if (mode != 0 && (Libc.ChangeOwner(fd, Libc.SameOwner, group) != 0 || Libc.ChangeMode(fd, mode) != 0))
            {
                return Marshal.GetLastPInvokeError();
            }

            return WriteAll(fd, content);
        }
        finally
        {
            _ = Libc.Close(fd);
        }
    }

    /// <summary>Adds to the end of a file that is there. 0, or the error number.</summary>
    public static int Append(string path, ReadOnlySpan<byte> content)
    {
        var fd = Libc.Open(path, Libc.WriteOnly | Libc.Append | Libc.CloseOnExec, 0);
        if (fd < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        try
        {
            return WriteAll(fd, content);
        }
        finally
        {
            _ = Libc.Close(fd);
        }
    }

    private static int WriteAll(int fd, ReadOnlySpan<byte> content)
    {
        fixed (byte* start = content)
        {
            for (var total = 0; total < content.Length;)
            {
                var written = Libc.Write(fd, start + total, content.Length - total);
                if (written >= 0)
                {
                    total += (int)written;
                }
                else if (Marshal.GetLastPInvokeError() is var errno and not Libc.Eintr)
                {
                    return errno;
                }
            }
        }

        return 0;
    }
}
