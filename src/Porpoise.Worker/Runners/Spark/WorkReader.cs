using System.Text.Json;
using Porpoise.Core.Library;
using Porpoise.Core.Parameters;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;

namespace Porpoise.Worker.Runners.Spark;

/// <summary>
/// Reads what a node asks for. The weakest word first: the server's settings, the development task, the node. The values of parameters are put into arguments
/// and settings as they are, each inside its one argument or setting, and into SQL as literals.
/// </summary>
internal sealed class WorkReader(Job job, SparkSettings settings)
{
    private static readonly (string Member, string Setting)[] CloudSizes =
    [
        ("sparkDriverCores", "spark.driver.cores"), ("sparkDriverMemory", "spark.driver.memory"),
        ("sparkExecutorCores", "spark.executor.cores"), ("sparkExecutorMemory", "spark.executor.memory"),
    ];

    private static readonly (string Member, string Setting)[] DolphinSizes =
    [
        ("driverCores", "spark.driver.cores"), ("driverMemory", "spark.driver.memory"), ("numExecutors", "spark.executor.instances"),
        ("executorCores", "spark.executor.cores"), ("executorMemory", "spark.executor.memory"), ("yarnQueue", "spark.yarn.queue"), ("queue", "spark.yarn.queue"),
    ];

    private readonly Dictionary<string, string> _settings = new(StringComparer.Ordinal);

    /// <exception cref="JobException">The node asks for what cannot be done; the message says what would be right.</exception>
    public SparkWork Read() => job.Kind == TaskTypes.EmrServerlessSpark ? ReadCloud() : ReadDolphin();

    private SparkWork ReadCloud()
    {
        if (job.DevelopmentTask is not { ValueKind: JsonValueKind.Object } task)
        {
            throw new JobException($"The development task {job.Text("taskBizId")} came without its content. Start the workflow again.");
        }

        var kind = Enum.Parse<DevelopmentTaskKind>(Job.Text(task, JobDocument.Kind), ignoreCase: true);
        foreach (var setting in task.GetProperty(JobDocument.TaskSettings).EnumerateArray())
        {
            Set(setting[0].GetString()!, setting[1].GetString()!);
        }

        AddSizes(CloudSizes);
        foreach (var item in job.List("sparkConf"))
        {
            Set(Job.Text(item, "key"), Job.Text(item, "value"));
        }

        return Finish(new SparkWork(Job.Text(task, JobDocument.TaskName), kind)
        {
            Code = kind == DevelopmentTaskKind.Python ? Program(Job.Text(task, JobDocument.TaskCode)) : Job.Text(task, JobDocument.TaskCode),
            EntryFile = Fill(Job.Text(task, JobDocument.TaskEntryFile)),
            MainClass = Job.Text(task, JobDocument.TaskMainClass),
            Arguments = [.. task.GetProperty(JobDocument.TaskArguments).EnumerateArray().Select(a => Fill(a.GetString()!))],
            Catalog = Job.Text(task, JobDocument.TaskCatalog),
            Database = Job.Text(task, JobDocument.TaskDatabase),
            Master = settings.Master,
            InCluster = settings.DeployMode == "cluster",
        });
    }

    private SparkWork ReadDolphin()
    {
        var (mode, master) = (job.Word("deployMode"), Fill(job.Text("master")));
        var kind = job.Word("programType") switch
        {
            "SQL" => DevelopmentTaskKind.Sql,
            "PYTHON" => DevelopmentTaskKind.Python,
            _ => DevelopmentTaskKind.Jar, // JAVA or SCALA
        };
        AddSizes(DolphinSizes);
        var space = NamespaceOf(job.Text("namespace"));
        if (space.Length > 0)
        {
            Set("spark.kubernetes.namespace", space);
        }

        var options = TakeSettings([.. ArgumentText.Split(job.Text("others"), "others").Select(Fill)]);
        return Finish(new SparkWork(Fill(job.Text("appName")) is { Length: > 0 } name ? name : "spark", kind)
        {
            Code = kind == DevelopmentTaskKind.Sql ? job.Text("rawScript") : "",
            EntryFile = kind == DevelopmentTaskKind.Sql ? "" : Fill(Job.Text(job.Params.GetProperty("mainJar"), "resourceName")),
            MainClass = kind == DevelopmentTaskKind.Jar ? job.Text("mainClass") : "",
            Arguments = kind == DevelopmentTaskKind.Sql ? [] : [.. ArgumentText.Split(job.Text("mainArgs"), "mainArgs").Select(Fill)],
            Options = options,
            Master = master.Length > 0 ? master : mode == "LOCAL" ? "local[*]" : settings.Master,
            InCluster = mode is "CLUSTER" || (mode.Length == 0 && settings.DeployMode == "cluster"),
        });
    }

    /// <summary>What both have in common; the node's settings may choose the master and the place of the driver too.</summary>
    private SparkWork Finish(SparkWork work)
    {
        var master = Take("spark.master") ?? work.Master;
        var mode = Take("spark.submit.deployMode") ?? (work.InCluster ? "cluster" : "client");
        if (mode is not ("client" or "cluster"))
        {
            throw new JobException($"The deploy mode is '{mode}'. It is client (the driver runs on the worker's machine) or cluster.");
        }

        if (work.EntryFile.StartsWith('-') || (work.EntryFile.Length == 0 && work.Kind != DevelopmentTaskKind.Sql && work.Code.Length == 0))
        {
            throw new JobException($"The program is '{work.EntryFile}'. It is a path on the worker's machine, or an address that Spark can read (hdfs:, s3a: …).");
        }

        return work with
        {
            Name = Take("spark.app.name") ?? work.Name,
            Statements = work.Kind == DevelopmentTaskKind.Sql ? SparkSqlText.Split(work.Code, job.Values) : [],
            Settings = _settings,
            Master = master,
            InCluster = mode == "cluster" && !master.StartsWith("local", StringComparison.Ordinal),
        };
    }

    /// <param name="text">The name, or a JSON object with it.</param>
    private static string NamespaceOf(string text)
    {
        try
        {
            return text.StartsWith('{') ? Job.Text(JsonElement.Parse(text), "name") : text;
        }
        catch (JsonException e)
        {
            throw new JobException($"namespace is '{text}', which is neither a name nor a JSON object with one.", e);
        }
    }

    /// <summary>Settings among the options become settings, which are in no list of processes; what decides where and as what the work is submitted is not the options' to say.</summary>
    private List<string> TakeSettings(List<string> options)
    {
        var rest = new List<string>();
        for (var i = 0; i < options.Count; i++)
        {
            var (option, value) = options[i].StartsWith("--", StringComparison.Ordinal) && options[i].IndexOf('=', StringComparison.Ordinal) is > 0 and var at
                ? (options[i][..at], options[i][(at + 1)..])
                : (options[i], null);
            if (option is "--conf" or "-c")
            {
                var pair = value ?? (++i < options.Count ? options[i] : "");
                var equals = pair.IndexOf('=', StringComparison.Ordinal);
                if (equals <= 0)
                {
                    throw new JobException($"others has {option} without a setting behind it: it takes {option} spark.name=value.");
                }

                Set(pair[..equals].Trim(), pair[(equals + 1)..]);
            }
            else if (SparkSubmit.Owned.Contains(option))
            {
                throw new JobException($"others may not have {option}: the node's own fields say that (master, deployMode, appName, mainClass), and settings are given with --conf.");
            }
            else
            {
                rest.Add(options[i]);
            }
        }

        return rest;
    }

    private void AddSizes((string Member, string Setting)[] sizes)
    {
        foreach (var (member, setting) in sizes)
        {
            if (Fill(job.Text(member)) is { Length: > 0 } value)
            {
                _settings[setting] = value;
            }
        }
    }

    private void Set(string name, string value) => _settings[name] = DevelopmentTaskRules.IsSettingName(name)
        ? Fill(value)
        : throw new JobException($"'{name}' is no setting of Spark: their names begin with 'spark.'.");

    private string? Take(string name) => _settings.Remove(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>As a PYTHON task has it: values are literals in the text.</summary>
    private string Program(string code) => code.Length == 0 || job.Values.Count == 0 ? code : PythonParameters.Put(job.Values.ToDictionary(v => v.Key, v => v.Value.Text, StringComparer.Ordinal), code);

    private string Fill(string text) => job.Fill(text).Replace("\0", "", StringComparison.Ordinal);
}
