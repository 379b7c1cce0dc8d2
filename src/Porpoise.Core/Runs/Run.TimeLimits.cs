using System.Globalization;
using Porpoise.Core.Tasks;

namespace Porpoise.Core.Runs;

// Time limits. No row says that a limit was exceeded: when it is follows from when the run or the attempt was started, which stands in the rows, so
// whoever reads them at any later time comes to the same end.
public sealed partial class Run
{
    /// <summary>An attempt that takes too long is ended, and counts as failed once its end is reported.</summary>
    private void EndOverdueAttempt(RunEvent.AttemptTimeUp e, Decision decision)
    {
        var cell = _cells[e.Index];
        if (IsEnding || cell.IsStopRequested || cell.State != TaskState.Running || cell.Attempt != e.Attempt || _graph.Tasks[e.Index].TimeLimit is not { } limit || _graph.IsNoop(e.Index))
        {
            return;
        }

        if (e.At < cell.StartedAt!.Value + limit.After)
        {
            WatchAttempt(e.Index, e.At, decision); // a clock that went back: wait on
            return;
        }

        if (limit.Warns)
        {
            decision.Effects.Add(new Effect.WarnOfAttempt(e.Index, e.Attempt, limit.After));
        }

        if (limit.Fails)
        {
            decision.Effects.Add(new Effect.EndAttempt(e.Index, e.Attempt, $"its time limit is {Describe(limit.After)}"));
        }
    }

    private void EndOverdueRun(RunEvent.RunTimeUp e, Decision decision)
    {
        if (IsEnding || _graph.TimeLimit is not { } limit)
        {
            return;
        }

        if (e.At < _startedAt + limit.After)
        {
            WatchRun(e.At, decision);
            return;
        }

        if (limit.Warns)
        {
            decision.Effects.Add(new Effect.WarnOfRun(limit.After));
        }

        if (limit.Fails)
        {
            EndOverdueRun(e.At, decision);
        }
    }

    /// <summary>True when the run is to be ended for it, and nothing else ends it already.</summary>
    private bool IsTimeUp(DateTimeOffset at) => !IsEnding && _graph.TimeLimit is { Fails: true } limit && at >= _startedAt + limit.After;

    /// <summary>The run stays <see cref="RunState.Running"/> until its last attempt has been ended; nothing is started any more.</summary>
    private void EndOverdueRun(DateTimeOffset at, Decision decision)
    {
        _isOverdue = true;
        EndTheRest(DescribeOverdue(), at, decision);
        EndRunIfIdle(at, decision);
    }

    private void WatchAttempt(int index, DateTimeOffset at, Decision decision)
    {
        if (_graph.Tasks[index].TimeLimit is { } limit)
        {
            var cell = _cells[index];
            var until = cell.StartedAt!.Value + limit.After;
            if (limit.Fails || until > at)
            {
                decision.Effects.Add(new Effect.WatchAttempt(index, cell.Attempt, until));
            }
        }
    }

    /// <summary>A warning whose time has passed is not given again each time that the run is read.</summary>
    private void WatchRun(DateTimeOffset at, Decision decision)
    {
        if (!IsEnding && _graph.TimeLimit is { } limit && (limit.Fails || _startedAt + limit.After > at))
        {
            decision.Effects.Add(new Effect.WatchRun(_startedAt + limit.After));
        }
    }

    private string DescribeOverdue() => $"the run timed out after {Describe(_graph.TimeLimit!.After)}";

    /// <summary>As people write it: 90 s is <c>1 m 30 s</c>.</summary>
    private static string Describe(TimeSpan time)
    {
        var parts = new (long Value, string Unit)[] { ((long)time.TotalHours, "h"), (time.Minutes, "m"), (time.Seconds, "s") };
        var text = string.Join(' ', parts.Where(part => part.Value > 0).Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Value} {part.Unit}")));
        return text.Length > 0 ? text : "0 s";
    }
}
