using System.Globalization;
using System.Text.Json.Nodes;

namespace Porpoise.Bench.Serving;

/// <summary>A workflow of the bench: tasks by number, and who waits for whom.</summary>
internal sealed record Shape(string Name, int Tasks, IReadOnlyList<(int From, int To)> Edges, string? Script = null)
{
    public static Shape Single { get; } = new("one-noop", 1, []);

    public static Shape Shell(string name, string script, int tasks = 1) => new(name, tasks, [], script);

    public static Shape Chain(int length) => new(Named("chain", length), length, [.. Enumerable.Range(1, length - 1).Select(i => (i, i + 1))]);

    /// <summary>A root, so many at once, and a join.</summary>
    public static Shape Fan(int width) => new(
        Named("fan", width), width + 2, [.. Enumerable.Range(2, width).Select(i => (1, i)), .. Enumerable.Range(2, width).Select(i => (i, width + 2))]);

    public string TasksJson()
    {
        var tasks = new JsonArray();
        for (var i = 1; i <= Tasks; i++)
        {
            tasks.Add(new JsonObject
            {
                ["code"] = i,
                ["name"] = Named("t", i),
                ["taskType"] = Script is null ? "NOOP" : "SHELL",
                ["taskParams"] = Script is null ? [] : new JsonObject { ["rawScript"] = Script },
            });
        }

        return tasks.ToJsonString();
    }

    /// <summary>DolphinScheduler's relations: those without a predecessor come from node 0.</summary>
    public string EdgesJson()
    {
        var heads = Enumerable.Range(1, Tasks).Except(Edges.Select(static e => e.To)).Select(static i => (From: 0, To: i));
        return new JsonArray([.. heads.Concat(Edges).Select(static e => (JsonNode)new JsonObject { ["preTaskCode"] = e.From, ["postTaskCode"] = e.To })]).ToJsonString();
    }

    private static string Named(string name, int number) => string.Create(CultureInfo.InvariantCulture, $"{name}-{number}");
}
