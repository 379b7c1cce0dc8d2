namespace Porpoise.Worker.Runners.Spark;

/// <summary>Ends what was submitted: the cluster is asked to, again and again, until it says that it is over or that it knows of nothing.</summary>
internal sealed class ApplicationEnd(ICluster cluster, TimeProvider clock, Action<string> say)
{
    /// <summary>What was submitted a moment ago may not be seen yet.</summary>
    private const int LookedEmptyEnough = 4;

    private static readonly TimeSpan LookDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AskDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TroubleDelay = TimeSpan.FromSeconds(5);

    public async Task EndAsync(Submission submission, CancellationToken ct)
    {
        var (looked, asked) = (0, (long?)null);
        for (var wasTold = false; ;)
        {
            var delay = LookDelay;
            try
            {
                if (await cluster.FindAsync(submission, ct) is not { } found)
                {
                    if (submission.IsSeen || asked is not null || ++looked >= LookedEmptyEnough)
                    {
                        say("The cluster knows of nothing that would have to be ended.");
                        return;
                    }
                }
                else if (found.IsOver)
                {
                    say($"{found.Id} has ended in the cluster: {found.Detail}");
                    return;
                }
                else if (asked is not { } since || clock.GetElapsedTime(since) > AskDelay)
                {
                    say($"{found.Id} is to end; the cluster is asked for that.");
                    asked = clock.GetTimestamp();
                    await cluster.KillAsync(found, ct);
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
            {
                delay = TroubleDelay;
                if (!wasTold)
                {
                    say($"The cluster gives no answer, and is asked again: {e.Message}");
                }

                wasTold = true;
            }

            await Task.Delay(delay, clock, ct);
        }
    }
}
