using System.Globalization;
using Porpoise.Core.Library;

namespace Porpoise.Worker.Runners.Spark;

/// <summary>
/// Runs Spark work: SQL, a JAR or a Python program, by <c>spark-submit</c> or, where a standalone cluster runs the driver, by its master's gateway.
/// </summary>
/// <remarks>
/// <code>
/// client mode:  written down ─▶ spark-submit is the driver ─▶ its exit code is the outcome
/// cluster mode: left by a lost attempt? ─▶ taken up │ else written down ─▶ submitted ─▶ the cluster is asked until it says an outcome
///               known before and not known any more ─▶ nobody can say: failed, and not tried again
/// stopped:      the cluster is asked to end it, until it says that it has ended
/// </code>
/// </remarks>
internal sealed class SparkJob(Func<string, string?> variable, string workFolder, TimeProvider clock) : IJobKind
{
    /// <summary>For how long an application that was submitted may not be seen by its cluster.</summary>
    private static readonly TimeSpan AppearMax = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LookDelayMin = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LookDelayMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(20);

    private readonly SparkSettings _settings = SparkSettings.Read(variable);
    private readonly SparkTag _tag = SparkTag.Read(variable);

    public async Task<IReadOnlyDictionary<string, string>> RunAsync(Job job, JobLog log, CancellationToken ct)
    {
        var work = Tagged(new WorkReader(job, _settings).Read());
        using var http = new HttpClient { Timeout = AnswerMax, MaxResponseContentBufferSize = 16 * 1024 * 1024 };
        var run = new Run(work, new Clusters(_settings, http), log, ct);
        log.Say($"Spark {NameOf(work.Kind)} '{work.Name}' on {work.Master}, with its driver {(work.InCluster ? "in the cluster" : "on this machine")}.");
        if (work.InCluster)
        {
            await RunInClusterAsync(run);
        }
        else
        {
            await RunHereAsync(run, job);
        }

        Submission.Remove(workFolder);
        log.Say("Succeeded.");
        return SparkFiles.ReadOutputs(workFolder);
    }

    private async Task RunHereAsync(Run run, Job job)
    {
        var cluster = run.Work.Master.StartsWith(YarnCluster.Kind, StringComparison.Ordinal) && _settings.YarnUrl.Length > 0 ? YarnCluster.Kind : "";
        var submission = (Submission.Of(cluster, _tag) with { Url = cluster.Length > 0 ? _settings.YarnUrl : "" }).Keep(workFolder);
        var (work, ui) = DriverProgress.Prepare(run.Work);
        int code;
        await using (DriverProgress.Watch(ui, work, run.Log, clock))
        {
            code = await SubmitAsync(work, job.Outputs.Count > 0, run.Stop);
        }

        if (run.Stop.IsCancellationRequested)
        {
            await EndAsync(run, submission);
            run.Stop.ThrowIfCancellationRequested();
        }

        if (code != 0)
        {
            Submission.Remove(workFolder);
            throw new JobException(Describe(code)) { ExitCode = code };
        }
    }

    private async Task RunInClusterAsync(Run run)
    {
        var submission = await TakeUpAsync(run) ?? await SubmitAsync(run);
        try
        {
            await FollowAsync(run, submission);
        }
        catch (OperationCanceledException) when (run.Stop.IsCancellationRequested)
        {
            await EndAsync(run, Submission.Read(workFolder) ?? submission);
            throw;
        }
    }

    /// <summary>What an attempt before this one has left running, if it was lost: it is never submitted twice. Null: nothing.</summary>
    private async Task<Submission?> TakeUpAsync(Run run)
    {
        if (_tag.Attempt == 1)
        {
            return null;
        }

        var before = SparkFiles.ReadLost(workFolder, _tag);
        if (before is { Cluster: StandaloneCluster.Kind, Id: "" })
        {
            throw Unknown(before, "The attempt before this one was interrupted while it submitted, and a standalone master cannot be searched.");
        }

        var cluster = run.Clusters.Of(run.Work);
        var found = before is { Cluster: not "" } ? await AskAsync(run, before.Url, ct => run.Clusters.Of(before, _settings.Home).FindAsync(before, ct)) : null;
        if (found is null && before is { IsSeen: true, Cluster: not "" })
        {
            throw Unknown(before, "The attempt before this one had submitted it.");
        }

        if (found is null && await AskAsync(run, run.Work.Master, ct => cluster.FindUnfinishedAsync(_tag, ct)) is { } unfinished)
        {
            (found, before) = (unfinished, run.Clusters.Describe(run.Work, _tag));
        }

        if (found is null)
        {
            return null;
        }

        run.Log.Say($"{found.Id}, submitted by an attempt before this one, is taken up instead of submitting it again.");
        var taken = (before! with { Id = found.Id, IsSeen = true }).Keep(workFolder);
        SparkFiles.ForgetLost(workFolder, _tag);
        return taken;
    }

    private async Task<Submission> SubmitAsync(Run run)
    {
        var submission = run.Clusters.Describe(run.Work, _tag).Keep(workFolder);
        if (run.Clusters.Of(run.Work) is StandaloneCluster gateway)
        {
            return (submission with { Id = await CreateAsync(run, gateway, submission) }).Keep(workFolder);
        }

        var code = await SubmitAsync(run.Work, wantsOutputs: false, run.Stop);
        if (run.Stop.IsCancellationRequested)
        {
            await EndAsync(run, submission);
            run.Stop.ThrowIfCancellationRequested();
        }

        if (code != 0 && await AskAsync(run, submission.Url, ct => run.Clusters.Of(run.Work).FindAsync(submission, ct)) is null)
        {
            Submission.Remove(workFolder);
            throw new JobException("Nothing was submitted: " + Describe(code)) { ExitCode = code };
        }

        return submission;
    }

    /// <summary>The exit code of spark-submit. One that could not even be started has begun nothing.</summary>
    private async Task<int> SubmitAsync(SparkWork work, bool wantsOutputs, CancellationToken stop)
    {
        try
        {
            return await SparkSubmit.In(_settings.Home).RunAsync(SparkFiles.Write(workFolder, work, _settings, wantsOutputs), stop);
        }
        catch (JobException)
        {
            Submission.Remove(workFolder);
            throw;
        }
    }

    private async Task<string> CreateAsync(Run run, StandaloneCluster gateway, Submission submission)
    {
        try
        {
            var id = await gateway.CreateAsync(run.Work, CancellationToken.None); // once sent, only the answer says what it is called
            run.Log.Say($"Submitted as {id}.");
            return id;
        }
        catch (Exception e) when (e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } or JobException)
        {
            Submission.Remove(workFolder);
            throw e as JobException ?? new JobException($"{submission.Url}, the master's REST gateway, cannot be reached: {e.Message} Is spark.master.rest.enabled set there?", e);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            throw Unknown(submission, $"The master's answer to the submission did not arrive ({e.Message}).");
        }
    }

    private async Task FollowAsync(Run run, Submission submission)
    {
        var (since, last) = (clock.GetTimestamp(), "");
        for (var delay = LookDelayMin; ; delay = delay * 2 < LookDelayMax ? delay * 2 : LookDelayMax)
        {
            var found = await AskAsync(run, submission.Url, ct => run.Clusters.Of(submission, _settings.Home).FindAsync(submission, ct));
            if (found is null && (submission.IsSeen || clock.GetElapsedTime(since) > AppearMax))
            {
                throw Unknown(submission, submission.IsSeen ? "The cluster does not know it any more." : "It was submitted, and the cluster shows nothing of that tag.");
            }

            if (found is not null)
            {
                if (found.Detail != last)
                {
                    run.Log.Say($"{found.Id}: {last = found.Detail}");
                    delay = LookDelayMin;
                }

                submission = submission.IsSeen ? submission : (submission with { Id = found.Id, IsSeen = true }).Keep(workFolder);
                if (found.IsOver)
                {
                    Conclude(found);
                    return;
                }
            }

            await Task.Delay(delay, clock, run.Stop);
        }
    }

    private void Conclude(Application found)
    {
        Submission.Remove(workFolder);
        if (found.State != ApplicationState.Succeeded)
        {
            throw new JobException($"{found.Id} {(found.State == ApplicationState.Killed ? "was killed in the cluster" : "failed in the cluster")}: {found.Detail}");
        }
    }

    /// <summary>Asks until there is an answer: a cluster that cannot be reached says nothing about what runs there. A task that may not wait so long has a time limit.</summary>
    private async Task<Application?> AskAsync(Run run, string whom, Func<CancellationToken, Task<Application?>> ask)
    {
        for (var wasTold = false; ; wasTold = true)
        {
            try
            {
                return await ask(run.Stop);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !run.Stop.IsCancellationRequested)
            {
                if (!wasTold)
                {
                    run.Log.Say($"{whom} gives no answer, and is asked again every {LookDelayMax.TotalSeconds:0} seconds: {e.Message}");
                }
            }

            await Task.Delay(LookDelayMax, clock, run.Stop);
        }
    }

    /// <summary>The whole process is to end: the cluster comes first.</summary>
    private async Task EndAsync(Run run, Submission submission)
    {
        if (submission.Cluster.Length > 0)
        {
            await new ApplicationEnd(run.Clusters.Of(submission, _settings.Home), clock, run.Log.Say).EndAsync(submission, CancellationToken.None);
        }

        Submission.Remove(workFolder);
    }

    private JobException Unknown(Submission submission, string why)
    {
        var reason = $"Nobody can say what became of {(submission.Id.Length > 0 ? submission.Id : submission.Tag)}. {why} Look for it in the cluster ({submission.Url}{submission.Master}), and run the task again when it is safe to run it twice.";
        (submission with { Unknown = reason }).Keep(workFolder);
        return new JobException(reason);
    }

    /// <summary>Marks the work before it is submitted.</summary>
    private SparkWork Tagged(SparkWork work)
    {
        var settings = new Dictionary<string, string>(work.Settings, StringComparer.Ordinal);
        settings["spark.yarn.tags"] = string.Join(',', new[] { settings.GetValueOrDefault("spark.yarn.tags", ""), _tag.OfRun, _tag.OfTask, _tag.OfAttempt }.Where(static t => t.Length > 0));
        if (work.InCluster)
        {
            settings["spark.yarn.submit.waitAppCompletion"] = "false";
            settings["spark.kubernetes.submission.waitAppCompletion"] = "false";
        }

        if (work.Master.StartsWith("k8s://", StringComparison.Ordinal))
        {
            settings["spark.kubernetes.driver.pod.name"] = _tag.OfAttempt;
            foreach (var role in (ReadOnlySpan<string>)["driver", "executor"])
            {
                settings[$"spark.kubernetes.{role}.label.porpoise-run"] = _tag.OfRun;
                settings[$"spark.kubernetes.{role}.label.porpoise-task"] = _tag.OfTask;
                settings[$"spark.kubernetes.{role}.label.porpoise-attempt"] = _tag.OfAttempt;
            }
        }

        return work with { Name = $"{work.Name} [{_tag.OfAttempt}]", Settings = settings };
    }

    /// <summary>What the exit code of a driver that ran here says.</summary>
    private static string Describe(int code) => code switch
    {
        2 => "spark-submit ended with 2: a file that it was given is not there, as it says above.",
        101 => "spark-submit ended with 101: it does not find the main class, or the class failed to start.",
        143 => "the driver was ended by signal 15 (TERM), and not by this service.",
        137 => "the driver was ended by signal 9 (KILL); most often the machine was out of memory. Give it less, or the machine more (spark.driver.memory).",
        _ => string.Create(CultureInfo.InvariantCulture, $"the driver ended with exit code {code}; what it said stands above."),
    };

    private static string NameOf(DevelopmentTaskKind kind) => kind == DevelopmentTaskKind.Sql ? "SQL" : kind == DevelopmentTaskKind.Jar ? "program (JAR)" : "program (Python)";

    /// <summary>What all steps of one run of the job have in common.</summary>
    private sealed record Run(SparkWork Work, Clusters Clusters, JobLog Log, CancellationToken Stop);
}
