using CsCheck;
using Porpoise.Core.Workflows;

namespace Porpoise.Core.Tests.Workflows;

public sealed class VersionHashTests
{
    /// <summary>What is committed here must never change: stored versions are found again by it.</summary>
    private const string Golden = "3e4b89356e918d5a707c14d017926df7";

    private static readonly WorkflowDefinition Sample = new(
        "nightly",
        "Copies everything – 每天",
        [
            new TaskDefinition(new TaskCode(11), "fetch", "gets it", TaskTypes.Shell, """{"rawScript":"curl -O x"}""", 3, TimeSpan.FromSeconds(90), Priority.High),
            new TaskDefinition(new TaskCode(12), "join", "", TaskTypes.Noop, "{}", 0, TimeSpan.Zero, Priority.Medium),
        ],
        [new Edge(new TaskCode(11), new TaskCode(12))],
        """[{"taskCode":11,"x":1,"y":2}]""");

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
    };

    private static readonly Dictionary<string, Func<WorkflowDefinition, WorkflowDefinition>> Fields = new()
    {
        [nameof(WorkflowDefinition.Name)] = d => d with { Name = "Nightly" },
        [nameof(WorkflowDefinition.Description)] = d => d with { Description = "" },
        [nameof(WorkflowDefinition.Tasks)] = d => d with { Tasks = [.. d.Tasks.Reverse()] },
        [nameof(WorkflowDefinition.Edges)] = d => d with { Edges = [new Edge(new TaskCode(12), new TaskCode(11))] },
    };

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
    public void No_field_is_left_out_of_these_tests()
    {
        Assert.Equal(typeof(TaskDefinition).GetProperties().Select(p => p.Name).Order(), TaskFields.Keys.Order());
        Assert.Equal(typeof(WorkflowDefinition).GetProperties().Select(p => p.Name).Except([nameof(WorkflowDefinition.Locations)]).Order(), Fields.Keys.Order());
        Assert.Equal(["From", "To"], typeof(Edge).GetProperties().Select(p => p.Name).Order());
    }

    [Fact]
    public void Where_the_nodes_are_drawn_does_not_count() => Assert.Equal(Golden, VersionHash.Of(Sample with { Locations = "" }));

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
