using Porpoise.Core.Environments;

using static Porpoise.Core.Workflows.WorkflowValidation;

namespace Porpoise.Core.Workflows;

/// <summary>Rules for one node by itself; some hold for the workflow as well.</summary>
internal static class NodeRules
{
    public static void Check(List<Offence> offences, string place, TaskDefinition task, WorkflowSurroundings surroundings)
    {
        TextRules.CheckLength(offences, place + ", description", "A description", task.Description, WorkflowLimits.DescriptionLengthMax);
        TextRules.CheckLength(offences, place + ", alertEmailAddress", "The addresses", task.AlertEmail, WorkflowLimits.AlertEmailLengthMax);
        TextRules.CheckTags(offences, place + ", tags", task.Tags);
        if (TaskTypes.IsKnown(task.Type))
        {
            TaskParameterRules.Check(offences, place, task, surroundings);
        }
        else
        {
            offences.Add(new Offence(OffenceKind.UnknownTaskType, place, $"There is no task type '{TextRules.Start(task.Type)}'. Types are written in capitals, such as {TaskTypes.Shell} or {TaskTypes.EmrServerlessSpark}."));
        }

        ParameterRules.Check(offences, place + ", localParams", task.LocalParams, inShell: task.Type == TaskTypes.Shell);
        if (task.RetryMax is < 0 or > WorkflowLimits.RetriesMax || task.RetryInterval < TimeSpan.Zero || task.RetryInterval > WorkflowLimits.RetryIntervalMax || !IsWholeSeconds(task.RetryInterval))
        {
            offences.Add(new Offence(OffenceKind.BadRetry, place, Invariant($"A node has 0 to {WorkflowLimits.RetriesMax} retries, whole seconds and at most {WorkflowLimits.RetryIntervalMax.TotalDays} days apart.")));
        }

        if (task.Delay < TimeSpan.Zero || task.Delay > WorkflowLimits.DelayMax || !IsWholeSeconds(task.Delay))
        {
            offences.Add(new Offence(OffenceKind.BadDelay, place + ", delayTime", Invariant($"A node's delay is whole seconds, at most {WorkflowLimits.DelayMax.TotalDays} days.")));
        }

        CheckTimeLimit(offences, place + ", timeout", task.TimeLimit);
        CheckQueue(offences, place + ", queue", task.Queue, surroundings);
        if (!task.Environment.IsNone && surroundings.Environments is { } environments && !environments.Contains(task.Environment))
        {
            offences.Add(new Offence(OffenceKind.UnknownEnvironment, place + ", environmentCode", Invariant($"There is no environment {task.Environment}; {EnvironmentCode.NoneOnWire} is none.")));
        }

        if (task.WorkerGroup.Length > 0 && !surroundings.WorkerGroups.Contains(task.WorkerGroup))
        {
            var names = surroundings.WorkerGroups.Order(StringComparer.Ordinal).Take(QueuesShownMax);
            offences.Add(new Offence(OffenceKind.UnknownWorkerGroup, place + ", workerGroup", $"There is no worker group '{TextRules.Start(task.WorkerGroup)}'; there are {string.Join(", ", names)}."));
        }
    }

    public static void CheckTimeLimit(List<Offence> offences, string place, TimeLimit? limit)
    {
        if (limit is not null && (limit.After <= TimeSpan.Zero || limit.After > WorkflowLimits.TimeLimitMax || !IsWholeSeconds(limit.After) || !Enum.IsDefined(limit.Action)))
        {
            offences.Add(new Offence(OffenceKind.BadTimeLimit, place, Invariant($"A time limit is whole seconds, at most {WorkflowLimits.TimeLimitMax.TotalSeconds} ({WorkflowLimits.TimeLimitMax.TotalMinutes} minutes); 0 is none.")));
        }
    }

    public static void CheckQueue(List<Offence> offences, string place, string queue, WorkflowSurroundings surroundings)
    {
        if (queue.Length > 0 && surroundings.Queues is { } queues && !queues.Contains(queue))
        {
            var names = queues.Order(StringComparer.Ordinal).Take(QueuesShownMax);
            offences.Add(new Offence(OffenceKind.UnknownQueue, place, $"The workspace has no queue '{TextRules.Start(queue)}'; it has {string.Join(", ", names)}."));
        }
    }

    private const int QueuesShownMax = 20;

    private static bool IsWholeSeconds(TimeSpan time) => time.Ticks % TimeSpan.TicksPerSecond == 0;
}
