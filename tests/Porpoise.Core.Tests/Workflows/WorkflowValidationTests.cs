using System.Globalization;
using CsCheck;
using Porpoise.Core.Parameters;
using Porpoise.Core.Workflows;
using static Porpoise.Core.Tests.Workflows.Definitions;

namespace Porpoise.Core.Tests.Workflows;

public sealed class WorkflowValidationTests
{
    private static readonly WorkflowDefinition Sound = Of([Shell(0, "a"), Shell(1, "b"), Noop(2, "c")], Edge(0, 1), Edge(1, 2));

    /// <summary>One offence each: what is changed, its kind, its place, and what its message says.</summary>
    private static readonly List<(string Case, WorkflowDefinition Definition, OffenceKind Kind, string Place, string Says)> Table =
    [
        ("no name", Sound with { Name = " " }, OffenceKind.BadName, "name", "1 to 200 characters"),
        ("name too long", Sound with { Name = new string('n', 201) }, OffenceKind.BadName, "name", "1 to 200 characters"),
        ("description too long", Sound with { Description = new string('d', 4001) }, OffenceKind.TooLarge, "description", "at most 4000 characters"),
        ("no nodes", Of([]), OffenceKind.Empty, "tasks", "at least one node"),
        ("too many nodes", Of([.. Enumerable.Range(0, 10_001).Select(i => Shell(i, Number(i)))]), OffenceKind.TooLarge, "tasks", "at most 10000 nodes and 100000 edges; this one has 10001 and 0"),
        ("too many edges", Sound with { Edges = [.. Enumerable.Repeat(Edge(0, 1), 100_001)] }, OffenceKind.TooLarge, "tasks", "this one has 3 and 100001"),
        ("name with a line end", Sound with { Name = "a\nb" }, OffenceKind.BadName, "name", "no control characters"),
        ("node without a name", With(1, t => t with { Name = "" }), OffenceKind.BadName, "node 2 ''", "1 to 200 characters"),
        ("name that is cut between characters of two units", With(1, t => t with { Name = "n" + string.Concat(Enumerable.Repeat("🐬", 100)) }), OffenceKind.BadName, $"node 2 'n{string.Concat(Enumerable.Repeat("🐬", 19))}…'", "1 to 200 characters"),
        ("node's name too long", With(1, t => t with { Name = new string('n', 201) }), OffenceKind.BadName, $"node 2 '{new string('n', 40)}…'", "1 to 200 characters"),
        ("name twice", With(2, t => t with { Name = "a" }), OffenceKind.DuplicateName, "node 3 'a'", "same name"),
        ("code 0", Lone(t => t with { Code = new TaskCode(0) }), OffenceKind.BadCode, "node 1 'a'", "below 2^53"),
        ("code below 0", Lone(t => t with { Code = new TaskCode(-1) }), OffenceKind.BadCode, "node 1 'a'", "below 2^53"),
        ("code too large", Lone(t => t with { Code = new TaskCode(1L << 53) }), OffenceKind.BadCode, "node 1 'a'", "below 2^53"),
        ("code twice", Of([Shell(0, "a"), Shell(0, "b")]), OffenceKind.DuplicateCode, "node 2 'b'", "same code 100"),
        ("unknown type", With(0, t => t with { Type = "BASH" }), OffenceKind.UnknownTaskType, "node 1 'a'", "no task type 'BASH'"),
        ("type in other letters", With(0, t => t with { Type = "shell" }), OffenceKind.UnknownTaskType, "node 1 'a'", "written in capitals, such as SHELL"),
        ("task parameters that are no JSON", Lone(t => t with { Params = "{" }), OffenceKind.BadTaskParameter, "node 1 'a', taskParams", "cannot be read as JSON"),
        ("task parameters that are no object", Lone(t => t with { Params = "[]" }), OffenceKind.BadTaskParameter, "node 1 'a', taskParams", "a JSON object"),
        ("task parameters with half a character", Lone(t => t with { Params = """{"rawScript":"\ud800"}""" }), OffenceKind.BadTaskParameter, "node 1 'a', taskParams", "cannot be read"),
        ("task parameters too large", Typed("HTTP", $$"""{"url":"http://x/","more":"{{new string('x', 1024 * 1024)}}"}"""), OffenceKind.TooLarge, "node 1 'a', taskParams", "at most 1048576 characters"),
        ("no script", Typed("PYTHON", "{}"), OffenceKind.MissingTaskParameter, "node 1 'a', taskParams.rawScript", "A node of type PYTHON needs a text here"),
        ("empty script", Typed("SHELL", """{"rawScript":""}"""), OffenceKind.MissingTaskParameter, "node 1 'a', taskParams.rawScript", "needs a text"),
        ("script too large", Typed("SHELL", $$"""{"rawScript":"{{new string('x', (512 * 1024) + 1)}}"}"""), OffenceKind.TooLarge, "node 1 'a', taskParams.rawScript", "at most 524288 characters"),
        ("script of another type", Typed("SHELL", """{"rawScript":["x"]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.rawScript", "a text"),
        ("number of another type", Typed("FLINK", """{"programType":"SQL","slot":"one"}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.slot", "a whole number"),
        ("boolean of another type", Typed("EMR_SERVERLESS_SPARK", """{"workspaceBizId":"w","taskBizId":"t","resourceQueueId":"q","fusion":"maybe"}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.fusion", "true or false"),
        ("memory of another type", Typed("EMR_SERVERLESS_SPARK", """{"workspaceBizId":"w","taskBizId":"t","resourceQueueId":"q","sparkDriverMemory":"lots"}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.sparkDriverMemory", "such as 4g"),
        ("list of another type", Typed("EMR_SERVERLESS_SPARK", """{"workspaceBizId":"w","taskBizId":"t","resourceQueueId":"q","sparkConf":{}}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.sparkConf", "a list"),
        ("word that is none of the words", Typed("HTTP", """{"url":"http://x/","httpMethod":"FETCH"}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.httpMethod", "one of GET, POST, HEAD, PUT, DELETE"),
        ("missing because of another", Typed("SPARK", """{"programType":"PYTHON"}"""), OffenceKind.MissingTaskParameter, "node 1 'a', taskParams.mainJar", "whose programType is JAVA or SCALA or PYTHON needs an object"),
        ("url that is no address", Typed("HTTP", """{"url":"not a url"}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.url", "a complete address that begins with http:// or https://"),
        ("url of another kind", Typed("HTTP", """{"url":"ftp://x/"}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.url", "begins with http://"),
        ("url without a host", Typed("HTTP", """{"url":"http:///x"}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.url", "begins with http://"),
        ("httpParams with a number", Typed("HTTP", """{"url":"http://x/","httpParams":[5]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.httpParams[0]", "an object with prop, httpParametersType and value"),
        ("httpParams with nothing", Typed("HTTP", """{"url":"http://x/","httpParams":[null]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.httpParams[0]", "an object with prop, httpParametersType and value"),
        ("httpParams with a text", Typed("HTTP", """{"url":"http://x/","httpParams":["x"]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.httpParams[0]", "an object with prop, httpParametersType and value"),
        ("httpParams with a list", Typed("HTTP", """{"url":"http://x/","httpParams":[[]]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.httpParams[0]", "an object with prop, httpParametersType and value"),
        ("httpParams without a name", Typed("HTTP", """{"url":"http://x/","httpParams":[{"prop":"a","httpParametersType":"BODY"},{"httpParametersType":"BODY","value":"x"}]}"""), OffenceKind.MissingTaskParameter, "node 1 'a', taskParams.httpParams[1].prop", "A node of type HTTP needs a text here"),
        ("httpParams without a place", Typed("HTTP", """{"url":"http://x/","httpParams":[{"prop":"a","value":"x"}]}"""), OffenceKind.MissingTaskParameter, "node 1 'a', taskParams.httpParams[0].httpParametersType", "needs one of PARAMETER, BODY, HEADERS here"),
        ("httpParams of an unknown place", Typed("HTTP", """{"url":"http://x/","httpParams":[{"prop":"a","httpParametersType":"HEADER","value":"x"}]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.httpParams[0].httpParametersType", "one of PARAMETER, BODY, HEADERS"),
        ("httpParams with a list for a value", Typed("HTTP", """{"url":"http://x/","httpParams":[{"prop":"a","httpParametersType":"BODY","value":[1]}]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.httpParams[0].value", "a text"),
        ("httpRequestParams with a number", Typed("HTTP", """{"url":"http://x/","httpRequestParams":[5]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.httpRequestParams[0]", "an object with prop, httpParametersType and value"),
        ("httpRequestParams with nothing", Typed("HTTP", """{"url":"http://x/","httpRequestParams":[null]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.httpRequestParams[0]", "an object with prop, httpParametersType and value"),
        ("httpRequestParams with a text", Typed("HTTP", """{"url":"http://x/","httpRequestParams":["x"]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.httpRequestParams[0]", "an object with prop, httpParametersType and value"),
        ("httpRequestParams with a list", Typed("HTTP", """{"url":"http://x/","httpRequestParams":[[]]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.httpRequestParams[0]", "an object with prop, httpParametersType and value"),
        ("httpRequestParams without a name", Typed("HTTP", """{"url":"http://x/","httpRequestParams":[{"prop":"a","httpParametersType":"BODY"},{"httpParametersType":"BODY","value":"x"}]}"""), OffenceKind.MissingTaskParameter, "node 1 'a', taskParams.httpRequestParams[1].prop", "A node of type HTTP needs a text here"),
        ("httpRequestParams without a place", Typed("HTTP", """{"url":"http://x/","httpRequestParams":[{"prop":"a","value":"x"}]}"""), OffenceKind.MissingTaskParameter, "node 1 'a', taskParams.httpRequestParams[0].httpParametersType", "needs one of PARAMETER, BODY, HEADERS here"),
        ("httpRequestParams of an unknown place", Typed("HTTP", """{"url":"http://x/","httpRequestParams":[{"prop":"a","httpParametersType":"HEADER","value":"x"}]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.httpRequestParams[0].httpParametersType", "one of PARAMETER, BODY, HEADERS"),
        ("httpRequestParams with a list for a value", Typed("HTTP", """{"url":"http://x/","httpRequestParams":[{"prop":"a","httpParametersType":"BODY","value":[1]}]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.httpRequestParams[0].value", "a text"),
        ("condition that nobody knows", Typed("HTTP", """{"url":"http://x/","httpCheckCondition":"STATUS"}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.httpCheckCondition", "one of STATUS_CODE_DEFAULT, STATUS_CODE_CUSTOM"),
        ("status without a condition", Typed("HTTP", """{"url":"http://x/","httpCheckCondition":"STATUS_CODE_CUSTOM"}"""), OffenceKind.MissingTaskParameter, "node 1 'a', taskParams.condition", "whose httpCheckCondition is STATUS_CODE_CUSTOM needs one or several status codes such as 200,201"),
        ("status that is no number", Typed("HTTP", """{"url":"http://x/","httpCheckCondition":"status_code_custom","condition":"200,many"}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.condition", "one or several status codes such as 200,201"),
        ("status that is no status", Typed("HTTP", """{"url":"http://x/","httpCheckCondition":"STATUS_CODE_CUSTOM","condition":99}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.condition", "one or several status codes such as 200,201"),
        ("status that is a list", Typed("HTTP", """{"url":"http://x/","httpCheckCondition":"STATUS_CODE_CUSTOM","condition":[200]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.condition", "a text"),
        ("body without a condition", Typed("HTTP", """{"url":"http://x/","httpCheckCondition":"BODY_CONTAINS","condition":""}"""), OffenceKind.MissingTaskParameter, "node 1 'a', taskParams.condition", "whose httpCheckCondition is BODY_CONTAINS or BODY_NOT_CONTAINS needs a text"),
        ("negative time to connect", Typed("HTTP", """{"url":"http://x/","connectTimeout":-5}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.connectTimeout", "a whole number from 0 to 86400000"),
        ("time for an answer too long", Typed("HTTP", """{"url":"http://x/","socketTimeout":"86400001"}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.socketTimeout", "a whole number from 0 to 86400000"),
        ("database of an unknown kind", Typed("SQL", """{"type":"ORACLE","datasource":"${source}","sql":"select 1"}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.type", "one of POSTGRESQL, MYSQL, SQLSERVER, SQLITE"),
        ("data source that is none", Typed("SQL", """{"type":"SQLITE","datasource":"one","sql":"select 1"}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.datasource", "the id of a data source"),
        ("unknown data source", Typed("SQL", """{"type":"SQLITE","datasource":99,"sql":"select 1"}"""), OffenceKind.UnknownDataSource, "node 1 'a', taskParams.datasource", "no data source 99 in the workspace; it has none"),
        ("preStatements with a number", Typed("SQL", """{"type":"SQLITE","datasource":"${source}","sql":"select 1","preStatements":["x",5]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.preStatements[1]", "a statement as text"),
        ("preStatements with nothing", Typed("SQL", """{"type":"SQLITE","datasource":"${source}","sql":"select 1","preStatements":[null]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.preStatements[0]", "a statement as text"),
        ("preStatements with an object", Typed("SQL", """{"type":"SQLITE","datasource":"${source}","sql":"select 1","preStatements":[{}]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.preStatements[0]", "a statement as text"),
        ("postStatements with a number", Typed("SQL", """{"type":"SQLITE","datasource":"${source}","sql":"select 1","postStatements":["x",5]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.postStatements[1]", "a statement as text"),
        ("postStatements with nothing", Typed("SQL", """{"type":"SQLITE","datasource":"${source}","sql":"select 1","postStatements":[null]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.postStatements[0]", "a statement as text"),
        ("postStatements with an object", Typed("SQL", """{"type":"SQLITE","datasource":"${source}","sql":"select 1","postStatements":[{}]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.postStatements[0]", "a statement as text"),
        ("negative rows", Typed("SQL", """{"type":"SQLITE","datasource":"${source}","sql":"select 1","displayRows":-1}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.displayRows", "a whole number from 0 to 1000"),
        ("too many rows", Typed("SQL", """{"type":"SQLITE","datasource":"${source}","sql":"select 1","displayRows":1001}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.displayRows", "a whole number from 0 to 1000"),
        ("too long lists", Typed("SQL", """{"type":"SQLITE","datasource":"${source}","sql":"select 1","limit":10001}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.limit", "a whole number from 0 to 10000"),
        ("negative rows of DuckDB", Typed("DUCKDB", """{"sql":"select 1","displayRows":"-5"}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.displayRows", "a whole number from 0 to 1000"),
        ("too long lists of DuckDB", Typed("DUCKDB", """{"sql":"select 1","limit":10001}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.limit", "a whole number from 0 to 10000"),
        ("Spark SQL without statements", Typed("SPARK", """{"programType":"sql"}"""), OffenceKind.MissingTaskParameter, "node 1 'a', taskParams.rawScript", "whose programType is SQL needs a text"),
        ("Spark SQL in a file", Typed("SPARK", """{"programType":"SQL","rawScript":"select 1","sqlExecutionType":"FILE"}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.sqlExecutionType", "SCRIPT, with the statements in rawScript: there are no resource files"),
        ("program without a file", Typed("SPARK", """{"programType":"PYTHON","mainJar":{}}"""), OffenceKind.MissingTaskParameter, "node 1 'a', taskParams.mainJar.resourceName", "needs a path on the worker's machine, or an address that Spark can read"),
        ("program that is a list", Typed("SPARK", """{"programType":"PYTHON","mainJar":[7]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.mainJar", "an object"),
        ("no driverCores", Typed("SPARK", """{"programType":"SQL","rawScript":"select 1","driverCores":0}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.driverCores", "a whole number of at least 1"),
        ("no numExecutors", Typed("SPARK", """{"programType":"SQL","rawScript":"select 1","numExecutors":0}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.numExecutors", "a whole number of at least 1"),
        ("no executorCores", Typed("SPARK", """{"programType":"SQL","rawScript":"select 1","executorCores":0}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.executorCores", "a whole number of at least 1"),
        ("no memory", Typed("SPARK", """{"programType":"SQL","rawScript":"select 1","driverMemory":"0.0g"}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.driverMemory", "an amount of memory such as 4g"),
        ("negative cores", Typed("EMR_SERVERLESS_SPARK", """{"workspaceBizId":"w","taskBizId":"t","resourceQueueId":"q","sparkDriverCores":-5}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.sparkDriverCores", "a whole number of at least 1"),
        ("no executor's cores", Typed("EMR_SERVERLESS_SPARK", """{"workspaceBizId":"w","taskBizId":"t","resourceQueueId":"q","sparkExecutorCores":0}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.sparkExecutorCores", "a whole number of at least 1"),
        ("no driver's memory", Typed("EMR_SERVERLESS_SPARK", """{"workspaceBizId":"w","taskBizId":"t","resourceQueueId":"q","sparkDriverMemory":0}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.sparkDriverMemory", "such as 4g"),
        ("setting that is a number", Typed("EMR_SERVERLESS_SPARK", """{"workspaceBizId":"w","taskBizId":"t","resourceQueueId":"q","sparkConf":[5]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.sparkConf[0]", "an object with key and value"),
        ("setting that is nothing", Typed("EMR_SERVERLESS_SPARK", """{"workspaceBizId":"w","taskBizId":"t","resourceQueueId":"q","sparkConf":[null]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.sparkConf[0]", "an object with key and value"),
        ("setting without a key", Typed("EMR_SERVERLESS_SPARK", """{"workspaceBizId":"w","taskBizId":"t","resourceQueueId":"q","sparkConf":[{"key":"spark.a","value":1},{"value":"x"}]}"""), OffenceKind.MissingTaskParameter, "node 1 'a', taskParams.sparkConf[1].key", "needs a setting of Spark such as spark.executor.cores"),
        ("setting without a value", Typed("EMR_SERVERLESS_SPARK", """{"workspaceBizId":"w","taskBizId":"t","resourceQueueId":"q","sparkConf":[{"key":"spark.a"}]}"""), OffenceKind.MissingTaskParameter, "node 1 'a', taskParams.sparkConf[0].value", "needs a text"),
        ("setting of somebody else", Typed("EMR_SERVERLESS_SPARK", """{"workspaceBizId":"w","taskBizId":"t","resourceQueueId":"q","sparkConf":[{"key":"hive.a","value":"x"}]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.sparkConf[0].key", "with its name written out"),
        ("setting that a value would choose", Typed("EMR_SERVERLESS_SPARK", """{"workspaceBizId":"w","taskBizId":"t","resourceQueueId":"q","sparkConf":[{"key":"${key}","value":"x"}]}"""), OffenceKind.BadTaskParameter, "node 1 'a', taskParams.sparkConf[0].key", "with its name written out"),
        ("node's description too long", With(0, t => t with { Description = new string('d', 4001) }), OffenceKind.TooLarge, "node 1 'a', description", "at most 4000 characters; there are 4001"),
        ("node's addresses too long", With(0, t => t with { AlertEmail = new string('d', 1001) }), OffenceKind.TooLarge, "node 1 'a', alertEmailAddress", "at most 1000"),
        ("addresses too long", Sound with { AlertEmail = new string('d', 1001) }, OffenceKind.TooLarge, "alertEmailAddress", "at most 1000"),
        ("region too long", Sound with { RegionId = new string('r', 101) }, OffenceKind.TooLarge, "regionId", "at most 100"),
        ("user id too long", Sound with { RunAs = new string('d', 101) }, OffenceKind.TooLarge, "runAs", "at most 100"),
        ("places too long", Sound with { Locations = new string('d', (1024 * 1024) + 1) }, OffenceKind.TooLarge, "locations", "at most 1048576"),
        ("all together too long", Of([.. Enumerable.Range(0, 9).Select(i => Shell(i, Number(i)) with { Params = $$"""{"rawScript":"{{new string('x', 512 * 1024)}}"}""" })]), OffenceKind.TooLarge, "definition", "at most 4194304 characters"),
        ("too many tags", Sound with { Tags = [.. Enumerable.Range(0, 101).Select(i => new Tag(Number(i), ""))] }, OffenceKind.TooLarge, "tags", "at most 100 tags; there are 101"),
        ("tag without a key", Sound with { Tags = [new Tag("", "x")] }, OffenceKind.BadTag, "tags", "1 to 128 characters"),
        ("tag's key too long", With(1, t => t with { Tags = [new Tag(new string('k', 129), "x")] }), OffenceKind.BadTag, "node 2 'b', tags", "1 to 128 characters"),
        ("tag's value too long", Sound with { Tags = [new Tag("a", new string('v', 257))] }, OffenceKind.BadTag, "tags", "at most 256"),
        ("tag twice", Sound with { Tags = [new Tag("a", "1"), new Tag("a", "2")] }, OffenceKind.BadTag, "tags", "'a' is there twice"),
        ("time limit of nothing", Sound with { TimeLimit = new TimeLimit(TimeSpan.Zero, TimeLimitAction.Fail) }, OffenceKind.BadTimeLimit, "timeout", "whole seconds, at most 31536000 (525600 minutes); 0 is none"),
        ("time limit too long", With(0, t => t with { TimeLimit = new TimeLimit(TimeSpan.FromDays(365) + TimeSpan.FromSeconds(1), TimeLimitAction.Warn) }), OffenceKind.BadTimeLimit, "node 1 'a', timeout", "at most 31536000 (525600 minutes)"),
        ("time limit of half a second", Sound with { TimeLimit = new TimeLimit(TimeSpan.FromSeconds(1.5), TimeLimitAction.Warn) }, OffenceKind.BadTimeLimit, "timeout", "whole seconds"),
        ("time limit without an action", Sound with { TimeLimit = new TimeLimit(TimeSpan.FromSeconds(1), (TimeLimitAction)3) }, OffenceKind.BadTimeLimit, "timeout", "A time limit"),
        ("delay too long", With(0, t => t with { Delay = TimeSpan.FromDays(31) }), OffenceKind.BadDelay, "node 1 'a', delayTime", "at most 30 days"),
        ("all nodes disabled", Lone(t => t with { IsDisabled = true }), OffenceKind.NothingToRun, "tasks", "at least one has to be run"),
        ("negative parallelism", Sound with { ParallelismMax = -1 }, OffenceKind.BadParallelism, "taskParallelism", "from 0 to 2147483647; 0 for as many as there are slots"),
        ("unknown queue", Sound with { Queue = "gpu" }, OffenceKind.UnknownQueue, "resourceQueue", "no queue 'gpu'; it has dev_queue, root_queue"),
        ("node's unknown queue", With(1, t => t with { Queue = "gpu" }), OffenceKind.UnknownQueue, "node 2 'b', queue", "no queue 'gpu'"),
        ("unknown environment", With(1, t => t with { Environment = new Porpoise.Core.Environments.EnvironmentCode(7) }), OffenceKind.UnknownEnvironment, "node 2 'b', environmentCode", "no environment 7"),
        ("node's unknown worker group", With(1, t => t with { WorkerGroup = "gpu" }), OffenceKind.UnknownWorkerGroup, "node 2 'b', workerGroup", "no worker group 'gpu'; there are default"),
        ("too many parameters", Sound with { GlobalParams = [.. Enumerable.Range(0, 1001).Select(i => Named("p" + Number(i)))] }, OffenceKind.TooLarge, "globalParams", "at most 1000 parameters; there are 1001"),
        ("parameter without a name", Sound with { GlobalParams = [Named("")] }, OffenceKind.BadParameterName, "globalParams[0] ''", "1 to 200 characters"),
        ("parameter's name too long", Typed("HTTP", """{"url":"http://x/"}""", Named(new string('p', 201))), OffenceKind.BadParameterName, $"node 1 'a', localParams[0] '{new string('p', 40)}…'", "1 to 200 characters"),
        ("parameter's name that cannot be referred to", Typed("HTTP", """{"url":"http://x/"}""", Named("a}b")), OffenceKind.BadParameterName, "node 1 'a', localParams[0] 'a}b'", "without $, braces"),
        ("parameter that is another variable", With(0, t => t with { LocalParams = [Named("ok_1"), Named("PATH")] }), OffenceKind.BadParameterName, "node 1 'a', localParams[1] 'PATH'", "${PATH} is a variable of the shell's own"),
        ("workflow's parameter that is another variable", Sound with { GlobalParams = [Named("PORPOISE_TAG")] }, OffenceKind.BadParameterName, "globalParams[0] 'PORPOISE_TAG'", "take another name"),
        ("parameter twice", Sound with { GlobalParams = [Named("a"), Named("a") with { Direction = ParameterDirection.Out }] }, OffenceKind.DuplicateParameter, "globalParams[1] 'a'", "same name"),
        ("parameter's type too long", Sound with { GlobalParams = [Named("a") with { Type = new string('t', 51) }] }, OffenceKind.TooLarge, "globalParams[0] 'a'", "at most 50"),
        ("parameter's value too long", Sound with { GlobalParams = [Named("a") with { Value = new string('v', (64 * 1024) + 1) }] }, OffenceKind.TooLarge, "globalParams[0] 'a'", "at most 65536"),
        ("retries below 0", With(0, t => t with { RetryMax = -1 }), OffenceKind.BadRetry, "node 1 'a'", "0 to 1000 retries"),
        ("too many retries", With(0, t => t with { RetryMax = 1001 }), OffenceKind.BadRetry, "node 1 'a'", "0 to 1000 retries"),
        ("wait below 0", With(0, t => t with { RetryInterval = TimeSpan.FromTicks(-1) }), OffenceKind.BadRetry, "node 1 'a'", "30 days apart"),
        ("wait too long", With(0, t => t with { RetryInterval = TimeSpan.FromDays(30) + TimeSpan.FromTicks(1) }), OffenceKind.BadRetry, "node 1 'a'", "30 days apart"),
        ("edge from nowhere", Sound with { Edges = [Edge(0, 1), Edge(7, 2)] }, OffenceKind.UnknownNode, "edge 2 (107 to 102)", "has the code 107"),
        ("edge to nowhere", Sound with { Edges = [Edge(0, 7)] }, OffenceKind.UnknownNode, "edge 1 (100 to 107)", "has the code 107"),
        ("edge's name too long", Sound with { EdgeNames = [new EdgeName(Edge(0, 1), new string('n', 201))] }, OffenceKind.TooLarge, "edge from 100 to 101", "at most 200"),
        ("edge to itself", Sound with { Edges = [Edge(1, 1)] }, OffenceKind.SelfEdge, "edge 1 (101 to 101)", "cannot wait for itself"),
        ("circle of two", Sound with { Edges = [Edge(0, 1), Edge(1, 0)] }, OffenceKind.Cycle, "edges", "wait for each other in a circle: '"),
    ];

    public static TheoryData<string> Cases => [.. Table.Select(row => row.Case)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_offence_is_named_with_its_place(string name)
    {
        var row = Table.Single(r => r.Case == name);
        var offence = Assert.Single(WorkflowValidation.Check(row.Definition));
        Assert.Equal(row.Kind, offence.Kind);
        Assert.Equal(row.Place, offence.Place);
        Assert.Contains(row.Says, offence.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_of_offence_has_a_row() =>
        Assert.Equal(
            Enum.GetValues<OffenceKind>().Except([OffenceKind.Unreadable, OffenceKind.BadSchedule]).Order(), // tested with the files and with the schedules
            Table.Select(r => r.Kind).Distinct().Order());

    [Fact]
    public void Queues_are_those_of_the_workspace()
    {
        var definition = Sound with { Queue = "etl" };
        Assert.Empty(WorkflowValidation.Check(definition, new WorkflowSurroundings(new HashSet<string> { "etl" })));
        Assert.Single(WorkflowValidation.Check(definition));
    }

    [Fact]
    public void Data_sources_are_those_of_the_workspace()
    {
        var definition = Typed("SQL", """{"type":"SQLITE","datasource":"3","sql":"select 1"}""");
        Assert.Empty(WorkflowValidation.Check(definition, WorkflowSurroundings.Standard with { DataSources = new HashSet<int> { 3 } }));
        Assert.Empty(WorkflowValidation.Check(definition, WorkflowSurroundings.Unknown));
        Assert.Contains("it has 4, 5.", Assert.Single(WorkflowValidation.Check(definition, WorkflowSurroundings.Standard with { DataSources = new HashSet<int> { 5, 4 } })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_list_of_faults_ends_where_nobody_reads_on() =>
        Assert.Equal(WorkflowValidation.OffencesMax, WorkflowValidation.Check(Typed("HTTP", $$"""{"url":"http://x/","httpParams":[{{string.Join(',', Enumerable.Repeat("1", 10_000))}}]}""")).Count);

    [Fact]
    public void Names_that_no_script_sees_need_not_be_variables() =>
        Assert.Empty(WorkflowValidation.Check(Typed("HTTP", """{"url":"http://x/"}""", Named("biz.date")) with { GlobalParams = [Named("1st-name")] }));

    [Fact]
    public void A_circle_is_found_beside_offences_of_the_nodes()
    {
        var definition = Of([Shell(0, "a") with { Params = "{}" }, Shell(1, "b")], Edge(0, 1), Edge(1, 0));
        Assert.Equal([OffenceKind.MissingTaskParameter, OffenceKind.Cycle], WorkflowValidation.Check(definition).Select(o => o.Kind));
    }

    [Fact]
    public void A_sound_definition_has_no_offences() => Assert.Empty(WorkflowValidation.Check(Sound));

    [Fact]
    public void A_repeated_edge_is_no_offence() => Assert.Empty(WorkflowValidation.Check(Sound with { Edges = [Edge(0, 1), Edge(0, 1)] }));

    [Fact]
    public void What_is_just_within_the_limits_is_allowed()
    {
        var tasks = Enumerable.Range(0, 10_000).Select(i => Shell(i, Number(i), 1000) with { RetryInterval = TimeSpan.FromDays(30) }).ToList();
        tasks[0] = tasks[0] with { Code = new TaskCode((1L << 53) - 1), Name = new string('n', 200) };
        tasks[1] = tasks[1] with { Code = new TaskCode(1) };
        var edges = Enumerable.Range(0, 100_000).Select(i => Edge(2 + (i % 50), 60 + (i / 50 % 2000)));
        var definition = Of(tasks, [.. edges]) with { Name = new string('n', 200), Description = new string('d', 4000) };
        Assert.Empty(WorkflowValidation.Check(definition));
    }

    [Fact]
    public void A_circle_is_named_in_the_order_of_its_edges_without_the_nodes_that_lead_into_it()
    {
        var definition = Of(
            [Shell(0, "in"), Shell(1, "x"), Shell(2, "y"), Shell(3, "z"), Shell(4, "out")],
            Edge(0, 1), Edge(1, 2), Edge(2, 3), Edge(3, 1), Edge(3, 4));
        var message = Assert.Single(WorkflowValidation.Check(definition)).Message;
        var named = message[(message.IndexOf(": ", StringComparison.Ordinal) + 2)..^1];
        Assert.Contains(named, new[] { "'x' → 'y' → 'z' → 'x'", "'y' → 'z' → 'x' → 'y'", "'z' → 'x' → 'y' → 'z'" });
    }

    [Fact]
    public void Each_circle_is_named_and_what_only_waits_for_one_is_not()
    {
        var definition = Of(
            [Shell(0, "a"), Shell(1, "b"), Shell(2, "c"), Shell(3, "d"), Shell(4, "e"), Shell(5, "f"), Shell(6, "g"), Shell(7, "h")],
            Edge(0, 1), Edge(1, 0), Edge(2, 3), Edge(3, 2), Edge(1, 2), Edge(3, 4), Edge(4, 5), Edge(6, 7), Edge(7, 6), Edge(5, 7));
        var offences = WorkflowValidation.Check(definition);
        Assert.All(offences, o => Assert.Equal((OffenceKind.Cycle, "edges"), (o.Kind, o.Place)));
        Assert.Equal(
            ["'b' → 'a' → 'b'", "'d' → 'c' → 'd'", "'h' → 'g' → 'h'"],
            offences.Select(o => o.Message[(o.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..^1]));
        Assert.Equal([0, 2, 6], offences.Select(o => o.Node));
    }

    [Fact]
    public void Circles_that_share_a_node_are_named_once()
    {
        var offence = Assert.Single(WorkflowValidation.Check(Of([Shell(0, "a"), Shell(1, "b"), Shell(2, "c")], Edge(0, 1), Edge(1, 0), Edge(1, 2), Edge(2, 1))));
        Assert.Equal(2, offence.Message.Count(c => c == '→'));
    }

    [Fact]
    public void Of_thousands_of_circles_as_many_are_named_as_offences_are_listed()
    {
        const int circles = 5_000;
        var definition = Of(
            [.. Enumerable.Range(0, 2 * circles).Select(i => Shell(i, Number(i)))],
            [.. Enumerable.Range(0, circles).SelectMany(i => new[] { Edge(2 * i, (2 * i) + 1), Edge((2 * i) + 1, 2 * i) })]);
        var offences = WorkflowValidation.Check(definition with { Name = "" });
        Assert.Equal(WorkflowValidation.OffencesMax, offences.Count);
        Assert.Equal(WorkflowValidation.OffencesMax - 1, offences.Where(o => o.Kind == OffenceKind.Cycle).Select(o => o.Message).Distinct().Count());
    }

    /// <summary>Whatever the edges, every circle that is named is one, and none is left once one edge of each is taken away, over and over.</summary>
    [Fact]
    public void Taking_the_named_circles_apart_leaves_none()
    {
        var circlesSeen = 0;
        Gen.Int[2, 12].SelectMany(n => Gen.Select(Gen.Int[0, n - 1], Gen.Int[0, n - 1]).List[0, 3 * n].Select(edges => (n, edges))).Sample(
            drawn =>
            {
                var tasks = Enumerable.Range(0, drawn.n).Select(i => Shell(i, Number(i))).ToList();
                var edges = drawn.edges.Where(e => e.Item1 != e.Item2).Select(e => Edge(e.Item1, e.Item2)).Distinct().ToList();
                while (WorkflowValidation.Check(Of(tasks, edges)) is { Count: > 0 } offences)
                {
                    var named = offences.Select(o => o.Message[(o.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..^1].Split(" → ").Select(n => int.Parse(n.Trim('\''), CultureInfo.InvariantCulture)).ToList()).ToList();
                    Interlocked.Increment(ref circlesSeen);
                    Assert.Equal(named.Sum(c => c.Count - 1), named.SelectMany(c => c).Distinct().Count());
                    foreach (var circle in named)
                    {
                        Assert.All(circle.Zip(circle.Skip(1)), pair => Assert.Contains(Edge(pair.First, pair.Second), edges));
                    }

                    named.ForEach(circle => edges.Remove(Edge(circle[0], circle[1])));
                }

                Assert.Equal(drawn.n, Graph(tasks, edges).InOrder().Count);
            });
        Assert.True(circlesSeen > 10, $"{circlesSeen} definitions had circles.");
    }

    [Fact]
    public void Rows_as_they_were_sent_give_the_places_of_edges_and_are_checked_also_where_they_mark_a_root()
    {
        static Edge Row(long from, long to) => new(new TaskCode(from), new TaskCode(to));
        Edge[] rows = [Row(0, 100), Row(0, 101), Row(100, 101), Row(100, 101), Row(100, 109), Row(0, 109), Row(0, 0), Row(101, 101), Row(100, 109)];
        var definition = Of([Shell(0, "a"), Shell(1, "b")], [.. rows.Where(r => r.From != default).Distinct()]);
        Assert.Equal(
            [
                ("edge 5 (100 to 109)", "No node of this workflow has the code 109."), ("edge 6 (0 to 109)", "No node of this workflow has the code 109."),
                ("edge 7 (0 to 0)", "No node of this workflow has the code 0."), ("edge 8 (101 to 101)", "A node cannot wait for itself."),
            ],
            WorkflowValidation.Check(definition, WorkflowSurroundings.Standard, rows).Select(o => (o.Place, o.Message)));
    }

    [Fact]
    public void A_long_chain_that_ends_in_a_circle_is_walked_without_recursion()
    {
        const int nodes = 10_000;
        var edges = Enumerable.Range(0, nodes - 1).Select(i => Edge(i, i + 1)).Append(Edge(nodes - 1, 0));
        var offence = Assert.Single(WorkflowValidation.Check(Of([.. Enumerable.Range(0, nodes).Select(i => Shell(i, Number(i)))], [.. edges])));
        Assert.Equal(101, offence.Message.Count(c => c == '→'));
        Assert.Contains("→ 9900 more →", offence.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once_in_the_order_of_reading()
    {
        var definition = new WorkflowDefinition(
            "",
            new string('d', 5000),
            [Shell(0, "a") with { Type = "BASH", RetryMax = -1 }, Shell(0, "a")],
            [Edge(0, 8), Edge(0, 0)],
            "");
        Assert.Equal(
            [
                (OffenceKind.BadName, "name"), (OffenceKind.TooLarge, "description"),
                (OffenceKind.UnknownTaskType, "node 1 'a'"), (OffenceKind.BadRetry, "node 1 'a'"),
                (OffenceKind.DuplicateName, "node 2 'a'"), (OffenceKind.DuplicateCode, "node 2 'a'"),
                (OffenceKind.UnknownNode, "edge 1 (100 to 108)"), (OffenceKind.SelfEdge, "edge 2 (100 to 100)"),
            ],
            WorkflowValidation.Check(definition).Select(o => (o.Kind, o.Place)));
    }

    [Fact]
    public void No_more_than_fifty_offences_are_listed()
    {
        var definition = Of([.. Enumerable.Range(0, 200).Select(i => Shell(i, "") with { Type = "?", RetryMax = -1 })], [.. Enumerable.Repeat(Edge(900, 901), 200)]);
        Assert.Equal(WorkflowValidation.OffencesMax, WorkflowValidation.Check(definition).Count);
    }

    private static WorkflowDefinition With(int index, Func<TaskDefinition, TaskDefinition> change)
    {
        var tasks = Sound.Tasks.ToList();
        tasks[index] = change(tasks[index]);
        return Sound with { Tasks = tasks };
    }

    private static Parameter Named(string name) => new(name, ParameterDirection.In, "VARCHAR", "");

    private static WorkflowDefinition Typed(string type, string taskParams, params IReadOnlyList<Parameter> parameters) => Lone(t => t with { Type = type, Params = taskParams, LocalParams = parameters });

    private static WorkflowDefinition Lone(Func<TaskDefinition, TaskDefinition> change) => Of([change(Shell(0, "a"))]);

    private static string Number(int i) => i.ToString(CultureInfo.InvariantCulture);
}
