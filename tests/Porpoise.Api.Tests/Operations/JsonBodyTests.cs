using System.Text;
using Porpoise.Api.Tests.Serving;

namespace Porpoise.Api.Tests.Operations;

/// <summary>What the members of a JSON body may be: texts and what stands for a text, and JSON only where the parameter is JSON itself.</summary>
public sealed class JsonBodyTests(ApiServer server) : ApiTest(server)
{
    [Theory]
    [InlineData("POST", "/dolphinscheduler/projects", """{"projectName":{"a":1}}""", "projectName", "a text")]
    [InlineData("POST", "/dolphinscheduler/projects", """{"projectName":["a"]}""", "projectName", "a text")]
    [InlineData("POST", "/dolphinscheduler/projects", """{"projectName":true}""", "projectName", "a text")]
    [InlineData("POST", "/dolphinscheduler/projects", """{"projectName":"x","description":[]}""", "description", "a text")]
    [InlineData("POST", "/porpoise/v1/worker-groups", """{"name":"json-body","slots":[1]}""", "slots", "a whole number")]
    [InlineData("POST", "/porpoise/v1/worker-groups", """{"name":"json-body","slots":true}""", "slots", "a whole number")]
    [InlineData("POST", "/dolphinscheduler/environment/create", """{"name":{},"config":"export A=1"}""", "name", "a text")]
    [InlineData("POST", "/dolphinscheduler/login", """{"userName":["root"],"userPassword":"x"}""", "userName", "a text")]
    public async Task JSON_where_a_text_or_a_number_is_expected_is_refused_by_name(string method, string path, string body, string name, string takes) =>
        Assert.Equal($"The parameter {name} is not valid: it takes {takes}.", (await SendAsync(method, path, body)).Refused(10001));

    [Fact]
    public async Task Parameters_that_are_JSON_come_as_JSON_and_numbers_and_booleans_as_themselves()
    {
        var created = (await SendAsync(
            "POST",
            Project + "/process-definition",
            $$$"""
            {"name":"json-{{{Guid.NewGuid():N}}}","description":null,"timeout":1,"publish":true,"otherParamsJson":{},"locations":[{"taskCode":1,"x":1,"y":2}],"globalParams":[{"prop":"day","value":"1"}],
             "tags":{"team":"data"},"schedule":{"crontab":"0 0 1 * * ?"},"taskDefinitionJson":[{"code":1,"name":"a","taskType":"NOOP","taskParams":{}}],"taskRelationJson":[{"preTaskCode":0,"postTaskCode":1}]}
            """)).Data();
        Assert.Equal("""[{"taskCode":1,"x":1,"y":2}]""", created.GetProperty("locations").GetString());
        Assert.Equal("ONLINE", created.GetProperty("releaseState").GetString());
        var run = (await SendAsync(
            "POST",
            Project + "/executors/start-process-instance",
            $$"""{"processDefinitionCode":{{created.GetProperty("code").GetInt64()}},"isProd":true,"dryRun":0,"allLevelDependent":false,"startParams":{"day":"2"},"scheduleTime":{"complementStartDate":"x"},"unknown":[{"a":1}]}""")).Data()[0].GetInt32();
        Assert.Equal("""{"day":"2"}""", (await WaitAsync(run)).GetProperty("startParams").GetRawText());
        var code = (await SendAsync("POST", "/dolphinscheduler/environment/create", $$"""{"name":"json-{{Guid.NewGuid():N}}","config":"export A=1","workerGroups":["default"]}""")).Data().GetInt64();
        Assert.Equal("""["default"]""", (await Dolphin.GetAsync("/dolphinscheduler/environment/query-by-code", ("environmentCode", code))).Data().GetProperty("workerGroups").GetRawText());
    }

    private async Task<Reply> SendAsync(string method, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await Dolphin.SendAsync(new HttpMethod(method), path, content);
    }
}
