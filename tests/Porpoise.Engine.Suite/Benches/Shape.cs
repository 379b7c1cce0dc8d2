using System.Globalization;
using Porpoise.Core.Workflows;

namespace Porpoise.Engine.Suite.Benches;

/// <summary>Draws a workflow in few words. Tasks have the index in which they were added.</summary>
public sealed class Shape(string name)
{
    private readonly List<TaskDefinition> _tasks = [];
    private readonly List<Edge> _edges = [];
    private readonly Dictionary<string, TaskCode> _codes = [];
    private Func<WorkflowDefinition, WorkflowDefinition> _change = definition => definition;

    public static Shape Single(string task, int retries = 0, int seconds = 0) => new Shape(task).Shell(task, retries, seconds);

    /// <summary>A definition that was drawn elsewhere.</summary>
    public static Shape Of(WorkflowDefinition definition) => new Shape(definition.Name).WithAll(_ => definition);

    /// <summary>SHELL tasks one after the other.</summary>
    public static Shape Chain(params IReadOnlyList<string> tasks)
    {
        var shape = new Shape(string.Join('-', tasks));
        for (var i = 0; i < tasks.Count; i++)
        {
            shape.Shell(tasks[i]);
            if (i > 0)
            {
                shape.Edge(tasks[i - 1], tasks[i]);
            }
        }

        return shape;
    }

    /// <summary>SHELL tasks side by side: <c>name0</c>, <c>name1</c> …</summary>
    public static Shape Wide(string name, int count)
    {
        var shape = new Shape(name);
        for (var i = 0; i < count; i++)
        {
            shape.Shell(string.Create(CultureInfo.InvariantCulture, $"{name}{i}"));
        }

        return shape;
    }

    /// <summary>A NOOP, many SHELL tasks side by side, and a NOOP that waits for all of them.</summary>
    public static Shape Fan(string name, int count)
    {
        var shape = Wide(name, count).Noop(name + "-fork").Noop(name + "-join");
        for (var i = 0; i < count; i++)
        {
            var task = string.Create(CultureInfo.InvariantCulture, $"{name}{i}");
            shape.Edge(name + "-fork", task).Edge(task, name + "-join");
        }

        return shape;
    }

    public Shape Shell(string task, int retries = 0, int seconds = 0) => Add(task, TaskTypes.Shell, retries, seconds);

    public Shape Noop(string task) => Add(task, TaskTypes.Noop, 0, 0);

    public Shape Edge(string from, string to)
    {
        _edges.Add(new Edge(_codes[from], _codes[to]));
        return this;
    }

    /// <summary>Changes the task that was added last.</summary>
    public Shape With(Func<TaskDefinition, TaskDefinition> change)
    {
        _tasks[^1] = change(_tasks[^1]);
        return this;
    }

    /// <summary>Changes the definition.</summary>
    public Shape WithAll(Func<WorkflowDefinition, WorkflowDefinition> change)
    {
        _change = change;
        return this;
    }

    public WorkflowDefinition Build() => _change(new(name, "", _tasks, _edges, ""));

    private Shape Add(string task, string type, int retries, int seconds)
    {
        var code = new TaskCode(_tasks.Count + 1);
        _codes.Add(task, code);
        _tasks.Add(new TaskDefinition(code, task, "", type, "{\"rawScript\":\"true\"}", retries, TimeSpan.FromSeconds(seconds), Priority.Medium));
        return this;
    }
}
