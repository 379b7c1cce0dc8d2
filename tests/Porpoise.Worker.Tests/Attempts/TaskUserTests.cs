using System.Globalization;
using Porpoise.Core.Tasks;
using Porpoise.Worker.Processes;

namespace Porpoise.Worker.Tests.Attempts;

/// <summary>A server that is root gives its tasks another user, with nothing of its own rights. Run as root, or skipped.</summary>
public class TaskUserTests : WorkerTest
{
    private static readonly TaskUser Nobody = new("nobody", 65534, 65534);

    public TaskUserTests()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root can give tasks another user.");
        File.SetUnixFileMode(Root, File.GetUnixFileMode(Root) | UnixFileMode.OtherExecute);
    }

    [Fact]
    public async Task A_task_has_the_user_the_group_no_other_groups_and_no_way_back()
    {
        Assert.Equal(new AttemptOutcome.Exited(0), await RunAsNobodyAsync("id -u; id -g; id -G; grep -E '^(NoNewPrivs|CapEff|CapPrm):' /proc/self/status"));
        Assert.Equal("65534\n65534\n65534\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nNoNewPrivs:\t1\n", ReadLog());
    }

    [Fact]
    public async Task A_task_can_use_its_folder_and_its_standard_output_by_name()
    {
        Assert.Equal(new AttemptOutcome.Exited(0), await RunAsNobodyAsync("set -e; pwd >here; cat here; echo $HOME; [ -r \"$0\" ]; echo also >>/dev/stderr; echo $PORPOISE_TASK_NAME"));
        Assert.Equal($"{Folder.Path}\n{Folder.Path}\nalso\nnaïve 任务\n", ReadLog());
    }

    [Fact]
    public async Task A_task_can_neither_look_around_nor_touch_what_the_server_keeps()
    {
        await RunAsNobodyAsync("echo other; exit 3", number: 2);
        File.WriteAllText(Path.Combine(Root, "secret"), "treasure");
        File.SetUnixFileMode(Path.Combine(Root, "secret"), UnixFileMode.UserRead);
        await RunAsNobodyAsync("""
            other=${HOME%.1}.2
            cat ../../secret; ls ../..; ls ..; cat "$other.log"; cat "$other.exit"; cat "$other.claim"; cat "$HOME.log"
            echo 0 >"$other.exit"; echo 0 >"$HOME.exit"; echo 0 >"$HOME.claim"; echo 0 >"$HOME.stop"; echo 0 >"$HOME.script"
            rm -f "$other.exit" "$HOME.claim" "$HOME.script"; mv "$HOME" "$HOME.moved"; rmdir "$HOME"; ln -s /etc/passwd "$HOME.input.outputs"
            kill -9 $PPID
            exit 5
            """);
        Assert.Equal(5, Folder.ReadExit()?.Code);
        var log = ReadLog();
        Assert.DoesNotContain("treasure", log, StringComparison.Ordinal);
        Assert.DoesNotContain("other\n", log, StringComparison.Ordinal);
        Assert.Equal(19, log.Split('\n').Count(line => line.Contains("denied", StringComparison.Ordinal) || line.Contains("not permitted", StringComparison.Ordinal)));
        Assert.True(Directory.Exists(Folder.Path));
    }

    [Fact]
    public async Task A_task_and_its_runaway_children_are_ended_also_after_a_restart()
    {
        var worker = NewWorker(AsNobody);
        worker.Start(Order("trap '' TERM; setsid nohup env -i sleep 987 & touch ready; while :; do sleep 1; done"));
        await EventuallyAsync(() => File.Exists(Path.Combine(Folder.Path, "ready")));
        await worker.DisposeAsync();
        var next = NewWorker(AsNobody);
        next.Resume(Order(""));
        next.End(Order(""));
        Assert.IsType<AttemptOutcome.Killed>(await Reports.OfAsync(Key));
        Assert.Empty(TaggedProcesses());
    }

    [Fact]
    public async Task A_task_that_runs_on_over_a_restart_ends_with_its_own_exit_code()
    {
        var worker = NewWorker(AsNobody);
        worker.Start(Order("touch ready; until [ -e go ]; do sleep 0.02; done; exit 4"));
        await EventuallyAsync(() => File.Exists(Path.Combine(Folder.Path, "ready")));
        await worker.DisposeAsync();
        NewWorker(AsNobody).Resume(Order(""));
        File.WriteAllText(Path.Combine(Folder.Path, "go"), "");
        Assert.Equal(4, Assert.IsType<AttemptOutcome.Exited>(await Reports.OfAsync(Key)).Code);
    }

    [Fact]
    public async Task Python_runs_as_the_user_and_a_job_can_write_its_outputs()
    {
        var worker = NewWorker(AsNobody);
        worker.Start(Order("import os; print(os.getuid())", ProgramLanguage.Python));
        Assert.Equal(new AttemptOutcome.Exited(0), await Reports.OfAsync(Key));
        Assert.Equal("65534\n", ReadLog());

        var runner = Path.Combine(Root, "runner");
        File.WriteAllText(runner, "#!/bin/sh\nid -u\ncat \"$2\"\necho '{\"a\":\"1\"}' >\"$2.outputs\"\n");
        File.SetUnixFileMode(runner, (UnixFileMode)Convert.ToInt32("755", 8));
        var order = Order("""{"kind":"x","params":{},"values":{},"outputs":{}}""", ProgramLanguage.Job) with { Key = Key with { Number = 2 }, OutputNames = ["a"] };
        NewWorker(options => AsNobody(options) with { TaskRunner = runner }).Start(order);
        Assert.Equal("1", Assert.IsType<AttemptOutcome.Exited>(await Reports.OfAsync(order.Key)).Outputs["a"]);
    }

    [Fact]
    public async Task Limits_hold_for_the_task()
    {
        var limits = new TaskLimits { OpenFilesMax = 77, ProcessesMax = 5_555, MemoryMegabytesMax = 300, CpuSecondsMax = 70 };
        NewWorker(options => AsNobody(options) with { Limits = limits }).Start(Order("ulimit -c; ulimit -n; ulimit -u; ulimit -d; ulimit -S -t; ulimit -H -t"));
        await Reports.OfAsync(Key);
        Assert.Equal("0\n77\n5555\n307200\n70\n75\n", ReadLog());
    }

    [Fact]
    public async Task A_process_that_has_used_up_its_processor_time_is_ended()
    {
        NewWorker(options => options with { Limits = new TaskLimits { CpuSecondsMax = 1 } }).Start(Order("while :; do :; done"));
        Assert.Equal(128 + 24, Assert.IsType<AttemptOutcome.Exited>(await Reports.OfAsync(Key)).Code);
    }

    [Fact]
    public async Task Without_another_user_the_limits_of_each_process_hold_too()
    {
        NewWorker(options => options with { Limits = new TaskLimits { OpenFilesMax = 78, MemoryMegabytesMax = 200 } }).Start(Order("id -u; ulimit -c; ulimit -n; ulimit -d"));
        await Reports.OfAsync(Key);
        Assert.Equal("0\n0\n78\n204800\n", ReadLog());
    }

    [Fact]
    public async Task Nothing_in_the_environment_that_a_task_was_given_is_obeyed_by_the_shim()
    {
        // The variables of the task reach its own shell only: the shim, which is root, has but its tag.
        var worker = NewWorker(AsNobody);
        worker.Start(Order("tr '\\0' '\\n' </proc/$PPID/environ; touch ready; until [ -e go ]; do sleep 0.02; done"));
        await EventuallyAsync(() => File.Exists(Path.Combine(Folder.Path, "ready")));
        var shim = TaggedProcesses().Min();
        var environment = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{shim}/environ"));
        File.WriteAllText(Path.Combine(Folder.Path, "go"), "");
        await Reports.OfAsync(Key);
        Assert.Contains("denied", ReadLog(), StringComparison.Ordinal);
        if (UseShellShim)
        {
            Assert.Equal($"{ProcessTable.TagVariable}={Tag}\0", environment);
        }
    }

    [Fact]
    public void A_root_that_the_user_cannot_reach_is_refused_with_the_folder_that_is_closed()
    {
        File.SetUnixFileMode(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var error = Assert.Throws<PlatformNotSupportedException>(() => NewWorker(options => AsNobody(options) with { Root = Path.Combine(Root, "inside") }));
        Assert.Contains($"cannot get through {Root} to", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("root", null)]
    [InlineData("0", null)]
    [InlineData("nobody", "nobody 65534 65534")]
    [InlineData("65534", "nobody 65534 65534")]
    [InlineData("4321", "4321 4321 4321")]
    [InlineData("4321:17", "4321:17 4321 17")]
    public void A_user_is_named_or_numbered(string asked, string? expected) =>
        Assert.Equal(expected, TaskUser.Choose(asked) is { } user ? string.Create(CultureInfo.InvariantCulture, $"{user.Name} {user.User} {user.Group}") : null);

    [Theory]
    [InlineData("no-such-user")]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("4294967295")]
    public void A_user_that_is_none_is_refused(string asked) =>
        Assert.Contains("--task-user", Assert.Throws<PlatformNotSupportedException>(() => TaskUser.Choose(asked)).Message, StringComparison.Ordinal);

    [Fact]
    public void Root_gives_its_tasks_another_user_when_nobody_says() => Assert.NotEqual(0u, TaskUser.Choose(null)!.User);

    private static LocalWorkerOptions AsNobody(LocalWorkerOptions options) => options with { TaskUser = Nobody };

    private async Task<AttemptOutcome> RunAsNobodyAsync(string script, int number = 1)
    {
        var order = Order(script) with { Key = Key with { Number = number } };
        NewWorker(AsNobody).Start(order);
        return await Reports.OfAsync(order.Key);
    }
}
