using System.Runtime.InteropServices;
using Porpoise.Worker.Processes;

namespace Porpoise.Worker.Attempts;

/// <summary>
/// Removes a folder that a task filled, which may hold anything, and which its processes may still be changing: links are removed and never followed, also
/// one that takes a folder's place in this very moment, because every step goes from an open folder to a name in it. Folders that the task closed are opened first.
/// </summary>
/// <remarks>However deep it is, two folders are open at most: what is in a folder that is not empty is moved up into the first one.</remarks>
internal static unsafe class FolderRemoval
{
    /// <summary>Entries in one go; what is left is for the next.</summary>
    public const int EntriesMax = 200_000;

    private const int OpenMode = 0x1C0;
    private const int BufferSize = 64 * 1024;

    /// <exception cref="IOException">Something could not be removed, or it is too much for one go.</exception>
    public static void Remove(string path)
    {
        if (Libc.RemoveFolder(path) == 0 || Marshal.GetLastPInvokeError() == Libc.Enoent)
        {
            return;
        }

        var root = Libc.Open(path, Libc.FolderNotLink, 0);
        var failure = root < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (failure == Libc.Eacces)
        {
            root = Libc.ChangeMode(path, OpenMode) == 0 ? Libc.Open(path, Libc.FolderNotLink, 0) : -1;
            failure = root < 0 ? Marshal.GetLastPInvokeError() : 0;
        }

        if (failure is Libc.Enotdir or Libc.Eloop)
        {
            failure = Libc.Unlink(path) == 0 ? 0 : Marshal.GetLastPInvokeError(); // what the task put in its place
        }
        else if (failure == 0)
        {
            try
            {
                failure = Empty(root);
            }
            finally
            {
                _ = Libc.Close(root);
            }

            failure = failure != 0 || Libc.RemoveFolder(path) == 0 ? failure : Marshal.GetLastPInvokeError();
        }

        if (failure is not 0 and not Libc.Enoent)
        {
            throw new IOException($"{path} cannot be removed: {Libc.Describe(failure)}.", failure);
        }
    }

    /// <summary>Looks again until nothing is left: what was moved up may or may not show in the same look.</summary>
    private static int Empty(int root)
    {
        _ = Libc.ChangeMode(root, OpenMode);
        var (left, moved) = (EntriesMax, 0);
        while (left > 0)
        {
            var seen = 0;
            var failure = ForEach(root, name =>
            {
                seen++;
                return left-- > 0 ? RemoveEntry(root, (byte*)name, ref moved) : Libc.Eagain;
            });
            if (failure != 0 || seen == 0)
            {
                return failure;
            }
        }

        return Libc.Eagain;
    }

    private static int RemoveEntry(int root, byte* name, ref int moved)
    {
        var failure = RemoveSimple(root, name);
        if (failure is not (Libc.Enotempty or Libc.Eexist))
        {
            return failure;
        }

        var folder = Libc.OpenAt(root, name, Libc.FolderNotLink);
        if (folder < 0 && Marshal.GetLastPInvokeError() == Libc.Eacces && Libc.ChangeModeAt(root, name, OpenMode, 0) == 0)
        {
            folder = Libc.OpenAt(root, name, Libc.FolderNotLink);
        }

        if (folder < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        try
        {
            _ = Libc.ChangeMode(folder, OpenMode);
            var number = moved;
            failure = ForEach(folder, inside =>
            {
                var left = RemoveSimple(folder, (byte*)inside);
                return left is Libc.Enotempty or Libc.Eexist ? MoveUp(folder, (byte*)inside, root, ref number) : left;
            });
            moved = number;
        }
        finally
        {
            _ = Libc.Close(folder);
        }

        failure = failure != 0 ? failure : RemoveSimple(root, name);
        return failure is Libc.Enotempty or Libc.Eexist ? 0 : failure; // something was put into it meanwhile: the next look sees it again
    }

    /// <summary>A file, a link, or a folder with nothing in it. 0, or the error number.</summary>
    private static int RemoveSimple(int folder, byte* name)
    {
        if (Libc.UnlinkAt(folder, name, 0) == 0)
        {
            return 0;
        }

        var failure = Marshal.GetLastPInvokeError();
        if (failure is Libc.Eisdir or Libc.Eperm)
        {
            failure = Libc.UnlinkAt(folder, name, Libc.RemoveDirectory) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }

        return failure == Libc.Enoent ? 0 : failure;
    }

    private static int MoveUp(int folder, byte* name, int root, ref int number)
    {
        Span<byte> fresh = stackalloc byte[32];
        for (var opened = false; ;)
        {
            ".porpoise-"u8.CopyTo(fresh);
            _ = System.Buffers.Text.Utf8Formatter.TryFormat(number++, fresh[10..], out var length);
            fresh[10 + length] = 0;
            fixed (byte* to = fresh)
            {
                if (Libc.RenameAt(folder, name, root, to) == 0)
                {
                    return 0;
                }
            }

            var failure = Marshal.GetLastPInvokeError();
            if (failure is Libc.Eacces && !opened)
            {
                opened = Libc.ChangeModeAt(folder, name, OpenMode, 0) == 0;
            }
            else if (failure is not (Libc.Eexist or Libc.Enotempty or Libc.Enotdir))
            {
                return failure;
            }
        }
    }

    /// <summary>Calls with each name (a C string) until one answer is not 0.</summary>
    private static int ForEach(int folder, Func<nint, int> visit)
    {
        _ = Libc.SeekFile(folder, 0, 0);
        var buffer = (byte*)NativeMemory.Alloc(BufferSize);
        try
        {
            while (true)
            {
                var length = Libc.ReadFolder(folder, buffer, BufferSize);
                if (length <= 0)
                {
                    return length == 0 ? 0 : Marshal.GetLastPInvokeError();
                }

                // struct linux_dirent64: inode 8, offset 8, record length 2, type 1, name.
                for (var at = 0; at < length; at += *(ushort*)(buffer + at + 16))
                {
                    var name = buffer + at + 19;
                    var isDots = name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0));
                    if (!isDots && visit((nint)name) is var failure and not 0)
                    {
                        return failure;
                    }
                }
            }
        }
        finally
        {
            NativeMemory.Free(buffer);
        }
    }
}
