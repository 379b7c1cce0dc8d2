using System.Globalization;

namespace Porpoise.Core.Tasks;

/// <summary>
/// One attempt at a task instance; <paramref name="Number"/> counts from 1 and is the attempt's fence:
/// it is started at most once, and only its own report can end it.
/// </summary>
public readonly record struct AttemptKey(TaskId Task, int Number)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Task.Value}.{Number}");
}
