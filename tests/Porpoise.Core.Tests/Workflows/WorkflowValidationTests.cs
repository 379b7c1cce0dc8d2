using System.Globalization;
using Porpoise.Core.Workflows;
using static Porpoise.Core.Tests.Workflows.Definitions;

namespace Porpoise.Core.Tests.Workflows;

public sealed class WorkflowValidationTests
{
    private static readonly WorkflowDefinition Sound = Of([Shell(0, "a"), Shell(1, "b"), Noop(2, "c")], Edge(0, 1), Edge(1, 2));

    /// <summary>One offence each: what is changed, its kind, its place, and what its message says.</summary>
    private static readonly List<(string Case, WorkflowDefinition Definition, OffenceKind Kind, string Place, string Says)> Table =
    [
        ("no name", Sound with { Name = " " }, OffenceKind.BadName, "name", "1 to 200 characters"),
        ("name too long", Sound with { Name = new string('n', 201) }, OffenceKind.BadName, "name", "1 to 200 characters"),
        ("description too long", Sound with { Description = new string('d', 4001) }, OffenceKind.TooLarge, "description", "at most 4000 characters"),
        ("no nodes", Of([]), OffenceKind.Empty, "tasks", "at least one node"),
        ("too many nodes", Of([.. Enumerable.Range(0, 10_001).Select(i => Shell(i, Number(i)))]), OffenceKind.TooLarge, "tasks", "at most 10000 nodes and 100000 edges; this one has 10001 and 0"),
        ("too many edges", Sound with { Edges = [.. Enumerable.Repeat(Edge(0, 1), 100_001)] }, OffenceKind.TooLarge, "tasks", "this one has 3 and 100001"),
        ("node without a name", With(1, t => t with { Name = "" }), OffenceKind.BadName, "node 2 ''", "1 to 200 characters"),
        ("node's name too long", With(1, t => t with { Name = new string('n', 201) }), OffenceKind.BadName, $"node 2 '{new string('n', 201)}'", "1 to 200 characters"),
        ("name twice", With(2, t => t with { Name = "a" }), OffenceKind.DuplicateName, "node 3 'a'", "same name"),
        ("code 0", Lone(t => t with { Code = new TaskCode(0) }), OffenceKind.BadCode, "node 1 'a'", "below 2^53"),
        ("code below 0", Lone(t => t with { Code = new TaskCode(-1) }), OffenceKind.BadCode, "node 1 'a'", "below 2^53"),
        ("code too large", Lone(t => t with { Code = new TaskCode(1L << 53) }), OffenceKind.BadCode, "node 1 'a'", "below 2^53"),
        ("code twice", Of([Shell(0, "a"), Shell(0, "b")]), OffenceKind.DuplicateCode, "node 2 'b'", "same code 100"),
        ("unknown type", With(0, t => t with { Type = "SPARK" }), OffenceKind.UnknownTaskType, "node 1 'a'", "'SPARK' cannot be run by this version; it runs SHELL and NOOP"),
        ("type in other letters", With(0, t => t with { Type = "shell" }), OffenceKind.UnknownTaskType, "node 1 'a'", "'shell'"),
        ("retries below 0", With(0, t => t with { RetryMax = -1 }), OffenceKind.BadRetry, "node 1 'a'", "0 to 1000 retries"),
        ("too many retries", With(0, t => t with { RetryMax = 1001 }), OffenceKind.BadRetry, "node 1 'a'", "0 to 1000 retries"),
        ("wait below 0", With(0, t => t with { RetryInterval = TimeSpan.FromTicks(-1) }), OffenceKind.BadRetry, "node 1 'a'", "30 days apart"),
        ("wait too long", With(0, t => t with { RetryInterval = TimeSpan.FromDays(30) + TimeSpan.FromTicks(1) }), OffenceKind.BadRetry, "node 1 'a'", "30 days apart"),
        ("edge from nowhere", Sound with { Edges = [Edge(0, 1), Edge(7, 2)] }, OffenceKind.UnknownNode, "edge 2 (107 to 102)", "has the code 107"),
        ("edge to nowhere", Sound with { Edges = [Edge(0, 7)] }, OffenceKind.UnknownNode, "edge 1 (100 to 107)", "has the code 107"),
        ("edge to itself", Sound with { Edges = [Edge(1, 1)] }, OffenceKind.SelfEdge, "edge 1 (101 to 101)", "cannot wait for itself"),
        ("circle of two", Sound with { Edges = [Edge(0, 1), Edge(1, 0)] }, OffenceKind.Cycle, "edges", "wait for each other in a circle: '"),
    ];

    public static TheoryData<string> Cases => [.. Table.Select(row => row.Case)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_offence_is_named_with_its_place(string name)
    {
        var row = Table.Single(r => r.Case == name);
        var offence = Assert.Single(WorkflowValidation.Check(row.Definition));
        Assert.Equal(row.Kind, offence.Kind);
        Assert.Equal(row.Place, offence.Place);
        Assert.Contains(row.Says, offence.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_of_offence_has_a_row() => Assert.Equal(Enum.GetValues<OffenceKind>().Order(), Table.Select(r => r.Kind).Distinct().Order());

    [Fact]
    public void A_sound_definition_has_no_offences() => Assert.Empty(WorkflowValidation.Check(Sound));

    [Fact]
    public void A_repeated_edge_is_no_offence() => Assert.Empty(WorkflowValidation.Check(Sound with { Edges = [Edge(0, 1), Edge(0, 1)] }));

    [Fact]
    public void What_is_just_within_the_limits_is_allowed()
    {
        var tasks = Enumerable.Range(0, 10_000).Select(i => Shell(i, Number(i), 1000) with { RetryInterval = TimeSpan.FromDays(30) }).ToList();
        tasks[0] = tasks[0] with { Code = new TaskCode((1L << 53) - 1), Name = new string('n', 200) };
        tasks[1] = tasks[1] with { Code = new TaskCode(1) };
        var edges = Enumerable.Range(0, 100_000).Select(i => Edge(2 + (i % 50), 60 + (i / 50 % 2000)));
        var definition = Of(tasks, [.. edges]) with { Name = new string('n', 200), Description = new string('d', 4000) };
        Assert.Empty(WorkflowValidation.Check(definition));
    }

    [Fact]
    public void A_circle_is_named_in_the_order_of_its_edges_without_the_nodes_that_lead_into_it()
    {
        var definition = Of(
            [Shell(0, "in"), Shell(1, "x"), Shell(2, "y"), Shell(3, "z"), Shell(4, "out")],
            Edge(0, 1), Edge(1, 2), Edge(2, 3), Edge(3, 1), Edge(3, 4));
        var message = Assert.Single(WorkflowValidation.Check(definition)).Message;
        var named = message[(message.IndexOf(": ", StringComparison.Ordinal) + 2)..^1];
        Assert.Contains(named, new[] { "'x' → 'y' → 'z' → 'x'", "'y' → 'z' → 'x' → 'y'", "'z' → 'x' → 'y' → 'z'" });
    }

    [Fact]
    public void Of_two_circles_one_is_named()
    {
        var definition = Of(
            [Shell(0, "a"), Shell(1, "b"), Shell(2, "c"), Shell(3, "d")],
            Edge(0, 1), Edge(1, 0), Edge(2, 3), Edge(3, 2), Edge(1, 2));
        var offence = Assert.Single(WorkflowValidation.Check(definition));
        Assert.Equal(OffenceKind.Cycle, offence.Kind);
        Assert.Equal(2, offence.Message.Count(c => c == '→'));
    }

    [Fact]
    public void A_long_chain_that_ends_in_a_circle_is_walked_without_recursion()
    {
        const int nodes = 10_000;
        var edges = Enumerable.Range(0, nodes - 1).Select(i => Edge(i, i + 1)).Append(Edge(nodes - 1, 0));
        var offence = Assert.Single(WorkflowValidation.Check(Of([.. Enumerable.Range(0, nodes).Select(i => Shell(i, Number(i)))], [.. edges])));
        Assert.Equal(nodes, offence.Message.Count(c => c == '→'));
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once_in_the_order_of_reading()
    {
        var definition = new WorkflowDefinition(
            "",
            new string('d', 5000),
            [Shell(0, "a") with { Type = "SQL", RetryMax = -1 }, Shell(0, "a")],
            [Edge(0, 8), Edge(0, 0)],
            "");
        Assert.Equal(
            [
                (OffenceKind.BadName, "name"), (OffenceKind.TooLarge, "description"),
                (OffenceKind.UnknownTaskType, "node 1 'a'"), (OffenceKind.BadRetry, "node 1 'a'"),
                (OffenceKind.DuplicateName, "node 2 'a'"), (OffenceKind.DuplicateCode, "node 2 'a'"),
                (OffenceKind.UnknownNode, "edge 1 (100 to 108)"), (OffenceKind.SelfEdge, "edge 2 (100 to 100)"),
            ],
            WorkflowValidation.Check(definition).Select(o => (o.Kind, o.Place)));
    }

    [Fact]
    public void No_more_than_fifty_offences_are_listed()
    {
        var definition = Of([.. Enumerable.Range(0, 200).Select(i => Shell(i, "") with { Type = "?", RetryMax = -1 })], [.. Enumerable.Repeat(Edge(900, 901), 200)]);
        Assert.Equal(WorkflowValidation.OffencesMax, WorkflowValidation.Check(definition).Count);
    }

    private static WorkflowDefinition With(int index, Func<TaskDefinition, TaskDefinition> change)
    {
        var tasks = Sound.Tasks.ToList();
        tasks[index] = change(tasks[index]);
        return Sound with { Tasks = tasks };
    }

    private static WorkflowDefinition Lone(Func<TaskDefinition, TaskDefinition> change) => Of([change(Shell(0, "a"))]);

    private static string Number(int i) => i.ToString(CultureInfo.InvariantCulture);
}
