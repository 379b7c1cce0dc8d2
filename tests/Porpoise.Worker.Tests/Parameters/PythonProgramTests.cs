using Porpoise.Core.Parameters;
using Porpoise.Core.Tasks;

namespace Porpoise.Worker.Tests.Parameters;

/// <summary>A Python script as its author meets it: messages with its own lines, and nothing of a value that the script did not print itself.</summary>
public class PythonProgramTests : WorkerTest
{
    private const string Secret = "never-to-be-seen";

    [Fact]
    public async Task An_exception_shows_the_scripts_own_lines_and_no_value()
    {
        Assert.Equal(new AttemptOutcome.Exited(1), await RunPythonAsync("def f(x):\n    return len(x) / 0\n\nf(${secret})\n"));
        Assert.Equal(
            """
            Traceback (most recent call last):
              File "script.py", line 4, in <module>
                f(${secret})
              File "script.py", line 2, in f
                return len(x) / 0
            ZeroDivisionError: division by zero

            """,
            ReadLog());
    }

    [Fact]
    public async Task An_error_of_syntax_shows_the_scripts_own_line()
    {
        Assert.Equal(new AttemptOutcome.Exited(1), await RunPythonAsync("x = 1\ny = = ${secret}\n"));
        Assert.Equal("  File \"script.py\", line 2\n    y = = ${secret}\nSyntaxError: invalid syntax\n", ReadLog());
    }

    [Theory]
    [InlineData("import sys\nsys.exit(3)", 3)]
    [InlineData("import os\nos._exit(4)", 4)]
    [InlineData("from __future__ import annotations\nimport sys\nprint(__name__, sys.argv)", 0, "__main__ ['script.py']\n")]
    [InlineData("# -*- coding: latin-1 -*-\nprint('工', ${word})", 0, "工 每天\n")]
    [InlineData("open('own.py', 'w').write('x = 1')\nimport own\nprint(own.x, [n for n in globals() if 'porpoise' in n])", 0, "1 []\n")]
    [InlineData("import multiprocessing as m\ndef f(x): return x + ${word}\nif __name__ == '__main__':\n    print(m.get_context('spawn').Pool(1).map(f, ['a']))", 0, "['a每天']\n")]
    public async Task A_script_runs_as_if_it_had_been_started_itself(string script, int code, string log = "")
    {
        Assert.Equal(new AttemptOutcome.Exited(code), await RunPythonAsync(script));
        Assert.Equal(log, ReadLog());
    }

    [Fact]
    public async Task Nothing_of_a_value_is_in_the_list_of_processes_nor_in_their_environments()
    {
        var (ready, go) = (NewPipe(), NewPipe());
        NewWorker().Start(Order(PythonParameters.Put(Values, $"s = ${{secret}}\nopen('{ready}', 'w').write(str(len(s)))\nopen('{go}').read()\n"), ProgramLanguage.Python));
        Assert.Equal("16", await ready.ReadAsync());
        var processes = TaggedProcesses();
        Assert.NotEmpty(processes);
        foreach (var file in processes.SelectMany(process => (string[])[$"/proc/{process}/cmdline", $"/proc/{process}/environ"]))
        {
            Assert.DoesNotContain(Secret, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        await go.WriteAsync();
        Assert.Equal(new AttemptOutcome.Exited(0), await Reports.OfAsync(Key));
        Assert.Equal("", ReadLog());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Folder.Path + ".input"));
    }

    private static Dictionary<string, string> Values => new() { ["secret"] = Secret, ["word"] = "每天" };

    private Task<AttemptOutcome> RunPythonAsync(string script)
    {
        NewWorker().Start(Order(PythonParameters.Put(Values, script), ProgramLanguage.Python));
        return Reports.OfAsync(Key);
    }
}
