using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Porpoise.Core.Library;
using Porpoise.Core.Tasks;

namespace Porpoise.Worker.Runners.Spark;

/// <summary>What is laid into the work folder for Spark: settings, statements and the small program that runs them, a program's text.</summary>
internal static class SparkFiles
{
    /// <summary>Rows of a result that are shown in the log.</summary>
    public const int RowsMax = 1_000;

    private const string Properties = "spark.properties";
    private const string Runner = "run_sql.py";
    private const string Statements = "statements.json";
    private const string Program = "program.py";
    private const string Outputs = ".outputs.json";

    /// <summary>Writes them, and gives what spark-submit is to be started with.</summary>
    public static IReadOnlyList<string> Write(string folder, SparkWork work, SparkSettings settings, bool wantsOutputs)
    {
        var properties = Save(folder, Properties, PropertiesFile.Write(ReadDefaults(settings), work.Settings));
        switch (work.Kind)
        {
            case DevelopmentTaskKind.Sql:
                using (var resource = typeof(SparkFiles).Assembly.GetManifestResourceStream(Runner)!)
                using (var reader = new StreamReader(resource))
                {
                    Save(folder, Runner, reader.ReadToEnd());
                }

                var document = new StatementsDocument(work.Catalog, work.Database, RowsMax, wantsOutputs ? Path.Combine(folder, Outputs) : "", work.Statements);
                var statements = Save(folder, Statements, JsonSerializer.Serialize(document, SparkFilesJson.Default.StatementsDocument));
                return SparkSubmit.Arguments(work, properties, Path.Combine(folder, Runner), [work.InCluster ? Statements : statements], work.InCluster ? statements : null);
            case DevelopmentTaskKind.Python when work.Code.Length > 0:
                return SparkSubmit.Arguments(work, properties, Save(folder, Program, work.Code), work.Arguments, file: null);
            default:
                return SparkSubmit.Arguments(work, properties, work.EntryFile, work.Arguments, file: null);
        }
    }

    /// <summary>What the last result gave: the first row, by the names of its columns.</summary>
    public static IReadOnlyDictionary<string, string> ReadOutputs(string folder)
    {
        var path = Path.Combine(folder, Outputs);
        if (!File.Exists(path))
        {
            return TaskOutputs.None;
        }

        try
        {
            return TaskOutputs.Read(File.ReadAllText(path));
        }
        catch (JsonException e)
        {
            throw new JobException($"The output parameters in {path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>
    /// What the last of the attempts before this one had begun that was lost. Whatever ended as it should has removed its note, and what nobody knew the outcome of then is not taken up: who
    /// starts the task again has looked. Null: nothing.
    /// </summary>
    public static Submission? ReadLost(string folder, SparkTag tag) =>
        FoldersBefore(folder, tag).Select(Submission.Read).FirstOrDefault(s => s is { Unknown: "" });

    /// <summary>Once an attempt has it in hand, it is no longer theirs.</summary>
    public static void ForgetLost(string folder, SparkTag tag)
    {
        foreach (var before in FoldersBefore(folder, tag).Where(Directory.Exists))
        {
            Submission.Remove(before);
        }
    }

    private static IEnumerable<string> FoldersBefore(string folder, SparkTag tag)
    {
        for (var number = tag.Attempt - 1; number > 0; number--)
        {
            yield return Path.Combine(Path.GetDirectoryName(folder)!, string.Create(CultureInfo.InvariantCulture, $"{tag.Task}.{number}"));
        }
    }

    private static string ReadDefaults(SparkSettings settings)
    {
        var folder = Environment.GetEnvironmentVariable("SPARK_CONF_DIR") is { Length: > 0 } given ? given : Path.Combine(settings.Home, "conf");
        var file = Path.Combine(folder, "spark-defaults.conf");
        return File.Exists(file) ? File.ReadAllText(file) : "";
    }

    private static string Save(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        file.Write(Encoding.UTF8.GetBytes(text));
        return path;
    }
}

internal sealed record StatementsDocument(string Catalog, string Database, int RowsMax, string Outputs, IReadOnlyList<SqlStatement> Statements);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StatementsDocument))]
internal sealed partial class SparkFilesJson : JsonSerializerContext;
