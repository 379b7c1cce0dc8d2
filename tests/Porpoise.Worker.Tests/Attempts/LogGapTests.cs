using System.Text;
using Porpoise.Worker.Attempts;
using Porpoise.Worker.Processes;

namespace Porpoise.Worker.Tests.Attempts;

/// <summary>A log that becomes too long keeps its beginning and its end, says so, and readers lose their place neither by bytes nor by lines.</summary>
public sealed class LogGapTests : WorkerTest
{
    private const int Lines = 100_000;
    private const int Max = 256 * 1024;

    [Fact]
    public void A_log_within_its_bound_is_left_alone()
    {
        Fill(10);
        Assert.Null(LogGap.Cut(Folder.Log, Max));
        Assert.Equal(LogGap.None, LogGap.Read(Folder.Log));
        Assert.Null(LogGap.Cut(Folder.Log + "-which-is-not-there", Max));
    }

    [Fact]
    public void What_is_kept_is_whole_lines_of_the_beginning_and_the_end_and_the_rest_takes_no_room()
    {
        Fill(Lines);
        Assert.Null(LogGap.Cut(Folder.Log, Max));
        var gap = LogGap.Read(Folder.Log);
        var text = Download();
        var parts = text.Split(gap.Describe());
        Assert.Equal(2, parts.Length);
        Assert.StartsWith("line 0\n", parts[0], StringComparison.Ordinal);
        Assert.EndsWith($"line {Lines - 1}\n", parts[1], StringComparison.Ordinal);
        Assert.Equal(Lines, parts.Sum(static part => part.Count(static c => c == '\n')) + gap.Lines);
        Assert.InRange(text.Length, Max / 2, Max);
        Assert.InRange(AllocatedBytes(), 1, Max + 8192);
        Assert.DoesNotContain('\0', text);
    }

    [Fact]
    public void A_second_cut_keeps_the_beginning_and_counts_on()
    {
        Fill(Lines);
        Assert.Null(LogGap.Cut(Folder.Log, Max));
        var first = LogGap.Read(Folder.Log);
        using (var more = new StreamWriter(Folder.Log, append: true))
        {
            for (var i = Lines; i < 2 * Lines; i++)
            {
                more.Write($"line {i}\n");
            }
        }

        Assert.Null(LogGap.Cut(Folder.Log, Max));
        var second = LogGap.Read(Folder.Log);
        Assert.Equal(first.Start, second.Start);
        Assert.True(second.End > first.End);
        Assert.Equal(2 * Lines, Download().Count(static c => c == '\n') - 1 + second.Lines);
    }

    [Fact]
    public void Whoever_reads_page_by_page_sees_every_kept_line_once_in_its_place_before_and_after_a_cut()
    {
        Fill(Lines);
        using var logs = new AttemptLogs(Root);
        var beginning = logs.ReadLines(Key.Task, Key.Number, 0, 5_000)!;
        Assert.Null(LogGap.Cut(Folder.Log, Max));
        var gap = LogGap.Read(Folder.Log);
        var text = new StringBuilder(beginning.Text);
        var at = (long)beginning.LineCount;
        for (LogPage page; (page = logs.ReadLines(Key.Task, Key.Number, at, 5_000)!).LineCount > 0; at += page.LineCount)
        {
            text.Append(page.Text);
        }

        Assert.Equal(Lines, at);
        Assert.Equal(Download(), text.ToString());
        var place = Lines - 7;
        Assert.Equal($"line {place}\n", new AttemptLogs(Root).ReadLines(Key.Task, Key.Number, place, 1)!.Text);
        Assert.StartsWith(gap.Describe(), new AttemptLogs(Root).ReadLines(Key.Task, Key.Number, Download()[..(int)gap.Start].Count(static c => c == '\n') + 10, 2)!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_follows_by_bytes_gets_the_same_and_each_piece_says_where_it_ends()
    {
        Fill(Lines);
        Assert.Null(LogGap.Cut(Folder.Log, Max));
        using var logs = new AttemptLogs(Root);
        using var tail = logs.Follow(Key.Task, Key.Number, 0);
        var text = new StringBuilder();
        await foreach (var piece in tail.ReadAsync(isComplete: true, TestContext.Current.CancellationToken))
        {
            text.Append(piece.Text);
        }

        Assert.Equal(Download(), text.ToString());
        Assert.Equal(new FileInfo(Folder.Log).Length, tail.Offset);
    }

    [Fact]
    public void Whoever_follows_a_long_log_has_only_what_is_new_read_to_him()
    {
        Fill(Lines);
        using var logs = new AttemptLogs(Root);
        for (var at = 0L; logs.ReadLines(Key.Task, Key.Number, at, 10_000) is { LineCount: > 0 } page;)
        {
            at += page.LineCount;
        }

        // Destroyed in front of the place: a reader who begins at the beginning would find other lines.
        using (var file = new FileStream(Folder.Log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Write(new byte[100_000]);
        }

        File.AppendAllText(Folder.Log, "new\n");
        Assert.Equal(new LogPage(1, "new\n"), logs.ReadLines(Key.Task, Key.Number, Lines, 10));
    }

    [Fact]
    public async Task The_log_of_a_running_task_is_cut_and_of_an_ended_one_at_its_end()
    {
        var worker = NewWorker(options => options with { Limits = new TaskLimits { LogBytesMax = Max } });
        worker.Start(Order("echo first; seq 500000; touch ready; until [ -e go ]; do sleep 0.02; done; seq 500000; echo last; exit 2"));
        await EventuallyAsync(() => File.Exists(Path.Combine(Folder.Path, "ready")) && LogGap.Read(Folder.Log).Length > 0);
        var before = LogGap.Read(Folder.Log);
        File.WriteAllText(Path.Combine(Folder.Path, "go"), "");
        Assert.EndsWith("500000\nlast", await Reports.LastLinesOfAsync(Key), StringComparison.Ordinal);
        Assert.True(LogGap.Read(Folder.Log).End > before.End);
        var text = Download();
        Assert.StartsWith("first\n1\n2\n", text, StringComparison.Ordinal);
        Assert.Contains("exit code 2\n", text[^60..], StringComparison.Ordinal);
        Assert.InRange(text.Length, Max / 2, Max + 1024);
        Assert.Null(new AttemptLogs(Root).Remove(Key.Task, 1));
        Assert.False(File.Exists(LogGap.PathOf(Folder.Log)));
    }

    private void Fill(int lines)
    {
        Assert.Equal(0, Folder.Prepare(""));
        File.WriteAllText(Folder.Log, string.Concat(Enumerable.Range(0, lines).Select(static i => $"line {i}\n")));
    }

    private string Download()
    {
        using var reader = new StreamReader(new AttemptLogs(Root).OpenRead(Key.Task, Key.Number)!);
        return reader.ReadToEnd();
    }

    private long AllocatedBytes()
    {
        using var du = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("du", ["-B1", Folder.Log]) { RedirectStandardOutput = true })!;
        return long.Parse(du.StandardOutput.ReadToEnd().Split('\t')[0], System.Globalization.CultureInfo.InvariantCulture);
    }
}
