using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Porpoise.Core.Tasks;
using Porpoise.Worker.Processes;

namespace Porpoise.Worker.Attempts;

/// <summary>
/// An attempt on disk: its work folder <c>ROOT/TASK÷1000/TASK.ATTEMPT/</c>, which is its HOME too, and beside it everything a restarted
/// worker knows of it, in files of the same name with an ending. Beside and not inside, so that a task that clears its folder does not forget itself.
/// </summary>
/// <remarks>
/// <c>.script</c> what to run · <c>.log</c> its output · <c>.claim</c> who started it, at most
/// once (<see cref="Claim"/>) · <c>.stop</c> that it was asked to end, so that an exit code found later is not taken for its own doing ·
/// <c>.exit</c> its exit code. Nothing here is synced to disk: after a power cut no process is left either, and the attempt is lost.
/// </remarks>
internal sealed class AttemptFolder(string root, AttemptKey key)
{
    private const int FolderMode = 0x1C0;
    private const int FileMax = 2048;
    public string Path { get; } = string.Create(CultureInfo.InvariantCulture, $"{root}/{key.Task.Value / 1000}/{key.Task.Value}.{key.Number}");

    public string Log => Path + ".log";

    private string ClaimPath => Path + ".claim";

    private string ExitPath => Path + ".exit";

    private string StopPath => Path + ".stop";

    private string ScriptPath => Path + ".script";

    /// <summary>Makes the work folder and the script. 0, or the error number; EEXIST if the attempt was claimed before.</summary>
    public int Prepare(string script)
    {
        var made = Make();
        if (made is not 0 and not Libc.Eexist || (made == Libc.Eexist && ReadClaim() is not Claim.Missing))
        {
            return made;
        }

        var text = Encoding.UTF8.GetBytes(script);
        if (made == 0)
        {
            return SmallFile.Create(ScriptPath, text);
        }

        // Left over from a start that failed. Never written in place: a shell reads its script while it runs.
        var draft = $"{ScriptPath}.{Guid.NewGuid():N}";
        var failure = SmallFile.Create(draft, text);
        if (failure == 0 && Libc.Rename(draft, ScriptPath) != 0)
        {
            failure = Marshal.GetLastPInvokeError();
        }

        if (failure != 0)
        {
            _ = Libc.Unlink(draft);
        }

        return failure;
    }

    public Claim ReadClaim()
    {
        Span<byte> content = stackalloc byte[FileMax];
        var length = SmallFile.Read(ClaimPath, content);
        return length switch
        {
            -Libc.Enoent => new Claim.Missing(),
            < 0 => throw new IOException($"{ClaimPath} cannot be read: {Libc.Describe(-length)}."),
            _ => Claim.Parse(content[..length]),
        };
    }

    /// <summary>Claims the attempt so that no shim can. False if it was claimed before.</summary>
    /// <exception cref="IOException">The file could not be made, so nothing is decided.</exception>
    public bool TryRevoke()
    {
        var errno = SmallFile.Create(ClaimPath, Claim.RevokedText);
        if (errno == Libc.Enoent && Make() is 0 or Libc.Eexist)
        {
            errno = SmallFile.Create(ClaimPath, Claim.RevokedText);
        }

        return errno switch
        {
            0 => true,
            Libc.Eexist => false,
            _ when File.Exists(ClaimPath) && ReadClaim() is Claim.Unsigned => true, // Made but not filled: a full disk. No shim can claim it.
            _ => throw new IOException($"{ClaimPath} cannot be made: {Libc.Describe(errno)}."),
        };
    }

    /// <summary>The exit code and when it was written; null if there is none (yet).</summary>
    public (int Code, DateTimeOffset At)? ReadExit()
    {
        Span<byte> content = stackalloc byte[FileMax];
        var length = SmallFile.Read(ExitPath, content);
        if (length < 0 && length != -Libc.Enoent)
        {
            throw new IOException($"{ExitPath} cannot be read: {Libc.Describe(-length)}.");
        }

        return length > 0 && Claim.ParseExit(content[..length]) is { } code
            ? (code, new DateTimeOffset(File.GetLastWriteTimeUtc(ExitPath)))
            : null;
    }

    /// <summary>Writes down that the attempt was asked to end. 0, or the error number.</summary>
    public int MarkStopped() => SmallFile.Create(StopPath, []) is var errno and not Libc.Eexist ? errno : 0;

    public bool IsMarkedStopped() => File.Exists(StopPath);

    private int Make()
    {
        for (var level = 0; ; level++)
        {
            if (Libc.MakeDirectory(Path, FolderMode) == 0)
            {
                return 0;
            }

            var errno = Marshal.GetLastPInvokeError();
            if (errno != Libc.Enoent || level > 0)
            {
                return errno;
            }

            if (Libc.MakeDirectory(System.IO.Path.GetDirectoryName(Path)!, FolderMode) != 0 && Marshal.GetLastPInvokeError() is var failure and not Libc.Eexist)
            {
                return failure;
            }
        }
    }
}
