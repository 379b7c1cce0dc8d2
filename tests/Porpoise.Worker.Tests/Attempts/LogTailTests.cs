using System.Text;
using Porpoise.Core.Tasks;
using Porpoise.Worker.Attempts;

namespace Porpoise.Worker.Tests.Attempts;

public sealed class LogTailTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4); // below the five seconds after which it is looked anyway
    private static readonly TaskId Task = new(1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("porpoise-tail-");
    private readonly AttemptLogs _logs;

    public LogTailTests() => _logs = new AttemptLogs(_folder.FullName);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Path => System.IO.Path.Combine(_folder.FullName, "0", "1.1.log");

    public void Dispose()
    {
        _logs.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_is_written_is_told_by_the_kernel_and_read_from_where_the_reader_was()
    {
        Write("one\n");
        using var tail = _logs.Follow(Task, 1, offset: 0);
        using var late = _logs.Follow(Task, 1, offset: 2);
        Assert.Equal(["one\n"], await ReadAsync(tail));
        Assert.Equal(["e\n"], await ReadAsync(late));
        var (grown, other) = (tail.WaitAsync(Ct), late.WaitAsync(Ct));
        Assert.Same(grown, tail.WaitAsync(Ct));
        Assert.False(grown.IsCompleted);
        Write("two\n");
        await System.Threading.Tasks.Task.WhenAll(grown, other).WaitAsync(Patience, Ct);
        Assert.Equal(["two\n"], await ReadAsync(tail));
        Assert.Equal(["two\n"], await ReadAsync(late));
        Assert.Empty(await ReadAsync(tail));
        Assert.Equal(8, tail.Offset);
    }

    [Fact]
    public async Task A_log_that_is_not_there_yet_is_followed_from_its_first_byte()
    {
        using var tail = _logs.Follow(Task, 1, offset: 0);
        Assert.Empty(await ReadAsync(tail));
        var grown = tail.WaitAsync(Ct);
        Write("first");
        await grown.WaitAsync(Patience, Ct);
        Assert.Equal(["first"], await ReadAsync(tail));
    }

    [Fact]
    public async Task Half_a_character_waits_for_its_other_half_unless_none_will_come()
    {
        var character = "工"u8.ToArray();
        Write([.. "a"u8, .. character[..2]]);
        using var tail = _logs.Follow(Task, 1, offset: 0);
        Assert.Equal(["a"], await ReadAsync(tail));
        Assert.Empty(await ReadAsync(tail));
        Write(character[2..]);
        Assert.Equal(["工"], await ReadAsync(tail));
        Write(character[..1]);
        Assert.Empty(await ReadAsync(tail));
        Assert.Equal(["\uFFFD"], await ReadAsync(tail, isComplete: true));
    }

    [Fact]
    public async Task A_long_log_comes_in_pieces_that_begin_where_the_last_one_ended()
    {
        var text = string.Concat(Enumerable.Repeat("工b", 60_000));
        Write(text);
        using var tail = _logs.Follow(Task, 1, offset: 0);
        var (whole, end) = (new StringBuilder(), 0L);
        await foreach (var piece in tail.ReadAsync(isComplete: true, Ct))
        {
            Assert.Equal(end, piece.Offset);
            Assert.InRange(piece.End - piece.Offset, 1, LogTail.PieceMax);
            end = piece.End;
            whole.Append(piece.Text);
        }

        Assert.Equal(text, whole.ToString());
        Assert.Equal(new FileInfo(Path).Length, end);
    }

    [Fact]
    public async Task Who_has_left_is_not_told_any_more_and_the_others_are()
    {
        Write("x");
        var left = _logs.Follow(Task, 1, offset: 0);
        using var stays = _logs.Follow(Task, 1, offset: 0);
        Assert.Equal(["x"], await ReadAsync(left));
        Assert.Equal(["x"], await ReadAsync(stays));
        var (silent, told) = (left.WaitAsync(Ct), stays.WaitAsync(Ct));
        left.Dispose();
        Write("y");
        await told.WaitAsync(Patience, Ct);
        Assert.False(silent.IsCompleted);
    }

    private static async Task<List<string>> ReadAsync(LogTail tail, bool isComplete = false)
    {
        var texts = new List<string>();
        await foreach (var piece in tail.ReadAsync(isComplete, Ct))
        {
            texts.Add(piece.Text);
        }

        return texts;
    }

    private void Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    private void Write(byte[] bytes)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        using var file = new FileStream(Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        file.Write(bytes);
    }
}
