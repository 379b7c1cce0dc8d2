using System.Runtime.InteropServices;

namespace Porpoise.Commands.Calls;

/// <summary>
/// Whoever reads what the program writes: <c>porpoise run logs 1 -f | head -1</c>. The runtime ignores SIGPIPE and its console every write after it, so that a command which
/// follows something would go on for nobody, and a shell wait for it.
/// </summary>
internal static partial class Readers
{
    public const int Output = 1;
    public const int Error = 2;

    private const short Gone = 0x8 | 0x10; // POLLERR, POLLHUP
    private const int Interrupted = 4;

    /// <summary>
    /// From now on the program ends when the reader of one of them goes, without waiting for the next write, with the code of a program that SIGPIPE ended. Only for commands that
    /// read and change nothing any more.
    /// </summary>
    public static void EndWhenGone(params int[] descriptors) =>
        new Thread(() => Watch([.. descriptors.Select(d => new Watched { Descriptor = d })])) { IsBackground = true, Name = "readers" }.Start();

    private static void Watch(Watched[] all)
    {
        while (Array.Exists(all, w => w.Descriptor >= 0))
        {
            if (Poll(all, (nuint)all.Length, timeout: -1) < 0)
            {
                if (Marshal.GetLastPInvokeError() == Interrupted)
                {
                    continue;
                }

                return; // then it ends with what it follows, as it would without this
            }

            if (Array.Exists(all, w => (w.Happened & Gone) != 0))
            {
                Environment.Exit(ExitCode.ReaderGone);
            }

            for (var i = 0; i < all.Length; i++)
            {
                all[i].Descriptor = all[i].Happened == 0 ? all[i].Descriptor : -1; // closed from the beginning: nobody can go
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll([In, Out] Watched[] all, nuint count, int timeout);

    [StructLayout(LayoutKind.Sequential)]
    private struct Watched
    {
        public int Descriptor;
        public short Wanted;
        public short Happened;
    }
}
