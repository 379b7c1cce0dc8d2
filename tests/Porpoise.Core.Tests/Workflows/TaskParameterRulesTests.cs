using System.Text.Json;
using Porpoise.Core.Workflows;

namespace Porpoise.Core.Tests.Workflows;

/// <summary>What a value may be that is not known before the run.</summary>
public sealed class TaskParameterRulesTests
{
    private const string Sql = """{"type":"SQLITE","datasource":1,"sql":"select 1",""";
    private const string Spark = """{"programType":"SQL","rawScript":"select 1",""";
    private const string Cloud = """{"workspaceBizId":"w","taskBizId":"t","resourceQueueId":"q",""";

    /// <summary>The type, its taskParams with a reference, a value that does not fit, and one that does.</summary>
    public static TheoryData<string, string, string, string> Table => new()
    {
        { "HTTP", """{"url":"http://x/","httpMethod":"${v}"}""", "FETCH", "post" },
        { "HTTP", """{"url":"http://x/","httpRequestMethod":"${v}"}""", "FETCH", "" },
        { "HTTP", """{"url":"http://x/","httpParams":[{"prop":"a","httpParametersType":"${v}"}]}""", "COOKIE", "headers" },
        { "HTTP", """{"url":"http://x/","httpRequestParams":[{"prop":"a","httpParametersType":"${v}ER"}]}""", "HEAD", "PARAMET" },
        { "HTTP", """{"url":"http://x/","httpCheckCondition":"${v}"}""", "STATUS", "status_code_default" },
        { "HTTP", """{"url":"http://x/","httpCheckCondition":"STATUS_CODE_CUSTOM","condition":"200,${v}"}""", "many", "404" },
        { "HTTP", """{"url":"http://x/","connectTimeout":"${v}"}""", "-5", "5" },
        { "HTTP", """{"url":"http://x/","socketTimeout":"${v}"}""", "soon", " 5 " },
        { "SQL", """{"type":"${v}","datasource":1,"sql":"select 1"}""", "ORACLE", "sqlite" },
        { "SQL", """{"type":"MYSQL","datasource":"${v}","sql":"select 1"}""", "one", "1" },
        { "SQL", Sql + "\"displayRows\":\"${v}\"}", "1001", "1000" },
        { "SQL", Sql + "\"limit\":\"${v}\"}", "-1", "" },
        { "DUCKDB", """{"sql":"select 1","displayRows":"${v}0"}""", "101", "10" },
        { "SPARK", """{"programType":"${v}","rawScript":"select 1"}""", "R", "sql" },
        { "SPARK", Spark + "\"sqlExecutionType\":\"${v}\"}", "FILE", "SCRIPT" },
        { "SPARK", Spark + "\"deployMode\":\"${v}\"}", "yarn", "CLIENT" },
        { "SPARK", Spark + "\"driverCores\":\"${v}\"}", "0", "1" },
        { "SPARK", Spark + "\"executorMemory\":\"${v}\"}", "0g", "0.5g" },
        { "EMR_SERVERLESS_SPARK", Cloud + "\"sparkDriverCores\":\"${v}\"}", "-5", "2" },
        { "EMR_SERVERLESS_SPARK", Cloud + "\"sparkDriverMemory\":\"${v}\"}", "lots", "4 GiB" },
        { "EMR_SERVERLESS_SPARK", Cloud + "\"fusion\":\"${v}\"}", "maybe", "True" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void What_stands_for_a_value_is_judged_at_the_run_in_the_words_of_the_save(string type, string taskParams, string wrong, string right)
    {
        Assert.Empty(Saved(type, taskParams));
        Assert.Empty(Run(type, taskParams, right));
        var said = Assert.Single(Run(type, taskParams, wrong));
        var written = Assert.Single(Saved(type, taskParams.Replace("${v}", wrong, StringComparison.Ordinal)));
        Assert.Equal((written.Kind, written.Message), (said.Kind, said.Message));
        Assert.Equal(written.Place, $"node 1 'a', {said.Place}");
        Assert.Single(Run(type, taskParams, "${v}")); // nothing has the name: it stays as it is written
    }

    [Fact]
    public void A_value_can_make_another_member_needed()
    {
        const string Params = """{"programType":"${v}","mainClass":"a.B"}""";
        Assert.Empty(Saved("SPARK", Params));
        Assert.Equal("taskParams.mainJar", Assert.Single(Run("SPARK", Params, "JAVA")).Place);
        Assert.Equal("taskParams.rawScript", Assert.Single(Run("SPARK", Params, "SQL")).Place);
    }

    /// <summary>Where a value lands in an address says how it is encoded: that is the runner's to judge.</summary>
    [Fact]
    public void An_address_with_a_value_in_it_is_not_judged_here() => Assert.Empty(Run("HTTP", """{"url":"${v}/x"}""", "ftp://x"));

    private static IReadOnlyList<Offence> Saved(string type, string taskParams) => WorkflowValidation.Check(
        Definitions.Of([Definitions.Shell(0, "a") with { Type = type, Params = taskParams }]), WorkflowSurroundings.Standard with { DataSources = new HashSet<int> { 1 } });

    private static IReadOnlyList<Offence> Run(string type, string taskParams, string value) =>
        TaskParameterRules.Check(type, JsonElement.Parse(taskParams), text => text.Replace("${v}", value, StringComparison.Ordinal));
}
