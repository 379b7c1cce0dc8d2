using System.Text.Json;
using CsCheck;
using Porpoise.Core.Environments;
using Porpoise.Core.Schedules;
using Porpoise.Core.Workflows;
using Porpoise.Formats.Workflows;

namespace Porpoise.Formats.Tests;

public sealed class RoundTripTests
{
    private static readonly WorkflowSurroundings Surroundings = WorkflowSurroundings.Standard with { Environments = new HashSet<EnvironmentCode> { new(Generators.KnownEnvironment) }, WorkerGroups = new HashSet<string> { Generators.KnownGroup }, DataSources = new HashSet<int> { 1 } };

    [Fact]
    public void Whatever_a_definition_holds_comes_back_and_is_the_stored_definition_again() => Generators.Definition.Sample(
        stored =>
        {
            var yaml = WorkflowFile.Write([(stored, null)]);
            var source = Read(yaml);
            Assert.True(source.CountNewCodes(stored) == 0, yaml);
            if (source.Onto(stored, []) is var back && !ReferenceEquals(stored, back))
            {
                Assert.Fail($"{yaml}\n{JsonSerializer.Serialize(stored)}\n{JsonSerializer.Serialize(back)}");
            }

            Assert.Equal(yaml, WorkflowFile.Write([(source.Onto(null, Codes(source.CountNewCodes(null))), null)])[..yaml.Length]);
        },
        iter: 400);

    [Fact]
    public void Elsewhere_it_is_the_same_but_for_the_codes() => Generators.Definition.Where(d => !d.Tasks.Any(t => t.Type == "CONDITIONS")).Sample(
        stored =>
        {
            var source = Read(WorkflowFile.Write([(stored, null)]));
            var elsewhere = source.Onto(null, Codes(source.CountNewCodes(null)));
            Assert.Equal(stored.Tasks.Count, elsewhere.Tasks.Select(t => t.Code).Distinct().Count());
            Assert.Equal("", elsewhere.Locations);
            Assert.Same(elsewhere, source.Onto(elsewhere, []));
        },
        iter: 200);

    /// <summary>Reflection, so that a member that a definition gets one day is not forgotten here.</summary>
    [Fact]
    public void The_generator_reaches_every_member()
    {
        var neutral = new WorkflowDefinition("", "", [], [], "");
        var reached = new HashSet<string>();
        var nothing = new TaskDefinition(default, "", "", TaskTypes.Shell, "", 0, TimeSpan.Zero, Priority.Medium);
        foreach (var definition in Generators.Definition.Array[300].Single())
        {
            Note(reached, definition, neutral);
            foreach (var task in definition.Tasks)
            {
                Note(reached, task, nothing);
            }
        }

        var expected = Members<WorkflowDefinition>().Concat(Members<TaskDefinition>());
        Assert.Equal(expected.Order(), reached.Order());
    }

    [Fact]
    public void A_schedule_keeps_its_window_also_where_the_clocks_change()
    {
        var offences = new List<Offence>();
        foreach (var (start, end) in ((string, string)[])[("2026-03-29 02:30:00", "2026-10-25 02:30:00"), ("2026-10-25 02:30:00", "2027-03-28 02:30:00"), ("", "")])
        {
            var schedule = ScheduleParser.Parse(new ScheduleText("0 0 12 * * ?", "Europe/Berlin", start, end), "schedule", offences)!;
            var definition = new WorkflowDefinition("w", "", [new(new TaskCode(1), "a", "", "NOOP", "{}", 0, TimeSpan.Zero, Priority.Medium)], [], "");
            Assert.Equal(schedule, Read(WorkflowFile.Write([(definition, schedule)])).Schedule);
        }

        Assert.Empty(offences);
    }

    [Fact]
    public void Node_codes_are_kept_by_name_and_new_ones_are_asked_for()
    {
        var stored = Read("{name: w, tasks: {a: {type: NOOP}, b: {type: NOOP, after: a}}}").Onto(null, Codes(2));
        var source = Read("{name: w, tasks: {b: {type: NOOP, after: c}, c: {type: NOOP}, d: {type: NOOP, code: 77}}}");
        Assert.Equal(1, source.CountNewCodes(stored));
        var next = source.Onto(stored, [new TaskCode(500)]);
        Assert.Equal([("b", 101), ("c", 500), ("d", 77)], next.Tasks.Select(t => (t.Name, t.Code.Value)));
        Assert.Equal(new Edge(new TaskCode(500), new TaskCode(101)), Assert.Single(next.Edges));
    }

    private static IEnumerable<TaskCode> Codes(int count) => Enumerable.Range(100, count).Select(c => new TaskCode(c));

    private static WorkflowSource Read(string yaml)
    {
        var file = WorkflowFile.Read(yaml);
        Assert.True(file.Check(Surroundings) is [], string.Join('\n', file.Check(Surroundings)) + "\n" + yaml);
        return Assert.Single(file.Workflows);
    }

    private static IEnumerable<string> Members<T>() => typeof(T).GetProperties().Select(p => $"{typeof(T).Name}.{p.Name}").Where(n => !n.EndsWith("EqualityContract", StringComparison.Ordinal));

    private static void Note<T>(HashSet<string> reached, T value, T neutral)
    {
        foreach (var property in typeof(T).GetProperties())
        {
            var (a, b) = (property.GetValue(value), property.GetValue(neutral));
            if (a is System.Collections.ICollection list ? list.Count > 0 : !Equals(a, b))
            {
                reached.Add($"{typeof(T).Name}.{property.Name}");
            }
        }
    }
}
