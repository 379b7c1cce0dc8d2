using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Porpoise.Core.Parameters;

namespace Porpoise.Core.Workflows;

/// <summary>
/// Names a version by its content: the same definition has the same hash on every server and for ever.
/// Where the nodes were drawn does not count, nor to which region the call was sent.
/// </summary>
public static class VersionHash
{
    /// <summary>32 lower-case hexadecimal digits.</summary>
    public static string Of(WorkflowDefinition definition)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, "porpoise-version-1");
        Add(hash, definition.Name);
        Add(hash, definition.Description);
        Add(hash, definition.Tasks.Count);
        foreach (var task in definition.Tasks)
        {
            Add(hash, task.Code.Value);
            Add(hash, task.Name);
            Add(hash, task.Description);
            Add(hash, task.Type);
            Add(hash, task.Params);
            Add(hash, task.RetryMax);
            Add(hash, task.RetryInterval.Ticks);
            Add(hash, (long)task.Priority);
            Add(hash, task.LocalParams);
            Add(hash, task.TimeLimit);
            Add(hash, task.Queue);
            Add(hash, task.AlertEmail);
            Add(hash, task.AlertOnStart ? 1 : 0);
            Add(hash, task.AlertOnFailure ? 1 : 0);
            Add(hash, task.Tags);
        }

        Add(hash, definition.Edges.Count);
        foreach (var edge in definition.Edges)
        {
            Add(hash, edge.From.Value);
            Add(hash, edge.To.Value);
        }

        Add(hash, definition.GlobalParams);
        Add(hash, definition.TimeLimit);
        Add(hash, definition.ParallelismMax);
        Add(hash, definition.Queue);
        Add(hash, definition.AlertEmail);
        Add(hash, definition.RunAs);
        Add(hash, definition.Tags);
        Add(hash, definition.EdgeNames);
        AddWaysToRun(hash, definition.Tasks);
        AddEnvironments(hash, definition.Tasks);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    private static void Add(IncrementalHash hash, IReadOnlyList<Parameter> parameters)
    {
        Add(hash, parameters.Count);
        foreach (var parameter in parameters)
        {
            Add(hash, parameter.Name);
            Add(hash, (long)parameter.Direction);
            Add(hash, parameter.Type);
            Add(hash, parameter.Value);
        }
    }

    private static void Add(IncrementalHash hash, IReadOnlyList<Tag> tags)
    {
        Add(hash, tags.Count);
        foreach (var tag in tags)
        {
            Add(hash, tag.Key);
            Add(hash, tag.Value);
        }
    }

    /// <summary>The last part: nothing at all where no node has an environment.</summary>
    private static void AddEnvironments(IncrementalHash hash, IReadOnlyList<TaskDefinition> tasks)
    {
        foreach (var task in tasks.Where(static t => !t.Environment.IsNone))
        {
            Add(hash, "environment");
            Add(hash, task.Code.Value);
            Add(hash, task.Environment.Value);
        }
    }

    /// <summary>Nothing at all where no edge has a name.</summary>
    private static void Add(IncrementalHash hash, IReadOnlyList<EdgeName> names)
    {
        foreach (var name in names)
        {
            Add(hash, name.Edge.From.Value);
            Add(hash, name.Edge.To.Value);
            Add(hash, name.Name);
        }
    }

    /// <summary>Behind everything that older versions of Porpoise knew, and nothing at all for nodes that are run in the usual way.</summary>
    private static void AddWaysToRun(IncrementalHash hash, IReadOnlyList<TaskDefinition> tasks)
    {
        foreach (var task in tasks)
        {
            if (task.Delay > TimeSpan.Zero || task.IsDisabled || task.WorkerGroup.Length > 0)
            {
                Add(hash, task.Code.Value);
                Add(hash, task.Delay.Ticks);
                Add(hash, task.IsDisabled ? 1 : 0);
                Add(hash, task.WorkerGroup);
            }
        }
    }

    private static void Add(IncrementalHash hash, TimeLimit? limit)
    {
        Add(hash, limit?.After.Ticks ?? 0);
        Add(hash, limit is null ? -1 : (long)limit.Action);
    }

    /// <summary>Each text is preceded by its length, so that no two definitions run together into the same bytes.</summary>
    private static void Add(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Add(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Add(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
