using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Porpoise.Worker.Processes;

namespace Porpoise.Worker.Runners.Spark;

/// <summary>
/// What an attempt has begun elsewhere, written into its work folder before it does so, and removed when it is known to be over. Whoever comes after the process
/// that wrote it (another attempt, the worker that ends the task) finds the application by it. Tasks can write there too: nothing in it is a path or a program.
/// </summary>
/// <param name="Cluster">Which kind of cluster; empty: it runs as processes of the attempt alone.</param>
/// <param name="Tag">Of the attempt that made it.</param>
internal sealed record Submission(string Cluster, string Tag)
{
    private const string FileName = ".submission";
    private const int LengthMax = 8 * 1024;

    /// <summary>The cluster's name for it; empty: not known yet.</summary>
    public string Id { get; init; } = "";

    /// <summary>Of the REST API that knows about it.</summary>
    public string Url { get; init; } = "";

    /// <summary>As Spark writes it; Kubernetes is asked through it.</summary>
    public string Master { get; init; } = "";

    /// <summary>True: the cluster has shown it. Not to find it any more is then a loss, and not a submission that never came about.</summary>
    public bool IsSeen { get; init; }

    /// <summary>Why nobody can say what became of it, for people; empty: that is not so.</summary>
    public string Unknown { get; init; } = "";

    public static Submission Of(string cluster, SparkTag tag) => new(cluster, tag.OfAttempt);

    /// <summary>Null: there is none.</summary>
    public static Submission? Read(string workFolder)
    {
        Span<byte> content = stackalloc byte[LengthMax];
        var length = SmallFile.Read(Path.Combine(workFolder, FileName), content);
        try
        {
            return length > 0 ? JsonSerializer.Deserialize(content[..length], SubmissionJson.Default.Submission) : null;
        }
        catch (JsonException)
        {
            return null; // the task has written something else there: it is its own folder
        }
    }

    /// <exception cref="JobException">It cannot be written, so nothing may be submitted.</exception>
    public Submission Keep(string workFolder)
    {
        var path = Path.Combine(workFolder, FileName);
        var draft = path + ".new";
        _ = Libc.Unlink(draft);
        var failure = SmallFile.Create(draft, JsonSerializer.SerializeToUtf8Bytes(this, SubmissionJson.Default.Submission));
        if (failure == 0 && Libc.Rename(draft, path) != 0)
        {
            failure = Marshal.GetLastPInvokeError();
        }

        return failure == 0 ? this : throw new JobException($"{path} cannot be written: {Libc.Describe(failure)}. Nothing is submitted that could not be found again.");
    }

    public static void Remove(string workFolder) => File.Delete(Path.Combine(workFolder, FileName));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Submission))]
internal sealed partial class SubmissionJson : JsonSerializerContext;
