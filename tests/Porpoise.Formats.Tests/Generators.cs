using System.Text.Json;
using CsCheck;
using Porpoise.Core.Environments;
using Porpoise.Core.Parameters;
using Porpoise.Core.Workflows;

namespace Porpoise.Formats.Tests;

/// <summary>Definitions with everything that one can hold, and with texts that YAML finds hard.</summary>
internal static class Generators
{
    public const long KnownEnvironment = 4711;
    public const string KnownGroup = "gpu: #1";

    private static readonly string[] Hard =
    [
        "", " ", "a", "true", "No", "~", "null", "<<", "0x1F", "1e3", "1.0", "-0", "012", "2026-01-31", "12:30:45", "- a", "a: b", "a #b", "#", "&x", "*x", "!t", "|", ">", "%", "@", "`", "'", "\"", "\\", "{a}", "[a]", "a,b",
        "a\nb", "a\nb\n", "a\n\n", "\na", "  a\nb", "a\n  b\n", "a \nb", "a\tb", "\ta", "a\r\nb", "\r", "\u0001", "\u0085", "\u2028", "\u00A0", "\uFEFF", "好", "🐬", "a\n---\nb", "---", "...", "a: |\n  b", "tasks:\n  x", "?", "? a", "-", ":", "a:", "x ", "\n", "\n\n", "a\n\t", "#!/bin/sh\nset -e\n\tif true; then\n\t\techo \"$1\"\n\tfi\n",
    ];

    public static readonly Gen<string> Text = Gen.OneOf(
        Gen.OneOfConst(Hard),
        Gen.Select(Gen.OneOfConst(Hard), Gen.OneOfConst(Hard), (a, b) => a + b),
        Gen.String[Gen.OneOf(Gen.Char[' ', '~'], Gen.OneOfConst('\n', '\t', '\r', '\u0085', 'é', '好', '\u2029', '\uFFFD')), 0, 12]);

    private static readonly Gen<string> Name = Text.Select(t => string.Concat(t.Where(c => !char.IsControl(c))).Trim()).Where(t => t.Length > 0);

    private static readonly Gen<string> ParameterName = Gen.String[Gen.Char['a', 'f'], 1, 3].Select(t => t.ToUpperInvariant() + "_");

    private static readonly Gen<Parameter> Parameter = Gen.Select(ParameterName, Gen.Enum<ParameterDirection>(), Gen.OneOfConst("VARCHAR", "INTEGER", "X Y"), Text, (n, d, t, v) => new Parameter(n, d, t, v));

    private static readonly Gen<IReadOnlyList<Parameter>> Parameters = Parameter.List[0, 4].Select(l => (IReadOnlyList<Parameter>)[.. l.DistinctBy(p => p.Name)]);

    private static readonly Gen<IReadOnlyList<Tag>> Tags =
        Gen.Select(Text.Where(t => t.Length > 0), Text, (k, v) => new Tag(k, v)).List[0, 3].Select(l => (IReadOnlyList<Tag>)[.. l.DistinctBy(t => t.Key).OrderBy(t => t.Key, StringComparer.Ordinal)]);

    private static readonly Gen<TimeLimit?> TimeLimit = Gen.Frequency(
        (1, Gen.Const((TimeLimit?)null)),
        (3, Gen.Select(Gen.Int[1, 200_000], Gen.Enum<TimeLimitAction>(), (s, a) => (TimeLimit?)new TimeLimit(TimeSpan.FromSeconds(s), a))));

    private static readonly Gen<string> Json = Gen.Recursive<string>((depth, inner) => depth > 3
        ? Scalar
        : Gen.Frequency(
            (3, Scalar),
            (1, inner.List[0, 3].Select(l => "[" + string.Join(',', l) + "]")),
            (1, Gen.Select(Text, inner).List[0, 3].Select(l => "{" + string.Join(',', l.DistinctBy(p => p.Item1).Select(p => JsonSerializer.Serialize(p.Item1) + ":" + p.Item2)) + "}"))));

    private static Gen<string> Scalar => Gen.OneOf(Text.Select(t => JsonSerializer.Serialize(t)), Gen.OneOfConst("true", "false", "null", "0", "-0", "1.0", "1e3", "1E+400", "-12.50", "9007199254740993"));

    private static readonly Gen<(string Type, string Params, string Queue)> Body = Gen.Frequency(
        (3, Gen.Select(Text.Where(t => t.Length > 0), t => ("SHELL", $$"""{"rawScript":{{JsonSerializer.Serialize(t)}}}""", "dev_queue"))),
        (1, Gen.Const(("NOOP", "{}", ""))),
        (1, Gen.Select(Text.Where(t => t.Length > 0), Json, (t, j) => ("SQL", $$"""{"type":"MYSQL","datasource":1,"sql":{{JsonSerializer.Serialize(t)}},"more":{{j}}}""", ""))),
        (1, Gen.Select(Gen.OneOfConst("\"root_queue\""), Json, (q, j) => ("EMR_SERVERLESS_SPARK", $$"""{"workspaceBizId":"w-1","taskBizId":"TSK-1","resourceQueueId":{{q}},"m":{{j}}}""", "root_queue"))),
        (1, Gen.Select(Text, Json, (k, j) => ("DINKY", "{" + JsonSerializer.Serialize(k) + ":" + j + "}", ""))),
        (1, Gen.Select(Json, j => ("CONDITIONS", $$"""{"dependence":{"a":{{j}} },"conditionResult":{"successNode":[7]} }""", ""))));

    private static readonly Gen<TaskDefinition> Task = Gen.Select(
        Gen.Select(Name, Text, Body), Gen.Select(Gen.Int[0, 3], Gen.Int[0, 5_000], Gen.Int[0, 90], Gen.Enum<Priority>()), Gen.Select(Parameters, TimeLimit, Tags), Gen.Select(Text, Gen.Bool, Gen.Bool),
        (head, retry, lists, alert) => new TaskDefinition(
            default, head.Item1, head.Item2, head.Item3.Type, Canonical(head.Item3.Params), retry.Item1, TimeSpan.FromSeconds(retry.Item2), retry.Item4)
        {
            Delay = TimeSpan.FromSeconds(retry.Item3),
            IsDisabled = retry.Item3 % 4 == 3,
            Environment = new EnvironmentCode(retry.Item3 % 3 == 0 ? KnownEnvironment : 0),
            Queue = head.Item3.Queue,
            WorkerGroup = retry.Item3 % 5 == 1 ? KnownGroup : "",
            LocalParams = lists.Item1,
            TimeLimit = lists.Item2,
            Tags = lists.Item3,
            AlertEmail = alert.Item1,
            AlertOnStart = alert.Item2,
            AlertOnFailure = alert.Item3,
        });

    public static readonly Gen<WorkflowDefinition> Definition = Gen.Select(
        Gen.Select(Name, Text, Task.List[1, 5]), Gen.Select(Parameters, TimeLimit, Tags), Gen.Select(Gen.Int[0, 3], Gen.OneOfConst("", "dev_queue"), Text, Text), Gen.Int,
        (head, lists, rest, seed) => Joined(new WorkflowDefinition(head.Item1, head.Item2, head.Item3, [], "[]")
        {
            GlobalParams = lists.Item1,
            TimeLimit = lists.Item2,
            Tags = lists.Item3,
            ParallelismMax = rest.Item1,
            Queue = rest.Item2,
            AlertEmail = rest.Item3,
            RunAs = rest.Item4,
            RegionId = "cn-hangzhou",
        }, new Random(seed)));

    /// <summary>With codes, edges forwards in any order, and names for some of them.</summary>
    private static WorkflowDefinition Joined(WorkflowDefinition definition, Random random)
    {
        var tasks = definition.Tasks.DistinctBy(t => t.Name).Select((t, i) => t with { Code = new TaskCode(1_000 - i) }).ToArray();
        var edges = (from a in Enumerable.Range(0, tasks.Length) from b in Enumerable.Range(a + 1, tasks.Length - a - 1) where random.Next(3) > 0 select new Edge(tasks[a].Code, tasks[b].Code)).ToArray();
        random.Shuffle(edges);
        var names = edges.Append(new Edge(default, tasks[0].Code)).Where(_ => random.Next(6) == 0).Select(e => new EdgeName(e, Hard[2 + random.Next(20)]));
        tasks[0] = tasks[0] with { IsDisabled = false };
        return definition with { Tasks = tasks, Edges = edges, EdgeNames = [.. names] };
    }

    private static string Canonical(string json)
    {
        using var document = JsonDocument.Parse(json);
        return CanonicalJson.Write(document.RootElement);
    }
}
