namespace Porpoise.Core.Tasks;

/// <summary>
/// Identifies a task instance. A run reserves one contiguous block of ids at its start, so the id of the task at
/// position <c>i</c> of the definition is the run's first id plus <c>i</c>: no index is needed to find a run's tasks.
/// </summary>
public readonly record struct TaskId(int Value)
{
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
