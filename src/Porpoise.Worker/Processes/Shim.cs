using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Porpoise.Worker.Processes;

/// <summary>
/// The few lines between the server and a task. They outlive the server, and nothing but them may start the script. There are two that do the same:
/// these in POSIX sh, which run everywhere, and a program of 3 KB without libc for x86-64 (Shims/shim.c), which costs a fifth of them.
/// </summary>
/// <remarks>
/// Arguments: 1 the attempt's work folder, beside which its files stand, 2 the shell that runs its script, 3 the boot id, 4 the umask for the task,
/// and <see cref="TaskRights"/>: 5 and 6 the user and the group that the task becomes (user 0: it stays what the server is), and its limits, 0 for none:
/// 7 open files, 8 processes of that user, 9 KiB of memory of each process, 10 its seconds of processor time (then XCPU, and five seconds later KILL).
/// <list type="number">
/// <item>The claim is an O_EXCL creation (noclobber): one start per attempt, whoever else tries. A moment later it says who claimed:
/// boot id and the shim's own line of /proc/PID/stat. Without that line nothing starts, or a restarted server could not find the task again.</item>
/// <item>The script runs in the foreground. A shell waits for a foreground child until it ends, trapped signals or not (checked with dash
/// and bash), whereas <c>wait</c> would return early. A trap on <c>:</c>, other than an ignored signal, is reset to the default in the child.</item>
/// <item>The task gives up the server's rights before it becomes the script; the shim keeps them, so no task can touch the claim or the exit code of any.</item>
/// <item>The exit code is written again every second until it is on disk, unless somebody removed the folder. Behind it stands a word if processes of the script may still run: the program knows,
/// because orphans of its script become its children; the shell does not, and says "maybe".</item>
/// </list>
/// Only built-in commands are used on the way, so that an attempt costs one process besides the script's; becoming another user takes two programs of
/// util-linux, which are in folder 11. A shell obeys variables, which a task's author may choose: then it gets none of them, and the task takes them from a file when it has no rights any more.
/// </remarks>
internal static class Shim
{
    /// <summary>The shell that runs <see cref="Script"/>.</summary>
    public const string ShellPath = "/bin/sh";

    /// <summary>The shim's exit code when the attempt was claimed or revoked before.</summary>
    public const int ClaimedBefore = 125;

    public const string Script = """
        set -C
        trap : HUP INT QUIT PIPE ALRM TERM USR1 USR2
        umask 077
        cd "$1" && IFS= read -r stat <"/proc/$$/stat" || exit 124
        { true >"$1.claim"; } 2>/dev/null || exit 125
        until echo "$3 $stat" >|"$1.claim"; do command -p sleep 1; done 2>/dev/null
        unset OLDPWD stat
        umask "$4"
        (
            ulimit -c 0 && { [ "$7" = 0 ] || ulimit -n "$7"; } && { [ "$9" = 0 ] || ulimit -d "$9"; } &&
                { [ "${10}" = 0 ] || { ulimit -S -t "${10}" && ulimit -H -t "$((${10} + 5))"; }; } || exit 126
            [ "$5" != 0 ] || exec "$2" "$1.script"
            n=${8#0}
            exec "${11}prlimit" --nproc="${n:-unlimited}" -- "${11}setpriv" --reuid "$5" --regid "$6" --clear-groups --no-new-privs -- \
                /bin/sh -c '. "$1.environment" && exec "$2" "$1.script"' porpoise-shim "$1" "$2"
        )
        set -- "$1" "$?"
        umask 077
        until echo "$2 maybe" >|"$1.exit"; do [ -d "$1" ] || exit 126; command -p sleep 1; done 2>/dev/null
        exit 0
        """;

    /// <summary>Puts the small program into the folder and answers its path; null where it cannot be used, and the shell has to do.</summary>
    [SupportedOSPlatform("linux")]
    public static string? TryInstallNative(string folder)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return null;
        }

        using var resource = typeof(Shim).Assembly.GetManifestResourceStream("shim-x64")!;
        var program = new byte[resource.Length];
        resource.ReadExactly(program);
        var path = System.IO.Path.Combine(folder, "shim");
        try
        {
            if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(program))
            {
                // Under another name first: an older one may be running, and cannot be written to.
                var draft = $"{path}.{Guid.NewGuid():N}";
                using (var file = new FileStream(draft, new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                }))
                {
                    file.Write(program);
                }

                File.Move(draft, path, overwrite: true);
            }

            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // a full disk, say: the shell needs no file
        }
    }
}
