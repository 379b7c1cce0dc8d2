using System.Text;
using System.Text.RegularExpressions;
using Porpoise.Core.Tasks;
using Porpoise.Worker.Processes;
using Porpoise.Worker.Runners;

namespace Porpoise.Worker.Attempts;

/// <summary>The end of a log: the last lines, which explain a failure, and the line that the service adds. A file that is not there has no lines.</summary>
internal static partial class LogEnd
{
    public const int LinesMax = 5;

    private const int LookedAtMax = 4096;

    /// <summary>Characters of the reason, which stands in lists.</summary>
    private const int ReasonMax = 300;

    /// <summary>
    /// The last lines that are not empty, at most <see cref="LinesMax"/> and <see cref="AttemptOutcome.LastLinesMax"/> characters, as text that can do
    /// nothing to a terminal; whether the service has closed the log already, as after a crash between that and the report; and, of a job, why it failed, in one line
    /// (empty: it did not say so).
    /// </summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public static (string Lines, bool IsClosed, string Reason) Read(string path)
    {
        var text = ReadEnd(path);
        var lines = Harmless(text).Split('\n').Select(static line => line.TrimEnd()).Where(static line => line.Length > 0).ToList();
        var isClosed = lines is [.., var last] && last.StartsWith(ClosingLine.Mark, StringComparison.Ordinal);
        var chosen = string.Join('\n', lines.SkipLast(isClosed ? 1 : 0).TakeLast(LinesMax));
        var reason = lines.LastOrDefault(static l => FailureLine().IsMatch(l)) is { } said ? FailureLine().Replace(said, "", 1) : "";
        return (
            chosen.Length <= AttemptOutcome.LastLinesMax ? chosen : "…" + chosen[^(AttemptOutcome.LastLinesMax - 1)..],
            isClosed,
            reason.Length <= ReasonMax ? reason : reason[..(ReasonMax - 1)] + "…");
    }

    /// <summary>How a job says it: the time, and <see cref="TaskRunner.FailureSign"/>.</summary>
    [GeneratedRegex(@"^\d\d:\d\d:\d\d\.\d{3} " + TaskRunner.FailureSign, RegexOptions.CultureInvariant)]
    private static partial Regex FailureLine();

    /// <summary>Adds a line of its own to the log. 0, or the error number.</summary>
    public static int Append(string path, string line)
    {
        var isMidLine = ReadEnd(path) is [.., not '\n'];
        return SmallFile.Append(path, Encoding.UTF8.GetBytes((isMidLine ? "\n" : "") + line + "\n"));
    }

    private static string ReadEnd(string path)
    {
        try
        {
            using var log = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var from = Math.Max(0, log.Length - LookedAtMax);
            log.Seek(from, SeekOrigin.Begin);
            var bytes = new byte[LookedAtMax];
            var text = bytes.AsSpan(0, log.ReadAtLeast(bytes, LookedAtMax, throwOnEndOfStream: false));

            // The first line may have begun before; unless it is all there is, only whole ones count.
            var cut = from > 0 ? text.IndexOf((byte)'\n') + 1 : 0;
            return Encoding.UTF8.GetString(text[(cut < text.Length ? cut : 0)..]);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "";
        }
    }

    private static string Harmless(string text) =>
        string.Concat(TerminalCommands().Replace(text, "").Select(static c => c is '\t' or '\r' ? ' ' : c).Where(static c => c == '\n' || !char.IsControl(c)));

    /// <summary>Colours and the like.</summary>
    [GeneratedRegex("\u001b(?:\\[[0-?]*[ -/]*[@-~]|[@-Z\\\\-_])", RegexOptions.CultureInvariant)]
    private static partial Regex TerminalCommands();
}
