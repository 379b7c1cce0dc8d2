using System.Globalization;
using Porpoise.Core.Tasks;

namespace Porpoise.Worker.Tests.Attempts;

public class RunningTests : WorkerTest
{
    [Theory]
    [InlineData("true", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("kill -KILL $$", 137)]
    [InlineData("kill -INT $$", 130)]
    [InlineData("kill 0; sleep 30", 143)]
    [InlineData("kill -TERM $PPID; kill -USR1 $PPID; kill -INT $PPID; kill -HUP $PPID; exit 9", 9)]
    [InlineData("no-such-command", 127)]
    public async Task An_attempt_ends_with_the_exit_code_of_its_script(string script, int code) =>
        Assert.Equal(new AttemptOutcome.Exited(code), await RunAsync(script));

    [Fact]
    public async Task Both_outputs_go_to_the_log_in_the_order_they_were_written()
    {
        await RunAsync("echo one; echo two >&2; echo three; echo 四 >&2; printf five");
        Assert.Equal("one\ntwo\nthree\n四\nfive", ReadLog());
    }

    [Fact]
    public async Task The_report_carries_the_order_and_the_time_of_the_end()
    {
        var before = TimeProvider.System.GetUtcNow();
        await RunAsync("true");
        var (order, _, at) = Assert.Single(Reports.Accepted);
        Assert.Equal(Order("true"), order);
        Assert.InRange(at, before - TimeSpan.FromSeconds(1), TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task The_environment_holds_only_what_is_documented()
    {
        await RunAsync("""cat /proc/self/environ | tr '\0' '\n'""");
        var shellOwn = new[] { "PWD", "SHLVL", "_" };
        var lines = ReadLog().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !shellOwn.Contains(line.Split('=')[0]));
        Assert.Equal(
            [
                $"HOME={Folder.Path}",
                "LANG=C.UTF-8",
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "PORPOISE_ATTEMPT=1",
                "PORPOISE_RUN_ID=7",
                $"PORPOISE_TAG={Tag}",
                "PORPOISE_TASK_ID=12345",
                "PORPOISE_TASK_NAME=naïve 任务",
                "PORPOISE_WORKFLOW_NAME=nightly 流程",
                "PORPOISE_WORKSPACE=w-0123456789abcdef",
                "TMPDIR=/tmp",
            ],
            lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_task_runs_in_its_work_folder_with_empty_input_and_no_foreign_descriptor()
    {
        await RunAsync("pwd; cat; ls /proc/self/fd | wc -l");
        Assert.Equal($"{Folder.Path}\n4\n", ReadLog()); // 0, 1, 2 and the one that ls lists with
    }

    [Fact]
    public async Task A_task_has_a_session_of_its_own_and_default_signals()
    {
        await RunAsync("""
            read -r line </proc/$PPID/stat; set -- ${line##*) }
            [ "$4" = $PPID ] && [ "$4" != "$(cut -d' ' -f6 /proc/1/stat)" ] && echo own session
            grep -E 'Sig(Ign|Blk)' /proc/self/status | cut -f2
            """);
        var lines = ReadLog().Split('\n');
        const ulong OfTheThreadLibrary = 3UL << 31; // 32 and 33, which no program may set.
        Assert.Equal("own session", lines[0]);
        Assert.Equal(0UL, ulong.Parse(lines[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        Assert.Equal(0UL, ulong.Parse(lines[2], NumberStyles.HexNumber, CultureInfo.InvariantCulture) & ~OfTheThreadLibrary);
    }

    [Fact]
    public async Task The_files_of_an_attempt_are_for_the_service_alone_but_a_task_keeps_the_usual_umask()
    {
        await RunAsync("umask");
        Assert.Equal(
            File.ReadLines("/proc/self/status").First(line => line.StartsWith("Umask:", StringComparison.Ordinal)).Split('\t')[1],
            ReadLog().Trim());
        foreach (var file in new[] { "script", "log", "claim", "exit" })
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode($"{Folder.Path}.{file}"));
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder.Path));
    }

    [Fact]
    public async Task Scripts_run_with_bash_where_there_is_one()
    {
        await RunAsync("[[ -n $BASH_VERSION ]] && echo bash");
        Assert.Equal("bash\n", ReadLog());
    }

    [Fact]
    public async Task Scripts_run_with_sh_where_there_is_no_bash()
    {
        NewWorker(options => options with { SearchPath = "/nowhere" }).Start(Order("exit 3"));
        Assert.Equal(new AttemptOutcome.Exited(3), await Reports.OfAsync(Key));
    }

    [Fact]
    public async Task A_task_may_delete_its_own_work_folder()
    {
        Assert.Equal(new AttemptOutcome.Exited(5), await RunAsync("rm -rf \"$HOME\"; exit 5"));
    }

    [Fact]
    public async Task A_Python_program_is_run_as_it_is_and_its_output_comes_at_once()
    {
        NewWorker().Start(Order("import os, sys\nprint('工 ' + os.environ['PORPOISE_TASK_NAME'])\nsys.exit(3)\n", ProgramLanguage.Python));
        Assert.Equal(new AttemptOutcome.Exited(3), await Reports.OfAsync(Key));
        Assert.Equal("工 naïve 任务\n", ReadLog());
    }

    [Fact]
    public async Task A_job_is_handed_to_the_task_runner_by_its_file()
    {
        var runner = Path.Combine(Root, "it's a runner");
        Directory.CreateDirectory(Root);
        await File.WriteAllTextAsync(runner, "#!/bin/sh\necho \"$1\"; cat \"$2\"; exit 4\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(runner, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        NewWorker(o => o with { TaskRunner = runner }).Start(Order("""{"kind":"x","params":{},"values":{},"outputs":{}}""", ProgramLanguage.Job));
        Assert.Equal(new AttemptOutcome.Exited(4), await Reports.OfAsync(Key));
        Assert.StartsWith("run-task\n{\"kind\":\"x\",", ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_can_never_start_is_lost_with_a_reason_that_helps()
    {
        var worker = NewWorker();
        Directory.Delete(Root, recursive: true);
        await File.WriteAllTextAsync(Root, "in the way", TestContext.Current.CancellationToken);
        worker.Start(Order("true"));
        try
        {
            var lost = Assert.IsType<AttemptOutcome.Lost>(await Reports.OfAsync(Key));
            Assert.Contains("Check the folder", lost.Reason, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(Root);
            Directory.CreateDirectory(Root);
        }
    }

    [Fact]
    public async Task A_process_that_took_leave_of_its_task_is_left_alone()
    {
        var pipe = NewPipe();
        Assert.Equal(new AttemptOutcome.Exited(0), await RunAsync($"env -u PORPOISE_TAG setsid sh -c 'echo $$ >{pipe}; exec sleep 60' & cat {pipe} >pid"));
        Assert.True(IsAlive(int.Parse(await File.ReadAllTextAsync(Folder.Path + "/pid", TestContext.Current.CancellationToken), null)));
    }
}
