using System.Text.Json.Nodes;
using Porpoise.Api.Tests.Serving;

namespace Porpoise.Api.Tests.Operations;

public sealed class AnswerJsonTests(ApiServer server) : ApiTest(server)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refusals_are_written_as_people_read_them(bool isCloud)
    {
        const string Name = "'每天' <a & b>";
        var reply = await (isCloud ? Cloud : Dolphin).GetAsync(Project + "/process-definition/query-by-name", ("name", Name + "\""));
        Assert.Contains(Name + "\\\"", reply.Text, StringComparison.Ordinal);
        Assert.Contains(Name + '"', reply.Refused(50003), StringComparison.Ordinal);
    }

    [Fact]
    public async Task So_is_data_and_the_JSON_inside_of_it()
    {
        var value = "每天's <b>";
        var form = new Definitions.DefinitionForm("每天 " + Guid.NewGuid().ToString("N")).Shell("a")
            .With("globalParams", new JsonArray(new JsonObject { ["prop"] = "p", ["value"] = value }).ToJsonString());
        var created = (await Dolphin.PostAsync(Project + "/process-definition", form.Parameters)).Data();
        var read = await Dolphin.GetAsync($"{Project}/process-definition/{created.GetProperty("code")}");
        Assert.Contains($"\"{form.Name}\"", read.Text, StringComparison.Ordinal);
        Assert.Contains("\"value\":\"" + value + "\"", read.Text, StringComparison.Ordinal);
        Assert.Contains($$"""{\"prop\":\"p\",\"direct\":\"IN\",\"type\":\"VARCHAR\",\"value\":\"{{value}}\"}""", read.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\\u", read.Text, StringComparison.Ordinal);

        (await Dolphin.PostAsync($"{Project}/process-definition/{created.GetProperty("code")}/release", ("releaseState", "ONLINE"))).Data();
        var run = (await Dolphin.PostAsync(
            Project + "/executors/start-process-instance", ("processDefinitionCode", created.GetProperty("code").GetInt64()), ("startParams", """{"q":"早"}"""), ("comments", "再来"))).Data()[0].GetInt32();
        var shown = await Dolphin.GetAsync($"{Project}/process-instances/{run}");
        Assert.Contains("再来", shown.Text, StringComparison.Ordinal);
        Assert.Contains("""\"q\\\":\\\"早""", shown.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\\u", shown.Text, StringComparison.Ordinal);
    }
}
