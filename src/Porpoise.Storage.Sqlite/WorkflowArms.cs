using System.Collections.Concurrent;
using System.Globalization;
using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Paging;

namespace Porpoise.Storage.Sqlite;

/// <summary>
/// The runs of a few workflows, newest first: one walk along an index for each workflow (and each final state that is asked for), merged by id. Passing over
/// a row costs a step in an index and no look at the row, except where a range of time begins or ends. A page in the farther half is walked to from the end.
/// </summary>
/// <param name="s">Where to read.</param>
/// <param name="filter">States and times.</param>
/// <param name="workflows">At least one.</param>
/// <param name="blocks">The blocks that the times reach into, newest first; null: all times.</param>
internal sealed class WorkflowArms(Session s, BlockFilter filter, List<WorkflowCode> workflows, List<Block>? blocks)
{
    private const long UnfinishedStates = (1L << (int)RunState.Running) | (1L << (int)RunState.Stopping);

    private const int Portion = 1_000;

    private static readonly RunState[] Outcomes = [RunState.Succeeded, RunState.Failed, RunState.Stopped];

    private static readonly ConcurrentDictionary<Shape, string> Texts = new();

    /// <summary>What an arm walks along, and what it checks on the row.</summary>
    private enum Look
    {
        /// <summary>Every run of the workflow.</summary>
        Any,

        /// <summary>Runs with a final state, an arm for each state, and runs that have not ended, if such are asked for.</summary>
        States,

        /// <summary>Every run, and a look at its row.</summary>
        Row,
    }

    private enum Ask
    {
        Newest,
        Oldest,
        Count,
    }

    public Page<int> ReadPage(PageRequest page)
    {
        var parts = Parts();
        var known = blocks is null ? CountAll() : (long?)null;
        var counts = parts.ConvertAll(p => known ?? Count(p));
        var total = counts.Sum();
        var wanted = Math.Min(page.Limit, total - page.Offset);
        var ids = new List<int>();
        for (var (i, before) = (0, 0L); i < parts.Count && ids.Count < wanted; before += counts[i++])
        {
            if (before + counts[i] > page.Offset)
            {
                var offset = Math.Max(0, page.Offset - before);
                Read(parts[i], counts[i], offset, Math.Min(wanted - ids.Count, counts[i] - offset), ids);
            }
        }

        return new Page<int>(ids, total);
    }

    /// <summary>All ids of a range, at all times, newest first, read in portions as far as the caller goes.</summary>
    public IEnumerable<int> ReadAll(IdRange within)
    {
        var last = within.Last;
        List<int> ids;
        do
        {
            ids = Bind(Ask.Newest, new Part(within.First, last, true), default, Portion, 0).All(static row => row.Int(0));
            foreach (var id in ids)
            {
                yield return id;
                last = id - 1L;
            }
        }
        while (ids.Count == Portion);
    }

    /// <summary>Those of the newest <paramref name="window"/> that fit <paramref name="rest"/> too.</summary>
    public List<int> Search(RowFilter rest, int window)
    {
        var last = ReadPage(new PageRequest(window - 1L, 1)).Rows;
        var floor = last.Count == 0 ? 0 : last[0];
        var ids = new List<int>();
        foreach (var part in Parts())
        {
            if (part.Last >= floor)
            {
                var row = Bind(Ask.Newest, part with { First = Math.Max(part.First, floor) }, rest, -1, 0);
                while (row.Step())
                {
                    ids.Add(row.Int(0));
                }
            }
        }

        return ids;
    }

    /// <summary>As <see cref="ReadAll"/>: those of the newest <paramref name="window"/> that fit <paramref name="rest"/> too.</summary>
    public List<int> SearchAll(RowFilter rest, int window, IdRange within)
    {
        var part = new Part(within.First, within.Last, true);
        var floor = Bind(Ask.Newest, part, default, 1, window - 1).All(static row => row.Int(0));
        return Bind(Ask.Newest, floor is [var first] ? part with { First = first } : part, rest, -1, 0).All(static row => row.Int(0));
    }

    /// <summary>Ranges of ids, newest first, in which the times have to be looked at or have not.</summary>
    private List<Part> Parts()
    {
        if (blocks is null)
        {
            return [new Part(0, long.MaxValue, true)];
        }

        var parts = new List<Part>();
        foreach (var block in blocks)
        {
            if (parts.Count > 0 && parts[^1].First == block.LastId + 1 && parts[^1].IsWhole == block.IsWhole)
            {
                parts[^1] = parts[^1] with { First = block.FirstId };
            }
            else
            {
                parts.Add(new Part(block.FirstId, block.LastId, block.IsWhole));
            }
        }

        return parts;
    }

    private long CountAll() => workflows.Sum(workflow =>
    {
        var counts = CounterSql.CountRuns(s, filter.Workspace, workflow);
        return Enumerable.Range(1, counts.Length - 1).Sum(state => counts[state] * filter.Weight(state));
    });

    private long Count(Part part)
    {
        var row = Bind(Ask.Count, part, default, -1, 0);
        row.Step();
        var count = row.Long(0);
        row.End();
        return count;
    }

    private void Read(Part part, long count, long offset, long limit, List<int> ids)
    {
        var isNear = offset <= count / 2;
        var row = Bind(isNear ? Ask.Newest : Ask.Oldest, part, default, limit, isNear ? offset : count - offset - limit);
        var at = ids.Count;
        while (row.Step())
        {
            ids.Add(row.Int(0));
        }

        if (!isNear)
        {
            ids.Reverse(at, ids.Count - at);
        }
    }

    private Statement Bind(Ask ask, Part part, RowFilter rest, long limit, long offset)
    {
        var look = !part.IsWhole ? Look.Row : filter.States == BlockFilter.AllStates ? Look.Any : Look.States;
        List<RunState> outcomes = look == Look.States ? [.. Outcomes.Where(state => filter.Has((int)state))] : [];
        var shape = new Shape(look, ask, workflows.Count, outcomes.Count, (filter.States & UnfinishedStates) != 0, !rest.IsNone);
        var statement = s.Use(Texts.GetOrAdd(shape, static shape => Text(shape)))
            .Bind(filter.Workspace.Value).Bind(part.First).Bind(part.Last).Bind(limit).Bind(offset).Bind(filter.States)
            .Bind(filter.From).Bind(filter.To).BindOrNull(rest.StartedBy).BindOrNull(rest.Name);
        workflows.ForEach(workflow => statement.Bind(workflow.Value));
        outcomes.ForEach(state => statement.Bind((long)state));
        return statement;
    }

    /// <summary>SQLite merges arms that each come in the asked order, so none of them is read further than the page needs.</summary>
    private static string Text(Shape shape)
    {
        const int FirstParameter = 11;
        var arms = new List<string>();
        for (var workflow = FirstParameter; workflow < FirstParameter + shape.Workflows; workflow++)
        {
            switch (shape.Look)
            {
                case Look.Any:
                    arms.Add(Arm("run_by_workflow", workflow, "true"));
                    break;
                case Look.Row:
                    arms.Add(Arm("run_by_workflow", workflow, "(?6 >> state) & 1 and started_at between ?7 and ?8"));
                    break;
                default:
                    var first = FirstParameter + shape.Workflows;
                    arms.AddRange(Enumerable.Range(first, shape.Outcomes).Select(state => Arm("run_by_outcome", workflow, Text($"ended_at is not null and state = ?{state}"))));
                    if (shape.HasUnfinished || shape.Outcomes == 0)
                    {
                        arms.Add(Arm("run_unfinished", workflow, "ended_at is null and (?6 >> state) & 1"));
                    }

                    break;
            }
        }

        var all = string.Join("\nunion all\n", arms);
        return shape.Ask switch
        {
            Ask.Newest => all + "\norder by id desc limit ?4 offset ?5",
            Ask.Oldest => all + "\norder by id limit ?4 offset ?5",
            _ => $"select count(*) from ({all})",
        };

        string Arm(string index, int workflow, string condition) => Text(
            $"select id from run indexed by {index} where workspace_id = ?1 and workflow_code = ?{workflow} and id between ?2 and ?3 and {condition}")
            + (shape.HasRest ? @" and (?9 is null or started_by = ?9 collate nocase) and (?10 is null or name like ?10 escape '\')" : "");

        static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }

    private readonly record struct Part(long First, long Last, bool IsWhole);

    /// <summary>What a statement's text depends on.</summary>
    private readonly record struct Shape(Look Look, Ask Ask, int Workflows, int Outcomes, bool HasUnfinished, bool HasRest);
}
