using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Worker.Processes;
using Porpoise.Worker.Runners;
using Porpoise.Worker.Runners.Spark;

namespace Porpoise.Worker.Attempts;

/// <summary>
/// Takes one attempt through its life: each course ends with what is to be reported, or null if there is nothing to report.
/// What it decides on is on disk and in /proc, so any course may be broken off and another begun, also by the next process.
/// </summary>
/// <remarks>
/// <code>
/// start ──▶ spawned ─▶ follow ──▶ shim ended ─▶ exit code: end what is left, exited │ none: end what is left, lost │ claimed before: resume
/// resume ─▶ end what is left, exited │ alive: follow │ no claim: revoke, lost │ dead: end what is left, lost
/// end ────▶ no claim: revoke, killed │ claimed: mark, end the tree, killed
/// </code>
/// The claim file is what start and revoke race for: whoever creates it has won, and the other learns so.
/// </remarks>
internal sealed partial class AttemptDriver(
    LocalWorkerOptions options, Machine machine, Spawner spawner, ExitWatcher watcher, TreeEnder ender, ILogger log, CancellationToken stopping)
    : IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SigningMax = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeftPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeftLook = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan SigningLook = TimeSpan.FromMilliseconds(20);

    /// <summary>What an attempt gets to end what it has begun in a cluster before its processes are killed.</summary>
    private static readonly TimeSpan ClusterGrace = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _starts = new(options.StartsMax);
    private readonly JobInput _jobs = new(options.Jobs, options.DataSources);
    private readonly TimeProvider _clock = machine.Clock;
    private readonly ILogger _log = log;
    private readonly SubmissionEnder _submissions = new(options.Spark, machine.Clock, log);

    /// <summary>Starts the attempt, waiting for as long as there is no room for it; one that was claimed before is resumed.</summary>
    public async Task<Ending?> StartAsync(Attempt attempt)
    {
        var (input, problem) = await FindInputAsync(attempt);
        if (problem.Length > 0)
        {
            return await RevokeAsync(attempt) ? Lost(problem) : await ResumeAsync(attempt);
        }

        for (var waits = 0; !attempt.Asked.IsCompleted; waits++)
        {
            int pid;
            int failure;
            await _starts.WaitAsync(stopping);
            try
            {
                failure = Launch(attempt, input, out pid);
            }
            finally
            {
                _starts.Release();
            }

            switch (failure)
            {
                case 0:
                    return await FollowAsync(attempt, pid, await OpenChildAsync(pid));
                case Libc.Eexist:
                    LogClaimedBefore(attempt.Tag);
                    return await ResumeAsync(attempt);
                case Libc.Enospc or Libc.Edquot or Libc.Eagain or Libc.Enomem or Libc.Emfile or Libc.Enfile:
                    if (waits == 0)
                    {
                        LogNoRoom(attempt.Tag, Libc.Describe(failure), attempt.Folder.Path);
                    }

                    await Task.WhenAny(Task.Delay(RetryDelay, _clock, stopping), attempt.Asked);
                    stopping.ThrowIfCancellationRequested();
                    break;
                default:
                    return Impossible(attempt, failure);
            }
        }

        return await EndAsync(attempt);
    }

    /// <summary>Finds out what became of the attempt, and follows it if it still runs. Starts nothing.</summary>
    public async Task<Ending?> ResumeAsync(Attempt attempt)
    {
        var folder = attempt.Folder;
        attempt.IsAdopted = true;
        while (!attempt.Asked.IsCompleted)
        {
            if (folder.ReadStop() is { } reason)
            {
                attempt.TryAsk(EndKind.Kill, reason);
                break;
            }

            if (folder.ReadExit() is { } exit)
            {
                return await ExitedAsync(attempt, exit, shim: null);
            }

            switch (await ReadSettledClaimAsync(folder))
            {
                case Claim.Missing:
                    if (await RevokeAsync(attempt))
                    {
                        return Lost("It never started: the service stopped before it could.");
                    }

                    break; // Claimed that very moment: look again.
                case Claim.Revoked:
                    return Lost("It never started, and was revoked.");
                case Claim.Signed claim when claim.BootId != machine.BootId:
                    return Lost("The machine was restarted while it ran.");
                case Claim.Signed claim when TryAdopt(claim.Shim, out var process):
                    LogAdopted(attempt.Tag, claim.Shim.Pid);
                    return await FollowAsync(attempt, claim.Shim.Pid, process);
                case Claim.Signed claim:
                    return folder.ReadExit() is { } late ? await ExitedAsync(attempt, late, claim.Shim) : await LoseAsync(attempt, claim.Shim, status: null);
                default:
                    return await LoseAsync(attempt, shim: null, status: null);
            }
        }

        return await EndAsync(attempt);
    }

    /// <summary>Ends an attempt of which nothing is known but what is on disk.</summary>
    public async Task<Ending?> EndAsync(Attempt attempt)
    {
        var kind = await attempt.Asked;
        while (true)
        {
            switch (await ReadSettledClaimAsync(attempt.Folder))
            {
                case Claim.Missing when kind is EndKind.Abandon:
                    return null;
                case Claim.Missing:
                    if (await RevokeAsync(attempt))
                    {
                        return Killed();
                    }

                    break;
                case Claim.Revoked:
                    return kind is EndKind.Kill ? Killed() : null;
                case Claim.Signed claim when claim.BootId != machine.BootId:
                    return kind is EndKind.Abandon ? null : ReadOwnExit(attempt) ?? await KilledAsync(attempt);
                case Claim.Signed claim:
                    return await EndTreeAsync(attempt, claim.Shim);
                default:
                    return await EndTreeAsync(attempt, shim: null);
            }
        }
    }

    public void Dispose() => _starts.Dispose();

    /// <summary>Waits until the shim ends or the attempt is to be ended, whichever is first.</summary>
    private async Task<Ending?> FollowAsync(Attempt attempt, int pid, PidFd process)
    {
        using (process)
        {
            var gone = watcher.WaitAsync(process);
            await Task.WhenAny(gone, attempt.Asked);
            Ending? ending;
            if (gone.IsCompleted)
            {
                ending = await gone ? await ConcludeAsync(attempt, pid, process) : throw new OperationCanceledException(stopping);
            }
            else if (await attempt.Asked is EndKind.Kill && attempt.Folder.ReadClaim() is Claim.Missing && await RevokeAsync(attempt))
            {
                ending = await gone ? Killed() : throw new OperationCanceledException(stopping);
            }
            else
            {
                // The shim is our unreaped child, or was adopted by its start time: the number is still its own.
                ending = await EndTreeAsync(attempt, ProcessStat.Read(pid)?.Identity);
            }

            _ = Libc.Reap(process);
            return ending;
        }
    }

    /// <summary>What the program reads; or why that cannot be found. Looks again for a while, as whatever cannot be read now is mostly there a moment later.</summary>
    private async Task<(string Input, string Problem)> FindInputAsync(Attempt attempt)
    {
        var program = attempt.Order.Program;
        if (program.Language != ProgramLanguage.Job)
        {
            return (program.Text, "");
        }

        var until = _clock.GetUtcNow() + options.DataSourcePatience;
        for (var waits = 0; ; waits++)
        {
            try
            {
                return (await _jobs.CompleteAsync(program.Text), "");
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                if (_clock.GetUtcNow() >= until)
                {
                    return ("", $"It was not started, because its data source could not be looked up: {e.Message}");
                }

                if (waits == 0)
                {
                    LogNoDataSource(e, attempt.Tag);
                }
            }

            await Task.WhenAny(Task.Delay(RetryDelay, _clock, stopping), attempt.Asked);
            stopping.ThrowIfCancellationRequested();
            if (attempt.Asked.IsCompleted)
            {
                return ("", ""); // nothing is started any more
            }
        }
    }

    /// <summary>The shim has ended. It is reaped by the caller only: until then its number, which names its session, belongs to nobody else.</summary>
    private async Task<Ending?> ConcludeAsync(Attempt attempt, int pid, PidFd process)
    {
        if (attempt.Folder.ReadExit() is { } exit)
        {
            return await ExitedAsync(attempt, exit, ProcessStat.Read(pid)?.Identity);
        }

        var status = Libc.PeekStatus(process);
        if (status == Shim.ClaimedBefore)
        {
            LogClaimedBefore(attempt.Tag);
            return await ResumeAsync(attempt);
        }

        return attempt.Folder.ReadClaim() is Claim.Missing && await RevokeAsync(attempt)
            ? Lost($"Its shell ended before it could start anything{Because(status)}; its log may say more.")
            : await LoseAsync(attempt, ProcessStat.Read(pid)?.Identity, status);
    }

    private async Task<Ending?> EndTreeAsync(Attempt attempt, ProcessIdentity? shim)
    {
        var kind = await attempt.Asked;
        var before = ReadOwnExit(attempt);
        var failure = kind is EndKind.Kill && before is null ? attempt.Folder.MarkStopped(attempt.EndReason) : 0;
        if (failure != 0)
        {
            LogNotMarked(attempt.Tag, Libc.Describe(failure));
        }

        var tree = new ProcessTree(attempt.Tag, shim, shimFirst: kind is EndKind.Abandon || failure != 0)
        {
            Grace = Submission.Read(attempt.Folder.Path) is { Cluster.Length: > 0 } ? ClusterGrace : null,
        };
        await ender.EndAsync(tree);
        attempt.EndedProcesses = tree.Seen.Count(process => process != shim);
        return kind is EndKind.Abandon ? null : before is not null && !tree.HadTask ? before : await KilledAsync(attempt);
    }

    /// <summary>No shim and no exit code: a new attempt may follow only once nothing of this one runs.</summary>
    private async Task<Ending?> LoseAsync(Attempt attempt, ProcessIdentity? shim, int? status)
    {
        await ender.EndAsync(new ProcessTree(attempt.Tag, shim, shimFirst: true));
        return attempt.Asked is { IsCompletedSuccessfully: true, Result: EndKind.Kill }
            ? await KilledAsync(attempt)
            : Lost($"The process that watched over it vanished without leaving an exit code{Because(status)}.");
    }

    private int Launch(Attempt attempt, string input, out int pid)
    {
        pid = 0;
        var order = attempt.Order;
        var prepared = attempt.Folder.Prepare(ScriptOf(order.Program), order.Program.Language == ProgramLanguage.Shell ? null : input, options.TaskUser);
        return prepared != 0 ? prepared : spawner.Start(
            attempt.Folder.Path,
            attempt.Folder.Log,
            machine.TaskShell,
            EnvironmentOf(attempt),
            out pid);
    }

    /// <summary>What every attempt has, what its environment sets, and what no environment can change.</summary>
    private string[] EnvironmentOf(Attempt attempt)
    {
        var order = attempt.Order;
        var variables = order.Environment.ApplyTo(new Dictionary<string, string>
        {
            ["PATH"] = options.SearchPath,
            ["HOME"] = attempt.Folder.Path,
            ["TMPDIR"] = options.TemporaryFolder,
            ["LANG"] = "C.UTF-8",
        });
        return
        [
            $"{ProcessTable.TagVariable}={attempt.Tag}",
            .. variables.Select(static v => $"{v.Key}={v.Value}"),
            string.Create(CultureInfo.InvariantCulture, $"PORPOISE_RUN_ID={order.Run}"),
            string.Create(CultureInfo.InvariantCulture, $"PORPOISE_TASK_ID={order.Key.Task}"),
            string.Create(CultureInfo.InvariantCulture, $"PORPOISE_ATTEMPT={order.Key.Number}"),
            $"PORPOISE_TASK_NAME={order.TaskName}",
            $"PORPOISE_WORKFLOW_NAME={order.WorkflowName}",
            $"PORPOISE_WORKSPACE={order.Workspace}",
            .. options.Spark is { } spark && TaskTypes.IsSpark(order.TaskType) ? spark.Write().Where(v => !variables.ContainsKey(v[..v.IndexOf('=')])) : [], // an environment of the task's wins
        ];
    }

    /// <summary>What the shell runs. Other languages have their text in the input beside the script, whose name the script knows from its own.</summary>
    private string ScriptOf(TaskProgram program) => program.Language switch
    {
        ProgramLanguage.Shell => program.Text,
        ProgramLanguage.Python => PythonStart(options.Python),
        ProgramLanguage.Job => $"{(options.DotnetRoot is { } root ? $"export {TaskRunner.DotnetRootVariable}={ShellText.Quote(root)}; " : "")}exec {ShellText.Quote(options.TaskRunner)} run-task \"${{0%.script}}.input\"\n",
        _ => throw new UnreachableException($"No rule for {program.Language}."),
    };

    /// <summary>PYTHON_LAUNCHER names the interpreter, PYTHON_HOME the folder that holds its bin, or (as in DolphinScheduler) the interpreter too.</summary>
    private static string PythonStart(string python) =>
        $$"""
        python={{ShellText.Quote(python)}}
        if [ -n "${PYTHON_LAUNCHER-}" ]; then python=$PYTHON_LAUNCHER
        elif [ -d "${PYTHON_HOME-}" ]; then python=$PYTHON_HOME/bin/python3; [ -x "$python" ] || python=$PYTHON_HOME/bin/python
        elif [ -n "${PYTHON_HOME-}" ]; then python=$PYTHON_HOME
        fi
        command -v "$python" >/dev/null || { echo "There is no Python '$python' on this machine: install it, or set PYTHON_LAUNCHER in the node's environment." >&2; exit 127; }
        exec "$python" -u -X no_debug_ranges "${0%.script}.input"

        """;

    private Ending Impossible(Attempt attempt, int failure)
    {
        var reason = failure == Libc.Enoent && !File.Exists(Shim.ShellPath)
            ? $"It cannot be started: this machine has no {Shim.ShellPath}. Install a POSIX shell (bash, dash or busybox)."
            : $"It cannot be started in {attempt.Folder.Path}: {Libc.Describe(failure)}. Check the folder's owner, permissions and mount options.";
        LogImpossible(attempt.Tag, reason);
        return Lost(reason);
    }

    /// <summary>A child stays there until it is reaped, so this can only lack a descriptor, and waits for one.</summary>
    private async Task<PidFd> OpenChildAsync(int pid)
    {
        while (true)
        {
            if (Libc.OpenPidFd(pid, out var errno) is { } process)
            {
                return process;
            }

            LogNoDescriptor(pid, Libc.Describe(errno));
            await Task.Delay(RetryDelay, _clock, stopping);
        }
    }

    private static bool TryAdopt(ProcessIdentity shim, [NotNullWhen(true)] out PidFd? process)
    {
        process = Libc.OpenPidFd(shim.Pid, out var errno);
        if (process is null)
        {
            return errno == Libc.Esrch ? false : throw new IOException($"Process {shim.Pid} cannot be opened: {Libc.Describe(errno)}.");
        }

        // Opened first, compared afterwards: if the start time still fits, the number was not used again in between.
        if (ProcessStat.Read(shim.Pid)?.Identity == shim)
        {
            return true;
        }

        process.Dispose();
        process = null;
        return false;
    }

    /// <summary>The claim; an unsigned one only if it stays so, since a shim signs within microseconds.</summary>
    private async Task<Claim> ReadSettledClaimAsync(AttemptFolder folder)
    {
        var until = _clock.GetUtcNow() + SigningMax;
        while (true)
        {
            var claim = folder.ReadClaim();
            if (claim is not Claim.Unsigned || _clock.GetUtcNow() >= until)
            {
                return claim;
            }

            await Task.Delay(SigningLook, _clock, stopping);
        }
    }

    /// <summary>Repeats until the attempt is revoked, or turns out to be claimed (false). Nothing safe can be said before that.</summary>
    private async Task<bool> RevokeAsync(Attempt attempt)
    {
        while (true)
        {
            try
            {
                return attempt.Folder.TryRevoke();
            }
            catch (IOException e)
            {
                LogNotRevoked(attempt.Tag, e.Message);
            }

            await Task.Delay(RetryDelay, _clock, stopping);
        }
    }

    /// <summary>The exit code it left before anybody asked it to end.</summary>
    private static Ending? ReadOwnExit(Attempt attempt) =>
        attempt.Folder.ReadStop() is null && attempt.Folder.ReadExit() is { } exit ? Exited(attempt, exit) : null;

    private static Ending Exited(Attempt attempt, ScriptExit exit)
    {
        if (exit.Code != 0 || attempt.Order.OutputNames.Count == 0)
        {
            return new Ending(new AttemptOutcome.Exited(exit.Code), exit.At);
        }

        try
        {
            var (outputs, fault) = AttemptOutputs.Read(TaskTypes.GivesInLog(attempt.Order.TaskType) ? attempt.Folder.Log : null, attempt.Folder.Outputs, attempt.Order.OutputNames);
            return new Ending(new AttemptOutcome.Exited(0) { Outputs = outputs, OutputsFault = fault }, exit.At);
        }
        catch (IOException e)
        {
            return new Ending(new AttemptOutcome.Exited(0) { OutputsFault = $"its output parameters cannot be read: {e.Message}" }, exit.At);
        }
    }

    /// <summary>
    /// An exit code is not the whole truth where the attempt has begun something in a cluster, or as processes of their own, and has not seen its end: then its own process was killed,
    /// and the attempt is lost. The next one takes up what runs in the cluster.
    /// </summary>
    private async Task<Ending?> ExitedAsync(Attempt attempt, ScriptExit exit, ProcessIdentity? shim)
    {
        switch (Submission.Read(attempt.Folder.Path))
        {
            case null:
                if (exit.MayHaveLeft)
                {
                    await EndLeftAsync(attempt, shim);
                }

                return Exited(attempt, exit);
            case { Unknown: { Length: > 0 } reason }:
                return new Ending(new AttemptOutcome.Exited(exit.Code) { Unknown = reason }, exit.At);
            default:
                await ender.EndAsync(new ProcessTree(attempt.Tag, shim, shimFirst: false));
                return Lost(string.Create(CultureInfo.InvariantCulture, $"The process that watched over its Spark application was killed (exit code {exit.Code})."));
        }
    }

    /// <summary>
    /// What a script left running ends with it, so that no retry runs beside it, and nothing writes into a log that is over. First it gets a moment: what reads the script's
    /// output (<c>exec &gt; &gt;(tee …)</c>) learns only now that there is no more of it.
    /// </summary>
    private async Task EndLeftAsync(Attempt attempt, ProcessIdentity? shim)
    {
        var left = new ProcessTree(attempt.Tag, shim, shimFirst: false);
        for (var until = _clock.GetUtcNow() + LeftPatience; ; left.Clear())
        {
            _ = TreeScan.Look([left]);
            if (!left.Alive.Exists(process => process.Identity != shim))
            {
                return;
            }

            if (_clock.GetUtcNow() >= until)
            {
                break;
            }

            await Task.Delay(LeftLook, _clock, stopping);
        }

        var tree = new ProcessTree(attempt.Tag, shim, shimFirst: false);
        await ender.EndAsync(tree);
        attempt.LeftProcesses = tree.Seen.Count(process => process != shim);
    }

    /// <summary>Nothing of it is left here; now nothing of it may be left in a cluster.</summary>
    private async Task<Ending> KilledAsync(Attempt attempt)
    {
        await _submissions.EndAsync(attempt.Folder.Path, attempt.Tag, stopping);
        return Killed();
    }

    private Ending Killed() => new(new AttemptOutcome.Killed(), _clock.GetUtcNow());

    private Ending Lost(string reason) => new(new AttemptOutcome.Lost(reason), _clock.GetUtcNow());

    private static string Because(int? status) =>
        status is { } code ? string.Create(CultureInfo.InvariantCulture, $" (status {code})") : "";
}
