using System.Diagnostics;
using System.Globalization;
using System.Text;
using Porpoise.Bench.Machine;

namespace Porpoise.Bench.Limits;

/// <summary>
/// What one SHELL task cannot do without, and nothing else: a folder, a script file, a process of its own session with a log file, an exit code on
/// disk. Eight at once. The rate of this loop is the machine's limit for tasks per second; it runs in a process of its own, so that
/// nothing else there handles child signals.
/// </summary>
internal static unsafe class BareLoop
{
    public const int AtOnce = 8;

    /// <summary>Ways to do it; the fastest is the reference.</summary>
    public static readonly string[] Variants = ["spawn1", "spawn2", "spawn8", "xargs"];

    private static int _folders;

    /// <summary>Hidden command of the bench program: <c>--bare-loop VARIANT COUNT FOLDER</c> prints the seconds it took.</summary>
    public static int RunHere(string variant, int count, string folder)
    {
        var watch = Stopwatch.StartNew();
        if (variant == "xargs")
        {
            Xargs(count, folder);
        }
        else
        {
            Spawn(int.Parse(variant.AsSpan("spawn".Length), CultureInfo.InvariantCulture), count, folder);
        }

        Console.WriteLine(watch.Elapsed.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        var done = Directory.EnumerateFiles(folder, "exit", SearchOption.AllDirectories).Count(static file => File.ReadAllText(file).Trim() == "0");
        if (done != count)
        {
            Console.Error.WriteLine($"Only {done} of {count} scripts exited with 0.");
            return 1;
        }

        return 0;
    }

    /// <summary>Runs the loop in a child process; tasks per second, and processor seconds per task.</summary>
    public static (double Rate, double Cpu) Measure(string variant, int count, string dataFolder)
    {
        var folder = Directory.CreateDirectory(Path.Combine(dataFolder, string.Create(CultureInfo.InvariantCulture, $"bare-{++_folders}"))).FullName;
        var before = ProcessFigures.ChildrenCpuSeconds(Environment.ProcessId);
        using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["--bare-loop", variant, count.ToString(CultureInfo.InvariantCulture), folder])
        {
            RedirectStandardOutput = true,
        })!;
        var seconds = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0
            ? (count / double.Parse(seconds, CultureInfo.InvariantCulture), (ProcessFigures.ChildrenCpuSeconds(Environment.ProcessId) - before) / count)
            : throw new InvalidOperationException($"The bare loop {variant} failed.");
    }

    private static void Spawn(int threads, int count, string folder)
    {
        var next = 0;
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(() => Work(AtOnce / threads))).ToList();
        workers.ForEach(static w => w.Start());
        workers.ForEach(static w => w.Join());

        void Work(int atOnce)
        {
            var running = new Queue<(int Pid, string Folder)>();
            while (true)
            {
                var task = running.Count < atOnce ? Interlocked.Increment(ref next) : int.MaxValue;
                if (task <= count)
                {
                    running.Enqueue(Start(string.Create(CultureInfo.InvariantCulture, $"{folder}/{task}")));
                }
                else if (running.TryDequeue(out var oldest))
                {
                    // All threads share the children, so each waits for its own: its oldest, which is most likely done.
                    _ = Libc.Checked(Libc.WaitPid(oldest.Pid, out var status, 0));
                    WriteFile(oldest.Folder + "/exit", (status >> 8 & 0xFF) == 0 ? "0\n"u8 : "1\n"u8);
                }
                else
                {
                    return;
                }
            }
        }
    }

    private static (int Pid, string Folder) Start(string folder)
    {
        if (Libc.MakeDirectory(folder, 0x1C0) != 0)
        {
            throw new IOException("A folder could not be made.");
        }

        WriteFile(folder + "/script", "/bin/true\n"u8);
        var attributes = stackalloc byte[Libc.OpaqueSize];
        var actions = stackalloc byte[Libc.OpaqueSize];
        _ = Libc.SpawnAttributesInit(attributes);
        _ = Libc.SpawnAttributesSetFlags(attributes, Libc.SpawnSetSid);
        _ = Libc.FileActionsInit(actions);
        _ = Libc.FileActionsAddOpen(actions, 0, "/dev/null", 0, 0);
        _ = Libc.FileActionsAddOpen(actions, 1, folder + "/log", Libc.WriteOnly | Libc.Create | Libc.Append, 0x180);
        _ = Libc.FileActionsAddDup2(actions, 1, 2);
        try
        {
            fixed (byte* script = Encoding.UTF8.GetBytes(folder + "/script\0"), bash = "bash\0"u8, path = "PATH=/usr/bin:/bin\0"u8, language = "LANG=C.UTF-8\0"u8)
            {
                var arguments = stackalloc byte*[] { bash, script, null };
                var environment = stackalloc byte*[] { path, language, null }; // The language, because bash takes a tenth longer to start with one.
                var errno = Libc.PosixSpawn(out var pid, "/bin/bash", actions, attributes, arguments, environment);
                return errno == 0 ? (pid, folder) : throw new IOException($"A process could not be started (error {errno}).");
            }
        }
        finally
        {
            _ = Libc.FileActionsDestroy(actions);
        }
    }

    private static void WriteFile(string path, ReadOnlySpan<byte> content)
    {
        var fd = Libc.Checked(Libc.Open(path, Libc.WriteOnly | Libc.Create | Libc.CloseOnExec, 0x180));
        fixed (byte* start = content)
        {
            _ = Libc.Write(fd, start, content.Length);
        }

        _ = Libc.Close(fd);
    }

    private static void Xargs(int count, string folder)
    {
        const string Task = """mkdir "$0/$1" && echo /bin/true >"$0/$1/script" && setsid -w bash "$0/$1/script" </dev/null >"$0/$1/log" 2>&1; echo $? >"$0/$1/exit" """;
        using var xargs = Process.Start(new ProcessStartInfo("xargs", [$"-P{AtOnce}", "-n1", "sh", "-c", Task, folder]) { RedirectStandardInput = true })!;
        for (var i = 1; i <= count; i++)
        {
            xargs.StandardInput.WriteLine(i.ToString(CultureInfo.InvariantCulture));
        }

        xargs.StandardInput.Close();
        xargs.WaitForExit();
    }
}
