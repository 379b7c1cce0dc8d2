using System.Runtime.InteropServices;

namespace Porpoise.Worker.Processes;

/// <summary>
/// Whole small files in as few system calls as there can be, with error numbers for answers: a missing file is an everyday answer
/// here, and neither exceptions nor a FileStream's extra calls are wanted several hundred times a second.
/// </summary>
internal static unsafe class SmallFile
{
    /// <summary>The number of bytes read, or the negated error number. A file longer than the buffer is cut.</summary>
    public static int Read(string path, Span<byte> buffer)
    {
        var fd = Libc.Open(path, Libc.ReadOnly | Libc.CloseOnExec, 0);
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
    public static int Create(string path, ReadOnlySpan<byte> content)
    {
        var fd = Libc.Open(path, Libc.WriteOnly | Libc.Create | Libc.Exclusive | Libc.CloseOnExec, 0x180);
        if (fd < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        try
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
        finally
        {
            _ = Libc.Close(fd);
        }
    }
}
