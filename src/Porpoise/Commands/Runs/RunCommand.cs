using System.CommandLine;
using System.CommandLine.Parsing;
using Porpoise.Api.Errors;
using Porpoise.Client;
using Porpoise.Client.Runs;
using Porpoise.Commands.Calls;

namespace Porpoise.Commands.Runs;

/// <summary><c>porpoise run …</c>: start runs, watch them, stop them, and run again what failed.</summary>
internal static class RunCommand
{
    private static readonly Argument<int> Id = NumberText.Id("run");
    private static readonly Option<bool> Wait = new("--wait") { Description = "Wait until the run has ended, and show what happens; exit code 6 when it does not end with SUCCESS" };
    private static readonly Option<TimeSpan?> Timeout = new("--timeout") { Description = "Wait no longer than this, such as 30m or 2h; exit code 7 then. The run goes on", CustomParser = TimeText.Read };

    public static Command Create() => ClientCommand.Group("run", "Runs of workflows", Start(), List(), Show(), Logs(), Stop(), Rerun());

    private static Command Start()
    {
        var workflow = new Argument<string>("workflow") { Description = "Its name or its code" };
        var parameters = new Option<string[]>("--param") { Description = "A parameter as name=value, which wins over the workflow's own; several times for several", DefaultValueFactory = _ => [] };
        var date = new Option<DateTime?>("--date") { Description = "What the time parameters stand for, such as 2026-11-01 or \"2026-11-01 06:00:00\", in the zone of the workflow's schedule (without one: UTC); else the time of the start", CustomParser = TimeText.ReadReading };
        var isDevelopment = new Option<bool>("--dev") { Description = "Run the current version on a development queue, instead of the published one in production" };
        var version = new Option<int?>("--version") { Description = "Run this version" };
        var queue = new Option<string?>("--queue") { Description = "Run on this queue" };
        var priority = new Option<string?>("--priority") { Description = "HIGHEST, HIGH, MEDIUM, LOW or LOWEST" };
        priority.AcceptOnlyFromAmong("HIGHEST", "HIGH", "MEDIUM", "LOW", "LOWEST");
        var strategy = new Option<string?>("--failure-strategy") { Description = "After a failed task: END, or CONTINUE with what does not need it" };
        strategy.AcceptOnlyFromAmong("END", "CONTINUE");
        var comments = new Option<string?>("--comments") { Description = "A text that stays with the run" };
        var token = new Option<string?>("--client-token") { Description = "Starts with the same token within 24 hours are one run" };
        parameters.Validators.Add(CheckParameters);
        return Waiting(ClientCommand.Of(
            "start", "Start a run; prints its id", [workflow, parameters, date, isDevelopment, version, queue, priority, strategy, comments, token, Wait, Timeout], async (call, ct) =>
            {
                var workspace = await call.WorkspaceAsync(ct);
                var request = new StartRequest(await call.Client.Workflows.FindCodeAsync(workspace, call.Get(workflow), ct), !call.Get(isDevelopment))
                {
                    Version = call.Get(version),
                    Queue = call.Get(queue),
                    Priority = call.Get(priority),
                    FailureStrategy = call.Get(strategy),
                    ScheduleTime = call.Get(date),
                    Comments = call.Get(comments),
                    ClientToken = call.Get(token),
                    Parameters = call.Get(parameters).Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal),
                };
                return await EndAsync(call, workspace, await StartAsync(call, workspace, call.Get(workflow), request, ct), ct);
            }));
    }

    private static Command List()
    {
        var workflow = new Option<string?>("--workflow") { Description = "Only of this workflow, by its name or its code" };
        var state = new Option<string?>("--state") { Description = "Only in this state: RUNNING_EXECUTION, READY_STOP, SUCCESS, FAILURE, STOP; several with commas" };
        state.Validators.Add(CheckStates);
        var by = new Option<string?>("--by") { Description = "Only those that this user started" };
        return ClientCommand.Of("list", "Runs, newest first", [workflow, state, by, ListOptions.Search, .. ListOptions.Paging], async (call, ct) =>
        {
            var workspace = await call.WorkspaceAsync(ct);
            long? code = call.Get(workflow) is { } name ? await call.Client.Workflows.FindCodeAsync(workspace, name, ct) : null;
            var page = await call.Client.Runs.ListAsync(workspace, new RunFilter(code, call.Get(ListOptions.Search), call.Get(state), call.Get(by)), call.Page, ct);
            call.Output.Show(
                page, RunJson.Default.RunPage,
                new("ID", r => r.Id), new("NAME", r => r.Name), new("STATE", r => r.State), new("QUEUE", r => r.Queue), new("STARTED", r => r.StartedAt), new("ENDED", r => r.EndedAt), new("BY", r => r.ExecutorName));
        });
    }

    private static Command Show() => ClientCommand.Of("show", "A run and its tasks", [Id], async (call, ct) =>
    {
        var workspace = await call.WorkspaceAsync(ct);
        var run = new RunWithTasks(await call.Client.Runs.GetAsync(workspace, call.Get(Id), ct), await call.Client.Runs.ListTasksAsync(workspace, call.Get(Id), ct));
        call.Output.Show(run, RunCommandJson.Default.RunWithTasks, r => RunText.Show(call.Output, r));
    });

    private static Command Logs()
    {
        var task = new Option<string?>("--task") { Description = "Of this task only, by its name" };
        var attempt = new Option<int?>("--attempt") { Description = "Of this attempt; else of the newest" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until the run has ended" };
        var logs = ClientCommand.Of("logs", "What the tasks of a run wrote; of several, each line with its task's name before it", [Id, task, attempt, follow], async (call, ct) =>
        {
            var wrote = new RunLogs(call, await call.WorkspaceAsync(ct), call.Get(Id), call.Get(task));
            await (call.Get(follow) ? wrote.FollowAsync(ct) : wrote.WriteAsync(call.Get(attempt), ct));
        });
        logs.Validators.Add(result =>
        {
            if (result.GetResult(attempt) is not null && result.GetResult(follow) is not null)
            {
                result.AddError("--follow shows every attempt as it comes, and --attempt one of those that there are: say one of the two.");
            }
        });
        return logs;
    }

    private static Command Stop() => Waiting(ClientCommand.Of("stop", "Stop a run: no task of it goes on", [Id, Wait, Timeout], async (call, ct) =>
    {
        var workspace = await call.WorkspaceAsync(ct);
        await call.Client.Runs.StopAsync(workspace, call.Get(Id), ct);
        if (!call.Get(Wait))
        {
            call.Output.Done($"Run {call.Get(Id)} is being stopped.");
            return ExitCode.Done;
        }

        var ended = await new RunWait(call, workspace, call.Get(Id), $"Run {call.Get(Id)} is being stopped: porpoise run show {call.Get(Id)}").ToEndAsync(call.Get(Timeout), ct);
        call.Output.Show(ended.Run, RunJson.Default.Run, r => call.Output.Text(r.State));
        return ended.HasEnded ? ExitCode.Done : ExitCode.NotEnded;
    }));

    private static Command Rerun()
    {
        var all = new Option<bool>("--all") { Description = "All tasks, and not only those that failed and those behind them" };
        return Waiting(ClientCommand.Of("rerun", "Run what failed in a run again, in the same run", [Id, all, Wait, Timeout], async (call, ct) =>
        {
            var workspace = await call.WorkspaceAsync(ct);
            await (call.Get(all) ? call.Client.Runs.RerunAsync(workspace, call.Get(Id), ct) : RerunFailedAsync(call, workspace, ct));
            return await EndAsync(call, workspace, call.Get(Id), ct);
        }));
    }

    private static async Task<int> StartAsync(CommandCall call, string workspace, string workflow, StartRequest request, CancellationToken ct)
    {
        try
        {
            return await call.Client.Runs.StartAsync(workspace, request, ct);
        }
        catch (PorpoiseException e) when (e.IsFor(ErrorCodes.NotPublished))
        {
            throw e.Saying($"The workflow '{workflow}' is not published: porpoise workflow publish '{workflow}', or --dev for a run of its current version.");
        }
    }

    private static async Task RerunFailedAsync(CommandCall call, string workspace, CancellationToken ct)
    {
        try
        {
            await call.Client.Runs.RerunFailedAsync(workspace, call.Get(Id), ct);
        }
        catch (PorpoiseException e) when (e.IsFor(ErrorCodes.WrongState))
        {
            var run = await call.Client.Runs.GetAsync(workspace, call.Get(Id), ct);
            throw run.HasSucceeded ? e.Saying($"Run {run.Id} has succeeded: there is no failure to go on from. --all runs all of it again.") : e;
        }
    }

    /// <summary>Shows the run's id, or how it ended if that is waited for.</summary>
    private static async Task<int> EndAsync(CommandCall call, string workspace, int id, CancellationToken ct)
    {
        if (!call.Get(Wait))
        {
            var run = await call.Client.Runs.GetAsync(workspace, id, ct);
            call.Output.Show(run, RunJson.Default.Run, r => call.Output.Text(r.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            return ExitCode.Done;
        }

        call.Output.Note($"Run {id}");
        var wait = new RunWait(call, workspace, id, $"Run {id} goes on: porpoise run logs {id} -f, porpoise run stop {id}");
        var (ended, hasEnded) = await wait.ToEndAsync(call.Get(Timeout), ct);
        if (hasEnded && !ended.HasSucceeded)
        {
            await wait.ShowFailuresAsync(ct);
        }

        call.Output.Show(ended, RunJson.Default.Run, r => call.Output.Text($"{r.Id} {r.State}"));
        return !hasEnded ? ExitCode.NotEnded : ended.HasSucceeded ? ExitCode.Done : ExitCode.RunFailed;
    }

    /// <summary>A time to wait that nobody waits would be no bound of anything.</summary>
    private static Command Waiting(Command command)
    {
        command.Validators.Add(result =>
        {
            if (result.GetResult(Timeout) is not null && result.GetResult(Wait) is null)
            {
                result.AddError("--timeout bounds how long --wait waits; there is no --wait. (The time limit of a run is the workflow's.)");
            }
        });
        return command;
    }

    private static void CheckStates(OptionResult result)
    {
        foreach (var state in result.Tokens.SelectMany(t => t.Value.Split(',')).Where(s => !RunStates.All.Contains(s.Trim())))
        {
            result.AddError($"--state takes {string.Join(", ", RunStates.All)}, several with commas; not '{state}'.");
        }
    }

    private static void CheckParameters(OptionResult result)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var token in result.Tokens)
        {
            var parts = token.Value.Split('=', 2);
            if (parts.Length < 2 || parts[0].Length == 0)
            {
                result.AddError($"--param takes name=value, not '{token.Value}'.");
            }
            else if (!names.Add(parts[0]))
            {
                result.AddError($"--param names '{parts[0]}' twice.");
            }
        }
    }
}
