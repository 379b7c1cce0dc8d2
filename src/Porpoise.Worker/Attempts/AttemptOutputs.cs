using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Porpoise.Core.Tasks;

namespace Porpoise.Worker.Attempts;

/// <summary>
/// What a task gives to those after it: a job writes it into a file beside its input; a script writes <c>${setValue(name=value)}</c> or
/// <c>#{setValue(name=value)}</c> into its log. The log of a job that shows other people's data gives nothing: data must not become parameters. Only names that the task declares are looked for; of several values of one name the last one counts.
/// </summary>
internal static class AttemptOutputs
{
    private const int ChunkSize = 64 * 1024;

    /// <summary>Bytes from the sign to the end of its value.</summary>
    private const int SignMax = 3 * TaskOutputs.LengthMax;

    /// <summary>Bytes in which a name and its equals sign stand.</summary>
    private const int NameMax = 1024;

    private static ReadOnlySpan<byte> Sign => "{setValue("u8;

    private static ReadOnlySpan<byte> End => ")}"u8;

    /// <summary>Longer than may be handed on, whatever it says.</summary>
    private static readonly string TooLong = new(' ', TaskOutputs.LengthMax + 1);

    /// <param name="log">Null: it gives nothing.</param>
    /// <param name="file">Need not be there.</param>
    /// <param name="names">Of the output parameters that the task declares.</param>
    /// <exception cref="IOException">The log or the file cannot be read.</exception>
    public static (IReadOnlyDictionary<string, string> Outputs, string Fault) Read(string? log, string file, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return (TaskOutputs.None, "");
        }

        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            if (log is not null)
            {
                ReadLog(log, names, found);
            }

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
            found[names[0]] = TooLong;
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

                length = -1; // its end is too far away
            }

            if (from + at > 0 && text[from + at - 1] is (byte)'$' or (byte)'#')
            {
                Take(Encoding.UTF8.GetString(length < 0 ? text.Slice(start, NameMax) : text.Slice(start, length)), isWhole: length >= 0, names, found);
            }

            from = start;
        }

        return Math.Max(from, text.Length - Sign.Length);
    }

    private static void Take(string pair, bool isWhole, IReadOnlyList<string> names, Dictionary<string, string> found)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && pair[..equals].Trim() is var name && names.Contains(name))
        {
            found[name] = isWhole ? pair[(equals + 1)..] : TooLong;
        }
    }
}
