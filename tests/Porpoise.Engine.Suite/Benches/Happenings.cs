namespace Porpoise.Engine.Suite.Benches;

/// <summary>Lets a test wait for a transition instead of sleeping: whatever may have changed something says so, and the conditions are looked at again.</summary>
public sealed class Happenings
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly List<(Func<bool> Condition, TaskCompletionSource Met)> _waits = [];

    /// <summary>Something happened. Called without any lock held.</summary>
    public void Note()
    {
        lock (_gate)
        {
            foreach (var wait in _waits.Where(w => w.Condition()).ToList())
            {
                wait.Met.TrySetResult();
                _waits.Remove(wait);
            }
        }
    }

    /// <summary>Completes when the condition holds; fails with the name of the transition if it never comes.</summary>
    public async Task UntilAsync(Func<bool> condition, string transition)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (condition())
            {
                return;
            }

            _waits.Add((condition, met));
        }

        await WithinPatienceAsync(met.Task, () => transition);
    }

    public static async Task WithinPatienceAsync(Task task, Func<string> transition)
    {
        try
        {
            await task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"This never came: {transition()}.");
        }
    }
}
