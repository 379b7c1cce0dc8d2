using CsCheck;
using Porpoise.Core.Environments;
using Porpoise.Core.Parameters;
using Porpoise.Core.Workflows;

namespace Porpoise.Core.Tests.Workflows;

public sealed class VersionHashTests
{
    /// <summary>What is committed here must never change: stored versions are found again by it.</summary>
    private const string Golden = "b771eba770d4a06bd0519113aea1d1d0";

    private static readonly WorkflowDefinition Sample = new(
        "nightly",
        "Copies everything – 每天",
        [
            new TaskDefinition(new TaskCode(11), "fetch", "gets it", TaskTypes.Shell, """{"rawScript":"curl -O x"}""", 3, TimeSpan.FromSeconds(90), Priority.High)
            {
                LocalParams = [new Parameter("day", ParameterDirection.In, "DATE", "$[yyyy-MM-dd-1]"), new Parameter("rows", ParameterDirection.Out, "INTEGER", "")],
                TimeLimit = new TimeLimit(TimeSpan.FromMinutes(20), TimeLimitAction.WarnAndFail),
                Queue = "root_queue",
                AlertEmail = "a@b.example",
                AlertOnStart = true,
                AlertOnFailure = false,
                Tags = [new Tag("owner", "etl")],
            },
            new TaskDefinition(new TaskCode(12), "join", "", TaskTypes.Noop, "{}", 0, TimeSpan.Zero, Priority.Medium),
        ],
        [new Edge(new TaskCode(11), new TaskCode(12))],
        """[{"taskCode":11,"x":1,"y":2}]""")
    {
        GlobalParams = [new Parameter("dt", ParameterDirection.In, "VARCHAR", "$[yyyyMMdd]"), new Parameter("env", ParameterDirection.In, "VARCHAR", "prod")],
        TimeLimit = new TimeLimit(TimeSpan.FromHours(2), TimeLimitAction.Warn),
        ParallelismMax = 4,
        Queue = "dev_queue",
        AlertEmail = "c@d.example",
        RunAs = "1133",
        Tags = [new Tag("cost", "7"), new Tag("team", "数据")],
    };

    private static readonly Dictionary<string, Func<TaskDefinition, TaskDefinition>> TaskFields = new()
    {
        [nameof(TaskDefinition.Code)] = t => t with { Code = new TaskCode(99) },
        [nameof(TaskDefinition.Name)] = t => t with { Name = "fetch2" },
        [nameof(TaskDefinition.Description)] = t => t with { Description = "gets all" },
        [nameof(TaskDefinition.Type)] = t => t with { Type = TaskTypes.Noop },
        [nameof(TaskDefinition.Params)] = t => t with { Params = """{"rawScript": "curl -O x"}""" },
        [nameof(TaskDefinition.RetryMax)] = t => t with { RetryMax = 4 },
        [nameof(TaskDefinition.RetryInterval)] = t => t with { RetryInterval = TimeSpan.FromSeconds(91) },
        [nameof(TaskDefinition.Priority)] = t => t with { Priority = Priority.Highest },
        [nameof(TaskDefinition.LocalParams)] = t => t with { LocalParams = [.. t.LocalParams.Reverse()] },
        [nameof(TaskDefinition.TimeLimit)] = t => t with { TimeLimit = null },
        [nameof(TaskDefinition.Delay)] = t => t with { Delay = TimeSpan.FromSeconds(60) },
        [nameof(TaskDefinition.IsDisabled)] = t => t with { IsDisabled = true },
        [nameof(TaskDefinition.WorkerGroup)] = t => t with { WorkerGroup = "gpu" },
        [nameof(TaskDefinition.Queue)] = t => t with { Queue = "" },
        [nameof(TaskDefinition.Environment)] = t => t with { Environment = new EnvironmentCode(7) },
        [nameof(TaskDefinition.AlertEmail)] = t => t with { AlertEmail = "a@b.example, c@d.example" },
        [nameof(TaskDefinition.AlertOnStart)] = t => t with { AlertOnStart = false },
        [nameof(TaskDefinition.AlertOnFailure)] = t => t with { AlertOnFailure = true },
        [nameof(TaskDefinition.Tags)] = t => t with { Tags = [] },
    };

    private static readonly Dictionary<string, Func<WorkflowDefinition, WorkflowDefinition>> Fields = new()
    {
        [nameof(WorkflowDefinition.Name)] = d => d with { Name = "Nightly" },
        [nameof(WorkflowDefinition.Description)] = d => d with { Description = "" },
        [nameof(WorkflowDefinition.Tasks)] = d => d with { Tasks = [.. d.Tasks.Reverse()] },
        [nameof(WorkflowDefinition.Edges)] = d => d with { Edges = [new Edge(new TaskCode(12), new TaskCode(11))] },
        [nameof(WorkflowDefinition.GlobalParams)] = d => d with { GlobalParams = [.. d.GlobalParams.Reverse()] },
        [nameof(WorkflowDefinition.TimeLimit)] = d => d with { TimeLimit = d.TimeLimit! with { Action = TimeLimitAction.Fail } },
        [nameof(WorkflowDefinition.ParallelismMax)] = d => d with { ParallelismMax = 5 },
        [nameof(WorkflowDefinition.Queue)] = d => d with { Queue = "root_queue" },
        [nameof(WorkflowDefinition.AlertEmail)] = d => d with { AlertEmail = "" },
        [nameof(WorkflowDefinition.RunAs)] = d => d with { RunAs = "113" },
        [nameof(WorkflowDefinition.Tags)] = d => d with { Tags = [new Tag("cost", "8"), d.Tags[1]] },
        [nameof(WorkflowDefinition.EdgeNames)] = d => d with { EdgeNames = [new EdgeName(d.Edges[0], "e")] },
    };

    /// <summary>What a parameter, a tag or a time limit says, each part by itself.</summary>
    private static readonly List<Func<WorkflowDefinition, WorkflowDefinition>> Parts =
    [
        d => d with { GlobalParams = [d.GlobalParams[0] with { Name = "dt2" }, d.GlobalParams[1]] },
        d => d with { GlobalParams = [d.GlobalParams[0] with { Direction = ParameterDirection.Out }, d.GlobalParams[1]] },
        d => d with { GlobalParams = [d.GlobalParams[0] with { Type = "DATE" }, d.GlobalParams[1]] },
        d => d with { GlobalParams = [d.GlobalParams[0] with { Value = "" }, d.GlobalParams[1]] },
        d => d with { GlobalParams = [d.GlobalParams[0]] },
        d => d with { TimeLimit = d.TimeLimit! with { After = TimeSpan.FromHours(3) } },
        d => d with { Tags = [new Tag("Cost", "7"), d.Tags[1]] },
        d => d with { Tags = [d.Tags[1], d.Tags[0]] },
        d => d with { EdgeNames = [new EdgeName(new Edge(new TaskCode(11), new TaskCode(12)), "a")] },
        d => d with { EdgeNames = [new EdgeName(new Edge(new TaskCode(11), new TaskCode(12)), "b")] },
        d => d with { EdgeNames = [new EdgeName(new Edge(default, new TaskCode(11)), "a")] },
    ];

    public static TheoryData<string> TaskFieldNames => [.. TaskFields.Keys];

    public static TheoryData<string> FieldNames => [.. Fields.Keys];

    [Fact]
    public void The_hash_of_a_definition_is_the_same_for_ever() => Assert.Equal(Golden, VersionHash.Of(Sample));

    [Fact]
    public void The_hash_is_32_lower_case_hexadecimal_digits() => Assert.Matches("^[0-9a-f]{32}$", VersionHash.Of(Sample));

    [Theory]
    [MemberData(nameof(FieldNames))]
    public void Changing_a_field_changes_the_hash(string field) => Assert.NotEqual(Golden, VersionHash.Of(Fields[field](Sample)));

    [Theory]
    [MemberData(nameof(TaskFieldNames))]
    public void Changing_a_field_of_a_node_changes_the_hash(string field)
    {
        var changed = Sample with { Tasks = [TaskFields[field](Sample.Tasks[0]), Sample.Tasks[1]] };
        Assert.NotEqual(Golden, VersionHash.Of(changed));
    }

    [Fact]
    public void Every_part_of_a_parameter_a_limit_and_a_tag_counts()
    {
        var hashes = Parts.Select(change => VersionHash.Of(change(Sample))).Append(Golden).ToList();
        Assert.Equal(hashes.Count, hashes.Distinct().Count());
    }

    /// <summary>Whatever combination of fields is changed: the same one gives the same hash, another one another.</summary>
    [Fact]
    public void Any_two_different_sets_of_changes_give_different_hashes()
    {
        // Those of the node first: those of the workflow may put it elsewhere.
        var changes = TaskFields.Values.Select(change => (Func<WorkflowDefinition, WorkflowDefinition>)(d => d with { Tasks = [change(d.Tasks[0]), d.Tasks[1]] })).Concat(Fields.Values).ToArray();
        WorkflowDefinition Apply(uint set) => changes.Where((_, i) => (set >> i & 1) != 0).Aggregate(Sample, (d, change) => change(d));
        var sets = Gen.UInt[0, (1u << changes.Length) - 1];
        var near = from set in sets from bit in Gen.Int[0, changes.Length - 1] select (set, set ^ (1u << bit));
        Gen.OneOf(Gen.Select(sets, sets), near).Sample(
            (one, other) => Assert.Equal(one == other, VersionHash.Of(Apply(one)) == VersionHash.Of(Apply(other))),
            iter: 5_000);
    }

    /// <summary>Equal contents in other objects, as they come back from the store.</summary>
    [Fact]
    public void The_hash_looks_at_contents_only()
    {
        var copy = Sample with { Tasks = [.. Sample.Tasks.Select(t => t with { LocalParams = [.. t.LocalParams.Select(p => p with { })], Tags = [.. t.Tags] })], GlobalParams = [.. Sample.GlobalParams], Edges = [.. Sample.Edges], Tags = [.. Sample.Tags] };
        Assert.Equal(Golden, VersionHash.Of(copy));
    }

    [Fact]
    public void No_field_is_left_out_of_these_tests()
    {
        Assert.Equal(typeof(TaskDefinition).GetProperties().Select(p => p.Name).Order(), TaskFields.Keys.Order());
        Assert.Equal(typeof(WorkflowDefinition).GetProperties().Select(p => p.Name).Except([nameof(WorkflowDefinition.Locations), nameof(WorkflowDefinition.RegionId)]).Order(), Fields.Keys.Order());
        Assert.Equal(["Direction", "Name", "Type", "Value"], typeof(Parameter).GetProperties().Select(p => p.Name).Order());
        Assert.Equal(["Action", "After"], typeof(TimeLimit).GetProperties().Where(p => p.CanWrite).Select(p => p.Name).Order());
        Assert.Equal(["Key", "Value"], typeof(Tag).GetProperties().Select(p => p.Name).Order());
        Assert.Equal(["From", "To"], typeof(Edge).GetProperties().Select(p => p.Name).Order());
    }

    [Fact]
    public void Where_the_nodes_are_drawn_does_not_count() => Assert.Equal(Golden, VersionHash.Of(Sample with { Locations = "" }));

    [Fact]
    public void To_which_region_the_call_was_sent_does_not_count() => Assert.Equal(Golden, VersionHash.Of(Sample with { RegionId = "cn-hangzhou" }));

    [Fact]
    public void Both_ends_of_an_edge_count()
    {
        string HashOf(long from, long to) => VersionHash.Of(Sample with { Edges = [new Edge(new TaskCode(from), new TaskCode(to))] });
        Assert.Equal(4, new[] { HashOf(11, 12), HashOf(11, 13), HashOf(13, 12), HashOf(12, 11) }.Distinct().Count());
    }

    /// <summary>Two texts that are cut at another place must not give the same bytes.</summary>
    [Fact]
    public void Text_cannot_move_from_one_field_into_its_neighbour() =>
        (from text in Gen.String[Gen.Char["ab\0é"], 1, 8]
         from one in Gen.Int[0, text.Length]
         from other in Gen.Int[0, text.Length]
         where one != other
         select (text, one, other))
        .Sample(
            cut =>
            {
                Assert.NotEqual(
                    VersionHash.Of(Sample with { Name = cut.text[..cut.one], Description = cut.text[cut.one..] }),
                    VersionHash.Of(Sample with { Name = cut.text[..cut.other], Description = cut.text[cut.other..] }));
                Assert.NotEqual(HashOfNode(cut.text, cut.one), HashOfNode(cut.text, cut.other));
            },
            iter: 500);

    /// <summary>A node's last number and the count of the edges stand side by side.</summary>
    [Fact]
    public void Nodes_and_edges_cannot_be_taken_for_each_other()
    {
        var node = Sample.Tasks[0];
        var hashes = new[]
        {
            Sample with { Tasks = [], Edges = [] },
            Sample with { Tasks = [node], Edges = [] },
            Sample with { Tasks = [node, node], Edges = [] },
            Sample with { Tasks = [], Edges = [new Edge(new TaskCode(1), new TaskCode(0))] },
            Sample with { Tasks = [], Edges = [new Edge(new TaskCode(0), new TaskCode(1))] },
            Sample with { Tasks = [], Edges = [new Edge(new TaskCode(0), new TaskCode(0)), new Edge(new TaskCode(0), new TaskCode(0))] },
        }.Select(VersionHash.Of).ToList();
        Assert.Equal(hashes.Count, hashes.Distinct().Count());
    }

    private static string HashOfNode(string text, int cut) => VersionHash.Of(
        Sample with { Tasks = [Sample.Tasks[0] with { Name = "n", Description = text[..cut], Type = text[cut..] }] });
}
