namespace Porpoise.Worker.Runners;

/// <summary>The task's log, as a job writes it: lines with the time they were written at.</summary>
internal sealed class JobLog(TextWriter to, TimeProvider clock)
{
    /// <summary>One line that begins with the time.</summary>
    public void Say(string line)
    {
        to.WriteLine($"{clock.GetUtcNow():HH:mm:ss.fff} {line}");
        to.Flush();
    }

    /// <summary>Text as it is, with a line break at its end: what somebody else said, or a table.</summary>
    public void Show(string text)
    {
        to.WriteLine(text);
        to.Flush();
    }
}
