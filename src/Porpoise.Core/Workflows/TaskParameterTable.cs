using Porpoise.Core.DataSources;
using static Porpoise.Core.Workflows.TaskParameterKind;

namespace Porpoise.Core.Workflows;

/// <summary>
/// What the task types take in taskParams, as far as it is known well enough to check. Members that are not listed are kept as they came; so are those
/// of types that are not listed.
/// </summary>
public static class TaskParameterTable
{
    private static readonly string[] CodeLanguages = ["JAVA", "SCALA", "PYTHON", "SQL"];
    private static readonly string[] CompiledLanguages = ["JAVA", "SCALA", "PYTHON"];

    private static readonly TaskParameter Script = Required("rawScript") with { LengthMax = WorkflowLimits.ScriptLengthMax };

    private static readonly string[] Methods = ["GET", "POST", "HEAD", "PUT", "DELETE"];

    /// <summary>Of a result, as far as the log shows it and as far as output parameters take it; 0 is as none.</summary>
    private static readonly TaskParameter DisplayRows = Whole("displayRows", 0, WorkflowLimits.DisplayRowsMax);
    private static readonly TaskParameter ListRows = Whole("limit", 0, WorkflowLimits.ListRowsMax);

    private static readonly Dictionary<string, IReadOnlyList<TaskParameter>> Table = new(StringComparer.Ordinal)
    {
        [TaskTypes.Shell] = [Script],
        [TaskTypes.Python] = [Script],
        ["REMOTESHELL"] = [Script, Optional("datasource", Integer), Optional("type")],
        ["HIVECLI"] =
        [
            Word("hiveCliTaskExecutionType", ["SCRIPT", "FILE"]),
            Optional("hiveSqlScript") with { LengthMax = WorkflowLimits.ScriptLengthMax },
            Optional("hiveCliOptions"),
        ],
        [TaskTypes.Sql] =
        [
            Word("type", [.. DataSourceTypes.All]) with { IsRequired = true }, Required("datasource", DataSource), Required("sql") with { LengthMax = WorkflowLimits.ScriptLengthMax }, Word("sqlType", ["0", "1"]),
            Optional("sendEmail", TaskParameterKind.Boolean), DisplayRows, ListRows, Optional("showType"), Optional("connParams"),
            Statements("preStatements"), Statements("postStatements"), Optional("groupId", Integer), Optional("title"), Optional("udfs"), Optional("segmentSeparator"),
        ],
        [TaskTypes.DuckDb] =
        [
            Required("sql") with { LengthMax = WorkflowLimits.ScriptLengthMax }, Optional("database"), DisplayRows, ListRows,
        ],
        ["PROCEDURE"] = [Required("type"), Required("datasource", Integer), Required("method"), Optional("outProperty")],
        [TaskTypes.Http] =
        [
            Required("url", Address), Word("httpMethod", Methods), Word("httpRequestMethod", Methods), HttpParams("httpParams"), HttpParams("httpRequestParams"),
            Word("httpCheckCondition", ["STATUS_CODE_DEFAULT", "STATUS_CODE_CUSTOM", "BODY_CONTAINS", "BODY_NOT_CONTAINS"]),
            RequiredWhen("condition", Text, "httpCheckCondition", ["BODY_CONTAINS", "BODY_NOT_CONTAINS"]), OnlyThen(Required("condition", StatusCodes), "httpCheckCondition", ["STATUS_CODE_CUSTOM"]),
            Whole("connectTimeout", 0, WorkflowLimits.HttpTimeoutMax), Whole("socketTimeout", 0, WorkflowLimits.HttpTimeoutMax), Optional("httpRequestBody"), Optional("httpBody"),
        ],
        ["SPARK"] =
        [
            Word("programType", CodeLanguages) with { IsRequired = true },
            RequiredWhen("mainJar", TaskParameterKind.Object, "programType", CompiledLanguages),
            OnlyThen(Optional("mainJar", TaskParameterKind.Object) with { Members = [Required("resourceName") with { Takes = "a path on the worker's machine, or an address that Spark can read (hdfs:, s3a: …)" }] }, "programType", CompiledLanguages),
            RequiredWhen("mainClass", Text, "programType", ["JAVA", "SCALA"]),
            RequiredWhen("rawScript", Text, "programType", ["SQL"]) with { LengthMax = WorkflowLimits.ScriptLengthMax },
            Word("deployMode", ["cluster", "client", "local"]), Optional("appName"), Optional("master"), Optional("yarnQueue"), Optional("queue"), Optional("namespace", ObjectOrText),
            Whole("driverCores", 1), Optional("driverMemory", Size), Whole("numExecutors", 1), Whole("executorCores", 1), Optional("executorMemory", Size),
            Optional("mainArgs"), Optional("others"), Optional("sqlExecutionType"),
            OnlyThen(Word("sqlExecutionType", ["SCRIPT"]) with { Takes = "SCRIPT, with the statements in rawScript: there are no resource files" }, "programType", ["SQL"]),
        ],
        [TaskTypes.EmrServerlessSpark] =
        [
            Required("workspaceBizId"), Required("taskBizId"), Required("resourceQueueId"),
            Optional("type"), Optional("sparkVersion"), Optional("displaySparkVersion"), Optional("environmentId"), Optional("fusion", TaskParameterKind.Boolean),
            Whole("sparkDriverCores", 1), Optional("sparkDriverMemory", Size), Whole("sparkExecutorCores", 1), Optional("sparkExecutorMemory", Size),
            Optional("sparkLogLevel"), Optional("sparkLogPath"),
            ListOf("sparkConf", new TaskParameter("", TaskParameterKind.Object) { Takes = "an object with key and value", Members = [Required("key", SettingName), Required("value") with { MayBeEmpty = true }] }),
        ],
        ["ALIYUN_SERVERLESS_SPARK"] =
        [
            Required("datasource", Integer), Required("workspaceId"), Required("resourceQueueId"), Word("codeType", ["JAR", "PYTHON", "SQL"]) with { IsRequired = true },
            Optional("jobName"), Optional("engineReleaseVersion"), Optional("entryPoint"), Optional("entryPointArguments"), Optional("sparkSubmitParameters"), Optional("isProduction", TaskParameterKind.Boolean),
        ],
        ["FLINK"] = Flink(),
        ["FLINK_STREAM"] = Flink(),
        ["MR"] =
        [
            Word("programType", ["JAVA", "SCALA", "PYTHON"]), Required("mainJar", TaskParameterKind.Object), RequiredWhen("mainClass", Text, "programType", ["JAVA", "SCALA"]),
            Optional("appName"), Optional("mainArgs"), Optional("others"), Optional("yarnQueue"), Optional("queue"),
        ],
        ["JAVA"] =
        [
            Word("runType", ["JAVA", "JAR"]) with { IsRequired = true },
            RequiredWhen("rawScript", Text, "runType", ["JAVA"]) with { LengthMax = WorkflowLimits.ScriptLengthMax },
            RequiredWhen("mainJar", TaskParameterKind.Object, "runType", ["JAR"]),
            Optional("mainArgs"), Optional("jvmArgs"), Optional("isModulePath", TaskParameterKind.Boolean),
        ],
        ["K8S"] =
        [
            Required("image"), Required("namespace", ObjectOrText), Optional("minCpuCores", Number), Optional("minMemorySpace", Number), Optional("command"), Optional("args"),
            Optional("imagePullPolicy"), Optional("pullSecret"), Optional("customizedLabels", List), Optional("nodeSelectors", List), Optional("datasource", Integer),
        ],
        ["EMR"] =
        [
            Word("programType", ["RUN_JOB_FLOW", "ADD_JOB_FLOW_STEPS"]),
            RequiredWhen("jobFlowDefineJson", ObjectOrText, "programType", ["RUN_JOB_FLOW"]),
            RequiredWhen("stepsDefineJson", ObjectOrText, "programType", ["ADD_JOB_FLOW_STEPS"]),
        ],
        ["JUPYTER"] =
        [
            Optional("condaEnvName"), Required("inputNotePath"), Required("outputNotePath"), Optional("parameters", ObjectOrText), Optional("kernel"), Optional("engine"),
            Optional("executionTimeout"), Optional("startTimeout"), Optional("others"),
        ],
        ["ZEPPELIN"] =
        [
            Required("noteId"), Optional("paragraphId"), Optional("restEndpoint"), Optional("productionNoteDirectory"), Optional("parameters", ObjectOrText), Optional("datasource", Integer),
        ],
        ["SUB_PROCESS"] = [Required("processDefinitionCode", Integer)],
        ["SUB_WORKFLOW"] = [Required("workflowDefinitionCode", Integer)],
        ["DYNAMIC"] =
        [
            Required("processDefinitionCode", Integer), Optional("maxNumOfSubWorkflowInstances", Integer), Optional("degreeOfParallelism", Integer), Optional("filterCondition"),
            Required("listParameters", List),
        ],
        ["DEPENDENT"] = [Required("dependence", TaskParameterKind.Object)],
        ["CONDITIONS"] = [Required("dependence", TaskParameterKind.Object), Required("conditionResult", TaskParameterKind.Object)],
        ["SWITCH"] = [Required("switchResult", TaskParameterKind.Object)],
    };

    /// <summary>The types that have rules.</summary>
    public static IReadOnlyCollection<string> Types => Table.Keys;

    /// <summary>Empty when the type takes any object.</summary>
    public static IReadOnlyList<TaskParameter> Of(string type) => Table.GetValueOrDefault(type, []);

    private static IReadOnlyList<TaskParameter> Flink() =>
    [
        Word("programType", CodeLanguages) with { IsRequired = true },
        RequiredWhen("mainJar", TaskParameterKind.Object, "programType", CompiledLanguages),
        RequiredWhen("mainClass", Text, "programType", ["JAVA", "SCALA"]),
        Word("deployMode", ["cluster", "local", "application", "standalone"]), Optional("appName"), Optional("slot", Integer), Optional("parallelism", Integer), Optional("taskManager", Integer),
        Optional("jobManagerMemory", Size), Optional("taskManagerMemory", Size), Optional("flinkVersion"), Optional("yarnQueue"), Optional("mainArgs"), Optional("others"),
        Optional("initScript") with { LengthMax = WorkflowLimits.ScriptLengthMax }, Optional("rawScript") with { LengthMax = WorkflowLimits.ScriptLengthMax },
    ];

    private static TaskParameter Optional(string name, TaskParameterKind kind = Text) => new(name, kind);

    private static TaskParameter Required(string name, TaskParameterKind kind = Text) => new(name, kind) { IsRequired = true };

    private static TaskParameter RequiredWhen(string name, TaskParameterKind kind, string other, string[] words) => new(name, kind) { IsRequired = true, When = (other, words) };

    /// <summary>Another row of a member, which holds only when another one is one of these words.</summary>
    private static TaskParameter OnlyThen(TaskParameter row, string other, string[] words) => row with { When = (other, words), IsOnlyThen = true };

    private static TaskParameter Whole(string name, long min, long? max = null) => new(name, Integer) { Min = min, Max = max };

    private static TaskParameter ListOf(string name, TaskParameter item) => new(name, List) { Item = item };

    private static TaskParameter Statements(string name) => ListOf(name, new TaskParameter("", Statement));

    private static TaskParameter HttpParams(string name) => ListOf(
        name,
        new TaskParameter("", TaskParameterKind.Object)
        {
            Takes = "an object with prop, httpParametersType and value",
            Members = [Required("prop"), Word("httpParametersType", ["PARAMETER", "BODY", "HEADERS"]) with { IsRequired = true }, Optional("value")],
        });

    private static TaskParameter Word(string name, string[] words) => new(name, Text) { Words = words };
}
