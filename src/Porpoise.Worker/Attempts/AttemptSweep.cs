using System.Globalization;
using Porpoise.Core.Tasks;

namespace Porpoise.Worker.Attempts;

/// <summary>How long what an attempt left on the disk is kept after its end.</summary>
public sealed record KeepingTimes
{
    /// <summary>The work folder of one that succeeded; zero: it goes at once.</summary>
    public TimeSpan WorkOfSuccess { get; init; } = TimeSpan.Zero;

    /// <summary>The work folder of one that did not.</summary>
    public TimeSpan WorkOfFailure { get; init; } = TimeSpan.FromHours(72);

    /// <summary>Its log and everything else; null: until the run is deleted.</summary>
    public TimeSpan? Logs { get; init; } = TimeSpan.FromDays(30);
}

/// <summary>
/// Removes what attempts left behind when its time is over, in small steps that go round all folders. It decides by what is on the disk: an attempt that was not
/// claimed, or whose shim is alive, keeps everything.
/// </summary>
public sealed class AttemptSweep(string root, KeepingTimes keep, TimeProvider clock)
{
    private readonly string _root = Path.GetFullPath(root);
    private readonly Queue<string> _groups = new();

    /// <summary>What stood in the way lately, for people; null: nothing.</summary>
    public string? Problem { get; private set; }

    /// <summary>Looks at the attempts of at most 1,000 tasks. False when this was the last step of a round.</summary>
    public bool Step(CancellationToken ct)
    {
        if (_groups.Count == 0)
        {
            Problem = null;
            foreach (var group in Directory.EnumerateDirectories(_root))
            {
                _groups.Enqueue(group);
            }
        }

        if (_groups.TryDequeue(out var next) && Directory.Exists(next))
        {
            foreach (var claim in Directory.EnumerateFiles(next, "*.claim"))
            {
                ct.ThrowIfCancellationRequested();
                if (ReadKey(Path.GetFileNameWithoutExtension(claim)) is { } key)
                {
                    Sweep(new AttemptFolder(_root, key));
                }
            }
        }

        return _groups.Count > 0;
    }

    private void Sweep(AttemptFolder folder)
    {
        try
        {
            if (!AttemptLogs.HasEnded(folder))
            {
                return;
            }

            var exit = folder.ReadExit();
            var age = clock.GetUtcNow() - (exit?.At ?? folder.ReadLastChange());
            if (age >= keep.Logs)
            {
                Problem = folder.Remove() ?? Problem;
            }
            else if (age >= (exit is { Code: 0 } && folder.ReadStop() is null ? keep.WorkOfSuccess : keep.WorkOfFailure))
            {
                FolderRemoval.Remove(folder.Path);
            }
        }
        catch (IOException e)
        {
            Problem = e.Message;
        }
    }

    /// <summary>Null: not one of ours.</summary>
    private static AttemptKey? ReadKey(string name) =>
        name.Split('.') is [var task, var number]
        && int.TryParse(task, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)
            ? new AttemptKey(new TaskId(id), attempt)
            : null;
}
