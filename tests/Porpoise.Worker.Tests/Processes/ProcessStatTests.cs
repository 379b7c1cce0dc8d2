using System.Text;
using Porpoise.Worker.Processes;

namespace Porpoise.Worker.Tests.Processes;

public sealed class ProcessStatTests
{
    [Theory]
    [InlineData("sh")]
    [InlineData("a b")]
    [InlineData(") S 1 1 1")]
    [InlineData("((x) )")]
    [InlineData("")]
    public void A_line_is_read_whatever_the_program_calls_itself(string name)
    {
        var line = Encoding.UTF8.GetBytes($"42 ({name}) S 5 6 7 0 -1 4194304 242 0 2 0 0 0 0 0 20 0 3 0 123826 2654208 401\n");
        Assert.Equal(new ProcessStat(new ProcessIdentity(42, 123826), (byte)'S', 5, 6, 7, 3), ProcessStat.Parse(line));
    }

    [Theory]
    [InlineData("")]
    [InlineData("42")]
    [InlineData("42 (sh)")]
    [InlineData("42 (sh) S 5 6")]
    [InlineData("x (sh) S 5 6 7 0 -1 4194304 242 0 2 0 0 0 0 0 20 0 3 0 123826 2654208 401")]
    public void Anything_else_is_no_process(string line) => Assert.Null(ProcessStat.Parse(Encoding.UTF8.GetBytes(line)));

    [Theory]
    [InlineData('S', 1, true)]
    [InlineData('Z', 1, false)]
    [InlineData('Z', 2, true)]
    public void A_zombie_is_not_alive_unless_threads_of_it_are(char state, int threads, bool alive) =>
        Assert.Equal(alive, new ProcessStat(default, (byte)state, 1, 1, 1, threads).IsAlive);

    [Theory]
    [InlineData("PORPOISE_TAG=a/1.1\0X=y\0", "a/1.1")]
    [InlineData("X=y\0PORPOISE_TAG=a/1.1\0", "a/1.1")]
    [InlineData("XPORPOISE_TAG=no\0PORPOISE_TAG=a/1.1\0", "a/1.1")]
    [InlineData("X=PORPOISE_TAG=no\0", null)]
    [InlineData("PORPOISE_TAG=cut", null)]
    [InlineData("", null)]
    public void The_tag_is_a_variable_of_exactly_that_name(string environment, string? tag) =>
        Assert.Equal(tag, ProcessTable.FindTag(Encoding.UTF8.GetBytes(environment)));

    [Fact]
    public void This_process_reads_itself_and_is_not_in_the_table()
    {
        Assert.Equal(Environment.ProcessId, ProcessStat.Read(Environment.ProcessId)?.Identity.Pid);
        Assert.DoesNotContain(ProcessTable.Read(0), process => process.Identity.Pid == Environment.ProcessId);
    }
}
