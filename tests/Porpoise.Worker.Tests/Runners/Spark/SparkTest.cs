using System.Text.Json.Nodes;
using Porpoise.Core.Library;
using Porpoise.Core.Parameters;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Dispatch;
using Porpoise.Worker.Runners.Spark;

namespace Porpoise.Worker.Tests.Runners.Spark;

/// <summary>Spark tasks, run by a worker with the tests' own spark-submit.</summary>
public abstract class SparkTest : JobTest
{
    private static readonly WorkspaceId Workspace = new("w-0123456789abcdef");

    protected SparkTest()
    {
        foreach (var folder in (string[])["bin", "calls", "submitted", "pods", "python/pyspark"])
        {
            Directory.CreateDirectory(Path.Combine(Home, folder));
        }

        foreach (var (resource, path) in (ReadOnlySpan<(string, string)>)[("spark-submit", "bin/spark-submit"), ("sql.py", "python/pyspark/sql.py"), ("__init__.py", "python/pyspark/__init__.py")])
        {
            using var from = typeof(SparkTest).Assembly.GetManifestResourceStream(resource)!;
            using var to = File.Create(Path.Combine(Home, path));
            from.CopyTo(to);
        }

        File.SetUnixFileMode(Path.Combine(Home, "bin/spark-submit"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    protected string Home { get; } = Directory.CreateTempSubdirectory("porpoise-spark-").FullName;

    /// <summary>How often something was submitted.</summary>
    protected int Submitted => Directory.GetFiles(Path.Combine(Home, "submitted")).Length;

    protected string AttemptTag(int attempt = 1) => $"porpoise-{InstallId[..24]}-task-{Key.Task}-{attempt}";

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(Home, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>An attempt at a node that refers to a development task.</summary>
    protected static AttemptOrder CloudOrder(DevelopmentTask task, IReadOnlyDictionary<string, string>? values = null, int attempt = 1, string taskParams = "{}", params Parameter[] local)
    {
        var all = JsonNode.Parse(taskParams)!.AsObject();
        (all["workspaceBizId"], all["taskBizId"], all["resourceQueueId"]) = (Workspace.Value, "TSK-1", "root_queue");
        var node = new TaskDefinition(new TaskCode(1), "a", "", TaskTypes.EmrServerlessSpark, all.ToJsonString(), 0, TimeSpan.Zero, Priority.Medium) { LocalParams = local };
        var document = JobDocument.Write(Workspace, node, values ?? new Dictionary<string, string>(), local, task);
        return Order("") with { Key = Key with { Number = attempt }, TaskType = TaskTypes.EmrServerlessSpark, Program = new TaskProgram(ProgramLanguage.Job, document), OutputNames = node.ListOutputNames() };
    }

    /// <summary>An attempt at a node of DolphinScheduler's.</summary>
    protected static AttemptOrder DolphinOrder(string taskParams, IReadOnlyDictionary<string, string>? values = null) =>
        Order("") with { TaskType = TaskTypes.Spark, Program = JobOf(TaskTypes.Spark, taskParams, values) };

    protected static DevelopmentTask Python(string code) => new("program", DevelopmentTaskKind.Python) { Code = code };

    protected static DevelopmentTask Sql(string code) => new("statements", DevelopmentTaskKind.Sql) { Code = code };

    protected static DevelopmentTask Jar(string file = "x.jar", string mainClass = "org.X") => new("jar", DevelopmentTaskKind.Jar) { EntryFile = file, MainClass = mainClass };

    protected LocalWorker NewSparkWorker(Func<SparkSettings, SparkSettings>? change = null)
    {
        var settings = new SparkSettings { Home = Home };
        return NewWorker(o => o with { Spark = change?.Invoke(settings) ?? settings });
    }

    protected async Task<AttemptOutcome> RunAsync(AttemptOrder order, Func<SparkSettings, SparkSettings>? change = null)
    {
        NewSparkWorker(change).Start(order);
        return await Reports.OfAsync(order.Key);
    }

    protected async Task<int> ExitOfAsync(AttemptOrder order, Func<SparkSettings, SparkSettings>? change = null) => Assert.IsType<AttemptOutcome.Exited>(await RunAsync(order, change)).Code;

    protected string LogOf(int attempt) => File.ReadAllText(new Worker.Attempts.AttemptFolder(Root, Key with { Number = attempt }).Log);

    protected string[] CallOf(int number) => File.ReadAllLines(Path.Combine(Home, "calls", number.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    protected string[] SettingsOf(int number) => File.ReadAllLines(Path.Combine(Home, "submitted", number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
}
