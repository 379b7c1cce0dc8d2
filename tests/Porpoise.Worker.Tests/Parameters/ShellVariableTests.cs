using System.Globalization;
using System.Text;
using Porpoise.Core.Parameters;
using Porpoise.Core.Tasks;
using Porpoise.Worker.Processes;

namespace Porpoise.Worker.Tests.Parameters;

/// <summary>What a real shell makes of parameters: data, whatever stands in them.</summary>
public class ShellVariableTests : WorkerTest
{
    private static readonly string[] Hostile =
    [
        "", " ", "plain", "two words", "'", "''", "\"", "\\", "\\'", "'\\''", "'; touch X #", "\"; touch X #", "$(touch X)", "`touch X`", "'$(touch X)'", "\"$(touch X)\"",
        "\n", "\n\n", "a\nb", "a\n", "\ntouch X\n", "'\ntouch X\n'", "EOF\ntouch X\n", "EOF", "a\\\nb", "\r\n", "\t", "工", "每天 – 工", "🐬", "$v", "${v}", "${IFS}", "$PORPOISE_LF", "$'\\n'",
        "*", "~", "{a,b}", "!!", "!touch", "-n", "-e \\n", "%s%n", "\\n", "\\0", "\u0001\u007f", "& touch X", "| touch X", "> X", "< X", "#", "a=b", "[[", ")", "}", "; exit 9", "\u00a0", "a\u2028b",
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_value_arrives_as_it_is_and_never_becomes_code(bool bash)
    {
        var values = new Dictionary<string, string>();
        var script = new StringBuilder("set -f\n");
        var random = new Random(20261124);
        for (var i = 0; i < 200; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"p{i}");
            values[name] = i < Hostile.Length ? Hostile[i] : string.Concat(random.GetItems(Hostile, 1 + random.Next(5)));
            script.Append(CultureInfo.InvariantCulture, $"printf '%s' \"${{{name}}}\" >{name}.quoted\n");
            script.Append(CultureInfo.InvariantCulture, $"for word in ${name}; do printf '%s\\0' \"$word\"; done >{name}.bare\n");
            script.Append(CultureInfo.InvariantCulture, $"cat >{name}.here <<EOF\n${{{name}}}\nEOF\n");
        }

        await RunAsync(values, script.ToString(), bash);
        foreach (var (name, value) in values)
        {
            Assert.Equal(value, await ReadAsync(name + ".quoted"));
            Assert.Equal(value + "\n", await ReadAsync(name + ".here"));
            Assert.Equal(value.Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries), (await ReadAsync(name + ".bare")).Split('\0')[..^1]);
        }

        Assert.Equal("", ReadLog());
        Assert.Empty(Directory.EnumerateFiles(Root, "X", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_value_far_longer_than_an_argument_may_be_arrives()
    {
        var value = string.Concat(Enumerable.Repeat("0123456789 '工\"\n", 200 * 1024 / 16));
        await RunAsync(new() { ["large"] = value }, "printf '%s' \"${large}\" >large\ncat >here <<EOF\n${large}\nEOF\n", bash: true);
        Assert.Equal(value, await ReadAsync("large"));
        Assert.Equal(value + "\n", await ReadAsync("here"));
    }

    [Theory]
    [InlineData(true, "line 3: ")]
    [InlineData(false, ": 3: ")]
    public async Task Line_numbers_in_messages_are_those_of_the_script(bool bash, string place)
    {
        await RunAsync(new() { ["a"] = "1\n2\n3", ["b"] = "x" }, "#!/bin/bash\ntrue\nno-such-command\ntrue\n", bash);
        Assert.Contains(place, ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_a_value_is_in_the_list_of_processes_nor_in_their_environments()
    {
        const string Secret = "never-to-be-seen";
        var (ready, go) = (NewPipe(), NewPipe());
        NewWorker().Start(Order(ShellParameters.Put(new Dictionary<string, string> { ["secret"] = Secret + "\n" + Secret }, $"echo \"${{#secret}}\" >{ready}; (cat {go}) | cat")));
        Assert.Equal("33\n", await ready.ReadAsync());
        var processes = TaggedProcesses();
        Assert.NotEmpty(processes);
        foreach (var process in processes)
        {
            foreach (var file in new[] { "cmdline", "environ", "comm" })
            {
                Assert.DoesNotContain(Secret, await File.ReadAllTextAsync($"/proc/{process}/{file}", TestContext.Current.CancellationToken), StringComparison.Ordinal);
            }
        }

        await go.WriteAsync();
        Assert.Equal(new AttemptOutcome.Exited(0), await Reports.OfAsync(Key));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Folder.Path + ".script"));
    }

    [Fact]
    public async Task Parameters_are_variables_of_the_script_alone()
    {
        await RunAsync(new() { ["a"] = "1\n2" }, "env | grep -c '^a=' >count; set | grep -c '^PORPOISE_LF=' >>count; true", bash: true);
        Assert.Equal("0\n0\n", await ReadAsync("count"));
    }

    /// <summary>Whatever name is not refused can be assigned to, and changes nothing of how the script runs.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_variable_that_a_fresh_shell_has_is_refused_or_harmless(bool bash)
    {
        await RunAsync([], "set | sed -n 's/^\\([A-Za-z_][A-Za-z_0-9]*\\)=.*/\\1/p' >names", bash);
        var names = (await ReadAsync("names")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(ShellParameters.IsUsableName);
        Assert.Empty(names.Except(["TERM"])); // of no use to a task without a terminal
    }

    private async Task RunAsync(Dictionary<string, string> values, string script, bool bash)
    {
        NewWorker(options => bash ? options : options with { TaskShell = Shim.ShellPath }).Start(Order(ShellParameters.Put(values, script)));
        Assert.IsType<AttemptOutcome.Exited>(await Reports.OfAsync(Key));
    }

    private Task<string> ReadAsync(string file) => File.ReadAllTextAsync($"{Folder.Path}/{file}", TestContext.Current.CancellationToken);
}
