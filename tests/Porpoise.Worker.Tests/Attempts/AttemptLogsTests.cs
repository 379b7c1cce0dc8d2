using Porpoise.Core.Tasks;
using Porpoise.Worker.Attempts;

namespace Porpoise.Worker.Tests.Attempts;

public sealed class AttemptLogsTests : WorkerTest
{
    private static readonly TaskId Task = Key.Task;

    private AttemptLogs Logs => new(Root);

    [Theory]
    [InlineData(0, 10, 3, "one\ntwo\r\nthree\n")]
    [InlineData(1, 1, 1, "two\r\n")]
    [InlineData(2, 10, 1, "three\n")]
    [InlineData(3, 10, 0, "")]
    [InlineData(9, 10, 0, "")]
    [InlineData(0, 0, 0, "")]
    public void A_page_is_the_lines_after_those_to_skip(int skip, int limit, int count, string text)
    {
        WriteLog("one\ntwo\r\nthree\n"u8, ended: true);
        Assert.Equal(new LogPage(count, text), Logs.ReadLines(Task, 1, skip, limit));
    }

    [Fact]
    public void A_last_line_without_an_end_counts_only_once_the_attempt_has_ended()
    {
        WriteLog("one\ntw"u8, ended: false);
        Assert.Equal(new LogPage(1, "one\n"), Logs.ReadLines(Task, 1, 0, 10));
        WriteLog("one\ntwo"u8, ended: true);
        Assert.Equal(new LogPage(1, "two"), Logs.ReadLines(Task, 1, 1, 10));
    }

    [Fact]
    public void Bytes_that_are_no_text_do_no_harm()
    {
        WriteLog([0xff, 0xfe, (byte)'a', 0, (byte)'\n', 0xe4, 0xbb], ended: true);
        Assert.Equal(new LogPage(2, "\ufffd\ufffda\0\n\ufffd"), Logs.ReadLines(Task, 1, 0, 10));
    }

    [Fact]
    public void A_very_long_line_is_cut_and_says_so()
    {
        WriteLog([.. new string('x', 3 * AttemptLogs.LineBytesMax).Select(static c => (byte)c), .. "\nend\n"u8], ended: true);
        var page = Logs.ReadLines(Task, 1, 0, 10)!;
        Assert.Equal(2, page.LineCount);
        Assert.EndsWith($"x [… {2 * AttemptLogs.LineBytesMax} bytes left out]\nend\n", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Pages_are_bounded_and_together_are_the_whole_log()
    {
        var text = string.Concat(Enumerable.Range(0, 100_000).Select(static i => $"{i} {new string('y', i % 200)}\n"));
        WriteLog(System.Text.Encoding.UTF8.GetBytes(text), ended: true);
        var read = new System.Text.StringBuilder();
        var (skip, pages) = (0, 0);
        for (LogPage page; (page = Logs.ReadLines(Task, 1, skip, int.MaxValue)!).LineCount > 0; pages++)
        {
            Assert.InRange(page.Text.Length, 1, AttemptLogs.PageBytesMax);
            read.Append(page.Text);
            skip += page.LineCount;
        }

        Assert.True(text == read.ToString(), "The pages are not the log.");
        Assert.InRange(pages, text.Length / AttemptLogs.PageBytesMax, text.Length / AttemptLogs.PageBytesMax + 2);
    }

    [Fact]
    public void No_log_is_no_page_and_no_stream()
    {
        Assert.Null(Logs.ReadLines(Task, 1, 0, 10));
        Assert.Null(Logs.OpenRead(Task, 1));
    }

    [Fact]
    public async System.Threading.Tasks.Task A_log_can_be_read_while_it_is_written()
    {
        var (ready, go) = (NewPipe(), NewPipe());
        NewWorker().Start(Order($"echo one; printf tw; echo >{ready}; cat {go} >/dev/null; echo o"));
        await ready.ReadAsync();
        Assert.Equal(new LogPage(1, "one\n"), Logs.ReadLines(Task, 1, 0, 10));
        await go.WriteAsync();
        await Reports.OfAsync(Key);
        Assert.Equal(new LogPage(1, "two\n"), Logs.ReadLines(Task, 1, 1, 10));
        using var download = new StreamReader(Logs.OpenRead(Task, 1)!);
        Assert.Equal("one\ntwo\n", await download.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    private void WriteLog(ReadOnlySpan<byte> content, bool ended)
    {
        Directory.CreateDirectory(Folder.Path);
        File.WriteAllBytes(Folder.Log, content);
        if (ended)
        {
            File.WriteAllText(Folder.Path + ".exit", "0\n");
        }
    }
}
