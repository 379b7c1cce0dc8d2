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
/// <c>.script</c> what to run · <c>.input</c> what the script gives to its interpreter, if it is not the shell's own · <c>.input.outputs</c> what a job gives to the tasks after it · <c>.log</c> its output · <c>.claim</c> who started it, at most
/// once (<see cref="Claim"/>) · <c>.stop</c> that it was asked to end, and why, so that an exit code found later is not taken for its own doing ·
/// <c>.exit</c> its exit code. Nothing here is synced to disk: after a power cut no process is left either, and the attempt is lost.
/// Where tasks have a user of their own, the work folder belongs to it, and everything beside it to the server: the task may read its script and its input, and
/// write to its log and to a job's outputs, but it cannot make, remove or replace any of them, nor touch a claim or an exit code. The folders above let it pass through, not look around.
/// </remarks>
internal sealed class AttemptFolder(string root, AttemptKey key)
{
    private const int FolderMode = 0x1C0;
    private const int PassMode = 0x1C9;
    private const int FileMax = 2048;
    public string Path { get; } = string.Create(CultureInfo.InvariantCulture, $"{root}/{key.Task.Value / 1000}/{key.Task.Value}.{key.Number}");

    public string Log => Path + ".log";

    private string ClaimPath => Path + ".claim";

    private string ExitPath => Path + ".exit";

    private string StopPath => Path + ".stop";

    private string ScriptPath => Path + ".script";

    private string InputPath => Path + ".input";

    /// <summary>Where a job writes its output parameters: a JSON object of texts.</summary>
    public string Outputs => Path + ".input.outputs";

    private string EnvironmentPath => Path + ".environment";

    /// <summary>Makes the work folder, the input if there is one, and the script. 0, or the error number; EEXIST if the attempt was claimed before.</summary>
    /// <param name="script">What to run.</param>
    /// <param name="input">What the script gives to its interpreter.</param>
    /// <param name="user">Whom the task becomes; null: it stays what the server is.</param>
    public int Prepare(string script, string? input = null, TaskUser? user = null)
    {
        var made = Make();
        if (made is not 0 and not Libc.Eexist || (made == Libc.Eexist && ReadClaim() is not Claim.Missing))
        {
            return made;
        }

        var failure = user is null ? 0 : HandOver(user, hasOutputs: input is not null);
        failure = failure != 0 || input is null ? failure : Write(InputPath, input, isNew: made == 0, user, SmallFile.GroupReadsAndWrites); // a job empties it: it may hold a secret
        return failure == 0 ? Write(ScriptPath, script, isNew: made == 0, user, SmallFile.GroupReads) : failure;
    }

    /// <summary>The work folder is the task's; its log, and the file for its outputs, are made for it, because it can make nothing beside its folder.</summary>
    private int HandOver(TaskUser user, bool hasOutputs)
    {
        if (Libc.ChangeOwner(Path, user.User, user.Group) != 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        var failure = SmallFile.Create(Log, [], user.Group, SmallFile.GroupWrites);
        if (failure is 0 or Libc.Eexist && hasOutputs)
        {
            failure = SmallFile.Create(Outputs, [], user.Group, SmallFile.GroupReadsAndWrites);
        }

        return failure is Libc.Eexist ? 0 : failure;
    }

    private static int Write(string path, string content, bool isNew, TaskUser? user, int modeForUser)
    {
        var text = Encoding.UTF8.GetBytes(content);
        var (group, mode) = user is null ? (0, 0) : (user.Group, modeForUser);
        if (isNew)
        {
            return SmallFile.Create(path, text, group, mode);
        }

        // Left over from a start that failed. Never written in place: a shell reads its script while it runs.
        var draft = $"{path}.{Guid.NewGuid():N}";
        var failure = SmallFile.Create(draft, text, group, mode);
        if (failure == 0 && Libc.Rename(draft, path) != 0)
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
    public ScriptExit? ReadExit()
    {
        Span<byte> content = stackalloc byte[FileMax];
        var length = SmallFile.Read(ExitPath, content);
        if (length < 0 && length != -Libc.Enoent)
        {
            throw new IOException($"{ExitPath} cannot be read: {Libc.Describe(-length)}.");
        }

        return length > 0 && Claim.ParseExit(content[..length]) is { } exit
            ? new ScriptExit(exit.Code, exit.MayHaveLeft, new DateTimeOffset(File.GetLastWriteTimeUtc(ExitPath)))
            : null;
    }

    /// <summary>When anything was last done to it, for one that left no exit code.</summary>
    public DateTimeOffset ReadLastChange() =>
        new(((string[])[ClaimPath, StopPath, Log]).Select(File.GetLastWriteTimeUtc).Max());

    /// <summary>When it was claimed; null if it was not, or not by a shim.</summary>
    public DateTimeOffset? ReadStart() =>
        ReadClaim() is Claim.Signed or Claim.Unsigned ? new DateTimeOffset(File.GetLastWriteTimeUtc(ClaimPath)) : null;

    /// <summary>Writes down that the attempt was asked to end, and why. 0, or the error number.</summary>
    public int MarkStopped(string reason)
    {
        var text = Encoding.UTF8.GetBytes(reason);
        return SmallFile.Create(StopPath, text.AsSpan(0, Math.Min(text.Length, FileMax))) is var errno and not Libc.Eexist ? errno : 0;
    }

    /// <summary>Why it was asked to end; empty: that is not known. Null: it was not.</summary>
    public string? ReadStop()
    {
        Span<byte> content = stackalloc byte[FileMax];
        var length = SmallFile.Read(StopPath, content);
        return length >= 0 ? Encoding.UTF8.GetString(content[..length]) : length == -Libc.Enoent ? null : "";
    }

    /// <summary>Removes the folder and the files beside it. Null, or why something is left.</summary>
    public string? Remove()
    {
        try
        {
            FolderRemoval.Remove(Path);
            foreach (var file in (ReadOnlySpan<string>)[ScriptPath, InputPath, Outputs, EnvironmentPath, Log, LogGap.PathOf(Log), StopPath, ExitPath, ClaimPath])
            {
                File.Delete(file); // no error when there is none
            }

            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

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

            if (Libc.MakeDirectory(System.IO.Path.GetDirectoryName(Path)!, PassMode) != 0 && Marshal.GetLastPInvokeError() is var failure and not Libc.Eexist)
            {
                return failure;
            }
        }
    }
}
