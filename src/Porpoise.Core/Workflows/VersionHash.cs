using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Porpoise.Core.Workflows;

/// <summary>
/// Names a version by its content: the same definition has the same hash on every server and for ever.
/// Where the nodes were drawn does not count.
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
        }

        Add(hash, definition.Edges.Count);
        foreach (var edge in definition.Edges)
        {
            Add(hash, edge.From.Value);
            Add(hash, edge.To.Value);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
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
