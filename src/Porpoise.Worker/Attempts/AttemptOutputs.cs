using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Porpoise.Core.Tasks;

namespace Porpoise.Worker.Attempts;

/// <summary>
/// What a task gives to those after it: a job writes it into a file beside its input; a script writes <c>${setValue(name=value)}</c> or
/// <c>#{setValue(name=value)}</c> into its log. Only names that the task declares are looked for; of several values of one name the last one counts.
/// </summary>
internal static class AttemptOutputs
{
    private const int ChunkSize = 64 * 1024;

    /// <summary>Bytes from the sign to the end of its value.</summary>
    private const int SignMax = 3 * TaskOutputs.LengthMax;

    private static ReadOnlySpan<byte> Sign => "{setValue("u8;

    private static ReadOnlySpan<byte> End => ")}"u8;

    /// <exception cref="IOException">The log or the file cannot be read.</exception>
    public static (IReadOnlyDictionary<string, string> Outputs, string Fault) Read(string log, string file, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return (TaskOutputs.None, "");
        }

        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            ReadLog(log, names, found);
            ReadFile(file, names, found);
        }
        catch (JsonException e)
        {
            return (TaskOutputs.None, $"its output parameters cannot be read: {e.Message}");
        }

        return TaskOutputs.LengthOf(found) <= TaskOutputs.LengthMax
            ? (found.Count == 0 ? TaskOutputs.None : found, "")
            : (TaskOutputs.None, string.Create(CultureInfo.InvariantCulture, $"its output parameters have over {TaskOutputs.LengthMax / 1024} KiB: hand on where the data are instead of the data"));
    }

    private static void ReadFile(string file, IReadOnlyList<string> names, Dictionary<string, string> found)
    {
        var length = File.Exists(file) ? new FileInfo(file).Length : 0;
        if (length == 0)
        {
            return;
        }

        if (length > SignMax)
        {
            found[names[0]] = new string(' ', TaskOutputs.LengthMax + 1); // too long, whatever it says
            return;
        }

        foreach (var (name, value) in TaskOutputs.Read(File.ReadAllText(file)))
        {
            if (names.Contains(name))
            {
                found[name] = value;
            }
        }
    }

    /// <summary>In chunks: a log may be long. What may be the beginning of a sign at the end of a chunk is looked at again with the next one.</summary>
    private static void ReadLog(string log, IReadOnlyList<string> names, Dictionary<string, string> found)
    {
        using var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var buffer = ArrayPool<byte>.Shared.Rent(SignMax + ChunkSize);
        try
        {
            var kept = 0;
            while (stream.Read(buffer, kept, ChunkSize) is > 0 and var read)
            {
                var text = buffer.AsSpan(0, kept + read);
                var rest = text[TakeSigns(text, names, found)..];
                rest.CopyTo(buffer);
                kept = rest.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>How many bytes are done with: the rest may begin a sign.</summary>
    private static int TakeSigns(ReadOnlySpan<byte> text, IReadOnlyList<string> names, Dictionary<string, string> found)
    {
        var from = 0;
        while (text[from..].IndexOf(Sign) is >= 0 and var at)
        {
            var start = from + at + Sign.Length;
            var length = text[start..].IndexOf(End);
            if (length < 0)
            {
                if (text.Length - start < SignMax - Sign.Length - 1)
                {
                    return Math.Max(0, from + at - 1);
                }

                from = start; // its end is too far away: it is none
                continue;
            }

            if (from + at > 0 && text[from + at - 1] is (byte)'$' or (byte)'#')
            {
                Take(Encoding.UTF8.GetString(text.Slice(start, length)), names, found);
            }

            from = start;
        }

        return Math.Max(from, text.Length - Sign.Length);
    }

    private static void Take(string pair, IReadOnlyList<string> names, Dictionary<string, string> found)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && pair[..equals].Trim() is var name && names.Contains(name))
        {
            found[name] = pair[(equals + 1)..];
        }
    }
}
