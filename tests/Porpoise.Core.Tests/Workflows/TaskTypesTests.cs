using Porpoise.Core.Workflows;

namespace Porpoise.Core.Tests.Workflows;

public sealed class TaskTypesTests
{
    /// <summary>What nodes look like in the wild, one of each kind of value: none of it may be refused.</summary>
    public static TheoryData<string, string> Samples => new()
    {
        { "SHELL", """{"localParams":[],"rawScript":"echo hi","resourceList":[]}""" },
        { "NOOP", "{}" },
        { "SHELL", """{"rawScript":5}""" },
        { "SQL", """{"type":"MYSQL","datasource":"3","sql":"select 1","sqlType":"0","displayRows":10,"preStatements":[],"postStatements":["analyze x",""],"limit":0,"sendEmail":false,"udfs":""}""" },
        { "SQL", """{"type":"sqlite","datasource":"${source}","sql":"select 1","displayRows":1000,"limit":"10000"}""" },
        { "HTTP", """{"url":"http://x.invalid/","httpMethod":"GET","httpParams":[],"httpCheckCondition":"STATUS_CODE_DEFAULT","condition":"","connectTimeout":60000,"socketTimeout":"60000"}""" },
        { "HTTP", """{"url":" HTTPS://u:p@x.invalid/${day}","httpMethod":"get","httpCheckCondition":"status_code_custom","condition":"200, 404","httpParams":[{"prop":"a","httpParametersType":"parameter","value":7},{"prop":"${n}","httpParametersType":"${place}"},{"prop":5,"httpParametersType":"HEADERS","value":null},{"prop":"m","httpParametersType":"Body","value":""}]}""" },
        { "HTTP", """{"url":"${server}/x","httpCheckCondition":"STATUS_CODE_CUSTOM","condition":201,"httpRequestParams":[],"connectTimeout":0,"socketTimeout":86400000}""" },
        { "HTTP", """{"url":"http://${host}:80/","httpCheckCondition":"${check}","condition":""}""" },
        { "SPARK", """{"programType":"SCALA","mainClass":"a.B","mainJar":{"id":1,"resourceName":"${jar}"},"deployMode":"cluster","driverCores":1,"driverMemory":"512M","numExecutors":2,"executorMemory":"2G","executorCores":2}""" },
        { "SPARK", """{"programType":"SQL","rawScript":"select 1","mainJar":"","sqlExecutionType":"script"}""" },
        { "SPARK", """{"programType":"SQL","rawScript":"select 1","mainJar":{}}""" },
        { "SPARK", """{"programType":"PYTHON","mainJar":{"resourceName":"a.py"},"sqlExecutionType":"FILE","rawScript":null}""" },
        { "EMR_SERVERLESS_SPARK", """{"workspaceBizId":"w-1","taskBizId":"TSK-1","resourceQueueId":"root_queue","type":"SQL","fusion":"false","sparkDriverCores":1,"sparkDriverMemory":"4g","sparkExecutorCores":"1","sparkExecutorMemory":4,"sparkConf":[{"key":"spark.x","value":true},{"key":"spark.y","value":""},{"key":"spark.z","value":"${z}"}],"sparkLogLevel":"INFO","environmentId":null}""" },
        { "EMR_SERVERLESS_SPARK", """{"workspaceBizId":"w-1","taskBizId":"TSK-1","resourceQueueId":"root_queue","sparkDriverMemory":"4.5 GiB","sparkDriverCores":"${cores}"}""" },
        { "SUB_PROCESS", """{"processDefinitionCode":9000000000001}""" },
        { "JAVA", """{"runType":"JAR","mainJar":{"id":4},"isModulePath":"False"}""" },
        { "JAVA", """{"runType":"JAVA","rawScript":"class A {}"}""" },
        { "PROCEDURE", """{"type":"ORACLE","datasource":1,"method":"call x()"}""" },
        { "K8S", """{"image":"x:1","namespace":"{\"name\":\"default\",\"cluster\":\"c\"}","minCpuCores":0.5,"minMemorySpace":"128"}""" },
        { "DEPENDENT", """{"dependence":{"relation":"AND","dependTaskList":[]}}""" },
        { "SWITCH", """{"switchResult":{"dependTaskList":[],"nextNode":5}}""" },
        { "DVC", """{"anything":{"goes":[1,2]}}""" },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void What_clients_send_is_taken(string type, string taskParams) =>
        Assert.Empty(WorkflowValidation.Check(Definitions.Of([Definitions.Shell(0, "a") with { Type = type, Params = taskParams }]), WorkflowSurroundings.Standard with { DataSources = new HashSet<int> { 3 } }));

    [Fact]
    public void Both_spellings_of_the_cloud_s_type_are_known_and_one_is_stored()
    {
        Assert.True(TaskTypes.IsKnown("EMR-SERVERLESS-SPARK"));
        Assert.Equal("EMR_SERVERLESS_SPARK", TaskTypes.Canonical("EMR-SERVERLESS-SPARK"));
        Assert.All(TaskTypes.All, type => Assert.Equal(type, TaskTypes.Canonical(type)));
    }

    [Fact]
    public void Known_is_more_than_runnable()
    {
        Assert.All(TaskTypes.All, type => Assert.True(TaskTypes.IsKnown(type)));
        Assert.Equal(TaskTypes.All.Count, TaskTypes.All.Distinct().Count());
        Assert.Equal(["DUCKDB", "EMR_SERVERLESS_SPARK", "HTTP", "NOOP", "PYTHON", "SHELL", "SPARK", "SQL"], TaskTypes.All.Where(TaskTypes.IsRunnable).Order());
        Assert.All(["shell", "", "BASH", "Shell "], type => Assert.False(TaskTypes.IsKnown(type)));
    }

    [Fact]
    public void Only_known_types_have_rules() => Assert.Empty(TaskParameterTable.Types.Except(TaskTypes.All));

    /// <summary>A node with nothing in it is told about each member that its type needs.</summary>
    [Fact]
    public void Every_member_that_is_needed_is_missed()
    {
        foreach (var type in TaskTypes.All)
        {
            var needed = TaskParameterTable.Of(type).Where(p => p.IsRequired && p.When is null).Select(p => $"node 1 'a', taskParams.{p.Name}");
            var offences = WorkflowValidation.Check(Definitions.Of([Definitions.Shell(0, "a") with { Type = type, Params = "{}" }]));
            Assert.Equal(needed, offences.Select(o => o.Place));
        }
    }

    /// <summary>A list where none belongs, and a number where a list belongs.</summary>
    [Fact]
    public void Every_member_is_checked()
    {
        foreach (var type in TaskTypes.All)
        {
            foreach (var parameter in TaskParameterTable.Of(type))
            {
                var wrong = parameter.Kind == TaskParameterKind.List ? "7" : "[7]";
                var offences = WorkflowValidation.Check(Definitions.Of([Definitions.Shell(0, "a") with { Type = type, Params = $$"""{"{{parameter.Name}}":{{wrong}}}""" }]));
                Assert.Contains(offences, o => o.Kind == OffenceKind.BadTaskParameter && o.Place == $"node 1 'a', taskParams.{parameter.Name}");
            }
        }
    }
}
