using CsCheck;
using Porpoise.Core.Workflows;
using Porpoise.Formats.Workflows;

namespace Porpoise.Formats.Tests;

/// <summary>What is wrong is said with its line and column, all of it at once.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData("", "1:1: There is no workflow in the file.")]
    [InlineData("a\n", "1:1: A workflow is a map")]
    [InlineData("name: w\n", "1:1: tasks: A workflow has at least one node.")]
    [InlineData("tasks: {a: {type: NOOP}}\n", "1:1: name: It takes the name by which")]
    [InlineData("name: w\nname: v\ntasks: {a: {type: NOOP}}\n", "2:1: The key 'name' is already in line 1.")]
    [InlineData("name: w\ntasks:\n  a:\n    retires: 3\n    run: x\n", "4:5: tasks.a.retires: There is no such key here; there are type,")]
    [InlineData("name: w\ntasks:\n  a:\n    retries: many\n    run: x\n", "4:14: tasks.a.retries: It takes a whole number from 0 to 1000.")]
    [InlineData("name: w\ntasks:\n  a:\n    retryInterval: 5x\n    run: x\n", "4:20: tasks.a.retryInterval: It takes a time such as")]
    [InlineData("name: w\ntasks:\n  a:\n    run: x\n    timeout: {action: warn}\n", "5:14: tasks.a.timeout.after: It takes the time after which it acts; it is missing.")]
    [InlineData("name: w\ntasks:\n  a:\n    run: x\n    timeout: 400d\n", "5:14: tasks.a.timeout: It takes a time such as 45s, 15m, 1h30m or 2d, or seconds, at most 365d.")]
    [InlineData("name: w\ntasks:\n  a: {run: x, after: [b]}\n", "3:23: tasks.a.after: There is no task 'b' in this workflow.")]
    [InlineData("name: w\ntasks:\n  a: {run: x, after: a}\n", "3:22: tasks.a.after: A node cannot wait for itself.")]
    [InlineData("name: w\ntasks:\n  a: {run: x}\n  b: {run: x, after: c}\n  c: {run: x, after: b}\n", "4:22: tasks.b.after: These nodes wait for each other in a circle: ")]
    [InlineData("name: w\ntasks:\n  a:\n    type: SHEL\n    run: x\n", "4:11: tasks.a.type: There is no task type 'SHEL'.")]
    [InlineData("name: w\ntasks:\n  a:\n    description: no script\n", "3:3: tasks.a.run: A node of type SHELL needs a text here.")]
    [InlineData("name: w\ntasks:\n  a:\n    type: HTTP\n    with:\n      url: http://x\n      httpMethod: LOOK\n", "7:19: tasks.a.with.httpMethod: It takes one of GET,")]
    [InlineData("name: w\ntasks:\n  a:\n    run: x\n    with: {rawScript: y}\n", "5:12: tasks.a.with.rawScript: This is what run says")]
    [InlineData("name: w\ntasks:\n  a:\n    run: x\n    with: {localParams: []}\n", "5:12: tasks.a.with.localParams: Parameters of a task stand under params and outputs.")]
    [InlineData("name: w\ntasks:\n  a:\n    run: x\n    queue: none\n", "5:12: tasks.a.queue: The workspace has no queue 'none'")]
    [InlineData("name: w\nqueue: none\ntasks: {a: {run: x}}\n", "2:8: queue: The workspace has no queue 'none'")]
    [InlineData("name: w\ntasks:\n  a:\n    run: x\n    workerGroup: gpu\n", "5:18: tasks.a.workerGroup: There is no worker group 'gpu'")]
    [InlineData("name: w\ntasks:\n  a:\n    run: x\n    priority: URGENT\n", "5:15: tasks.a.priority: It takes one of HIGHEST, HIGH, MEDIUM, LOW, LOWEST.")]
    [InlineData("name: w\ntasks:\n  a:\n    run: x\n    environment: 5\n", "5:18: tasks.a.environment: There is no environment")]
    [InlineData("name: w\nparams:\n  PATH: x\ntasks: {a: {run: x}}\n", "3:3: params.PATH: In the script of a SHELL node ${PATH} is a variable")]
    [InlineData("name: w\ntasks:\n  a:\n    run: x\n    params: {b: 1}\n    outputs: [b]\n", "6:15: tasks.a.outputs.b: Another parameter here has the same name.")]
    [InlineData("name: w\nparams: {l: [1]}\ntasks: {a: {run: x}}\n", "2:13: params.l: It takes a text. A list or a map is written as JSON, in quotes.")]
    [InlineData("name: w\nschedule:\n  cron: 0 0 x * * ?\ntasks: {a: {run: x}}\n", "3:9: schedule.cron: '0 0 x * * ?' is no Quartz expression.")]
    [InlineData("name: w\nschedule:\n  cron: 0 0 9 * * ?\n  timezone: Mars\ntasks: {a: {run: x}}\n", "4:13: schedule.timezone: There is no time zone 'Mars'")]
    [InlineData("name: w\ntasks:\n  a: {run: x, alertOn: [end]}\n", "3:25: tasks.a.alertOn: It takes start and failure.")]
    [InlineData("name: w\ntasks:\n  a: {run: x, code: 5}\n  b: {run: x, code: 5}\n", "4:3: tasks.b: Another node of this workflow has the same code 5.")]
    [InlineData("name: w\ntasks: {a: {run: x}}\n---\nname: w\ntasks: {a: {run: x}}\n", "4:1: name: Another workflow of this file is named 'w' too.")]
    [InlineData("name: !!str w\n", "1:7: The tag tag:yaml.org,2002:str is not taken")]
    [InlineData("name: !x w\n", "1:7: The tag !x is not taken")]
    [InlineData("name: *w\n", "1:7: Nothing before this is marked with &w.")]
    [InlineData("name: \"a\\0b\"\n", "1:7: This text has a NUL character.")]
    [InlineData("name: \"a\\ud800b\"\n", "1:7:")]
    [InlineData("? [a]\n: b\n", "1:1: A key of this map is a list or a map; keys are texts.")]
    [InlineData("name: [a\ntasks: {}\n", "1:7: From here on this cannot be read as YAML")]
    [InlineData("name: w\n\ttasks: x\n", "2:1: This cannot be read as YAML: ")]
    [InlineData("name: w\ntasks:\n\ta: {run: x}\n", "3:1: This cannot be read as YAML: ")]
    [InlineData("name: w\ntasks:\n  a:\n    run: |\n      if true; then\n      \techo x\n      fi\n  b:\n  \trun: x\n", "9:3: This cannot be read as YAML: ")]
    [InlineData("name: w\ntasks:\n  a:\n    run: x\n\tretries: 2\n", "5:1: This cannot be read as YAML: ")]
    public void A_fault_is_where_it_is(string yaml, string begin)
    {
        var all = WorkflowFile.Read(yaml).Check(WorkflowSurroundings.Standard).Select(f => f.ToString()).ToList();
        Assert.True(all.Exists(f => f.StartsWith(begin, StringComparison.Ordinal)), string.Join('\n', all.DefaultIfEmpty("no fault")));
    }

    [Fact]
    public void All_faults_come_at_once_in_the_order_of_their_lines()
    {
        const string Yaml = """
            name: w
            colour: red
            tasks:
              a:
                type: PYTHON
              b:
                run: x
                retries: -1
                after: [a, z]
            """;
        Assert.Equal([2, 4, 8, 9], WorkflowFile.Read(Yaml).Check(WorkflowSurroundings.Standard).Select(f => f.At.Line));
    }

    [Fact]
    public void What_is_missing_is_said_each_by_itself() =>
        Assert.Equal(["name", "tasks"], WorkflowFile.Read("description: nothing else\n").Check(WorkflowSurroundings.Standard).Select(f => f.Place));

    [Fact]
    public void A_sound_file_has_none_and_aliases_and_merges_are_taken()
    {
        const string Yaml = """
            name: w
            x-often: &often {retries: 2, retryInterval: 90}
            tasks:
              a: {<<: *often, run: "true"}
              b: {<<: [*often], retries: 5, run: "true", after: a}
            """;
        var file = WorkflowFile.Read(Yaml);
        Assert.Empty(file.Check(WorkflowSurroundings.Standard));
        Assert.Equal([(2, 90), (5, 90)], file.Workflows[0].Definition.Tasks.Select(t => (t.RetryMax, (int)t.RetryInterval.TotalSeconds)));
    }

    [Fact]
    public void A_small_text_cannot_become_a_large_tree()
    {
        var bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(1, 9).Select(i => $"{(char)('a' + i)}: &{(char)('a' + i)} [{string.Join(',', Enumerable.Repeat("*" + (char)('a' + i - 1), 10))}]\n"));
        Assert.Contains("with those that aliases repeat", Assert.Single(WorkflowFile.Read(bomb).Faults).Message, StringComparison.Ordinal);
        foreach (var deep in (string[])[new string('[', 100_000), string.Concat(Enumerable.Repeat("{a: ", 100_000)), string.Concat(Enumerable.Repeat("- ", 100_000))])
        {
            Assert.Contains("more than 48 deep", Assert.Single(WorkflowFile.Read("name: " + (deep[0] == '-' ? "\n" : "") + deep).Faults).Message, StringComparison.Ordinal);
        }

        Assert.Contains("at most 4194304 characters", Assert.Single(WorkflowFile.Read(new string('#', WorkflowFile.LengthMax + 1)).Faults).Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever the text: an answer, no exception.</summary>
    [Fact]
    public void A_text_that_was_damaged_is_read_or_has_faults() => Gen.Select(Generators.Definition, Gen.Int[0, 10_000], Gen.OneOfConst("[", "{", "\"", "'", "|", "&a ", "*a ", "\t", ": ", "- ", "!!x ", "\n", "%", "---\n", "")).Sample(
        (definition, at, piece) =>
        {
            var yaml = WorkflowFile.Write([(definition, null)]);
            var place = at % yaml.Length;
            _ = WorkflowFile.Read(yaml.Insert(place, piece)).Check(WorkflowSurroundings.Standard);
            _ = WorkflowFile.Read(yaml[..place] + piece).Check(WorkflowSurroundings.Standard);
            _ = WorkflowFile.Read(yaml.Remove(place, 1)).Check(WorkflowSurroundings.Standard);
        },
        iter: 150);

    [Fact]
    public void At_most_fifty_are_listed()
    {
        var yaml = "name: w\ntasks:\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"  t{i}: {{run: x, retries: no}}\n"));
        Assert.Equal(WorkflowValidation.OffencesMax, WorkflowFile.Read(yaml).Check(WorkflowSurroundings.Standard).Count);
    }
}
