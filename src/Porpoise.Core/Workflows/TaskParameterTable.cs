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
            Required("type"), Required("datasource", Integer), Required("sql") with { LengthMax = WorkflowLimits.ScriptLengthMax }, Word("sqlType", ["0", "1"]),
            Optional("sendEmail", TaskParameterKind.Boolean), Optional("displayRows", Integer), Optional("limit", Integer), Optional("showType"), Optional("connParams"),
            Optional("preStatements", List), Optional("postStatements", List), Optional("groupId", Integer), Optional("title"), Optional("udfs"), Optional("segmentSeparator"),
        ],
        [TaskTypes.DuckDb] =
        [
            Required("sql") with { LengthMax = WorkflowLimits.ScriptLengthMax }, Optional("database"), Optional("displayRows", Integer), Optional("limit", Integer),
        ],
        ["PROCEDURE"] = [Required("type"), Required("datasource", Integer), Required("method"), Optional("outProperty")],
        [TaskTypes.Http] =
        [
            Required("url"), Word("httpMethod", ["GET", "POST", "HEAD", "PUT", "DELETE"]), Word("httpRequestMethod", ["GET", "POST", "HEAD", "PUT", "DELETE"]), Optional("httpParams", List),
            Word("httpCheckCondition", ["STATUS_CODE_DEFAULT", "STATUS_CODE_CUSTOM", "BODY_CONTAINS", "BODY_NOT_CONTAINS"]), Optional("condition"),
            Optional("connectTimeout", Integer), Optional("socketTimeout", Integer), Optional("httpRequestParams", List), Optional("httpRequestBody"), Optional("httpBody"),
        ],
        ["SPARK"] =
        [
            Word("programType", CodeLanguages) with { IsRequired = true },
            RequiredWhen("mainJar", TaskParameterKind.Object, "programType", CompiledLanguages),
            RequiredWhen("mainClass", Text, "programType", ["JAVA", "SCALA"]),
            Optional("rawScript") with { LengthMax = WorkflowLimits.ScriptLengthMax },
            Word("deployMode", ["cluster", "client", "local"]), Optional("appName"), Optional("master"), Optional("yarnQueue"), Optional("queue"), Optional("namespace", ObjectOrText),
            Optional("driverCores", Integer), Optional("driverMemory", Size), Optional("numExecutors", Integer), Optional("executorCores", Integer), Optional("executorMemory", Size),
            Optional("mainArgs"), Optional("others"), Optional("sqlExecutionType"),
        ],
        [TaskTypes.EmrServerlessSpark] =
        [
            Required("workspaceBizId"), Required("taskBizId"), Required("resourceQueueId"),
            Optional("type"), Optional("sparkVersion"), Optional("displaySparkVersion"), Optional("environmentId"), Optional("fusion", TaskParameterKind.Boolean),
            Optional("sparkDriverCores", Integer), Optional("sparkDriverMemory", Size), Optional("sparkExecutorCores", Integer), Optional("sparkExecutorMemory", Size),
            Optional("sparkLogLevel"), Optional("sparkLogPath"), Optional("sparkConf", List),
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

    private static TaskParameter Word(string name, string[] words) => new(name, Text) { Words = words };
}
