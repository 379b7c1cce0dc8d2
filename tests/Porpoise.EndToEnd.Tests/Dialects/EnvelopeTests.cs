using System.Text.Json;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Dialects;

/// <summary>What a success looks like to either kind of caller.</summary>
public sealed class EnvelopeTests(SharedServer shared) : SharedServerTest(shared)
{
    public static TheoryData<Dialect> Dialects => [Dialect.Cloud, Dialect.Dolphin];

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Each_of_the_four_operations_answers_in_the_callers_envelope(Dialect dialect)
    {
        var client = ClientOf(dialect);
        var codes = await client.TryGenerateCodesAsync(3);
        AssertSuccess(dialect, codes);
        Assert.Equal(3, codes.Data().EnumerateArray().Select(c => c.GetInt64()).Distinct().Count());

        var created = await client.TryCreateAsync(new Workflow().Noop("a"));
        AssertSuccess(dialect, created);
        var code = created.Data().GetProperty("code").GetInt64();
        Assert.Equal(JsonValueKind.Number, created.Data().GetProperty("id").ValueKind);

        var changed = new Workflow().Noop("a").Noop("b", "a");
        AssertSuccess(dialect, await client.TryUpdateAsync(code, changed, ("publish", "true")));

        var started = await client.TryStartAsync(code, ("isProd", "true"));
        AssertSuccess(dialect, started);
        var run = Assert.Single(started.Data().EnumerateArray()).GetInt32();
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        Assert.Equal("SUCCESS", await Cloud.WaitForStateAsync(run));
    }

    [Fact]
    public async Task Either_name_of_the_workspace_works_in_either_dialect()
    {
        foreach (var client in (ApiClient[])[Cloud, Dolphin])
        {
            foreach (var workspace in (string[])[Cloud.Workspace, Dolphin.Workspace])
            {
                var reply = await client.GetAsync($"/dolphinscheduler/projects/{workspace}/task-definition/gen-task-codes", ("genNum", 1));
                Assert.Equal(1, reply.Data().GetArrayLength());
            }
        }
    }

    [Fact]
    public async Task Parameters_may_come_by_query_form_or_json()
    {
        var code = await Dolphin.CreateAsync(new Workflow().Noop("a"));
        var path = $"/dolphinscheduler/projects/{Dolphin.Workspace}/executors/start-process-instance";
        (await Dolphin.SendAsync(HttpMethod.Post, $"{path}?processDefinitionCode={code}")).Data();
        (await Dolphin.SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent([KeyValuePair.Create("processDefinitionCode", $"{code}")]))).Data();
        using var json = new StringContent($$"""{"processDefinitionCode": {{code}}, "startParams": null, "dryRun": 0}""", System.Text.Encoding.UTF8, "application/json");
        (await Dolphin.SendAsync(HttpMethod.Post, path, json)).Data();
        using var signed = new StringContent($$"""{"processDefinitionCode": "{{code}}", "productNamespace": "SS", "isProd": true}""", System.Text.Encoding.UTF8, "application/json");
        (await Cloud.SendAsync(HttpMethod.Post, path, signed)).Data();
    }

    private static void AssertSuccess(Dialect dialect, Reply reply)
    {
        Assert.Equal(JsonValueKind.True, reply.Json.GetProperty("success").ValueKind);
        Assert.Equal(JsonValueKind.False, reply.Json.GetProperty("failed").ValueKind);
        Assert.StartsWith("application/json", reply.Header("Content-Type"), StringComparison.Ordinal);
        if (dialect == Dialect.Cloud)
        {
            Assert.Equal(200, reply.Status);
            Assert.Equal(1_000_000, reply.Code);
            Assert.Equal(200, reply.Json.GetProperty("httpStatusCode").GetInt32());
            Assert.True(Guid.TryParse(reply.Json.GetProperty("requestId").GetString(), out _));
            Assert.Equal(reply.Header("x-acs-request-id"), reply.Json.GetProperty("requestId").GetString());
        }
        else
        {
            Assert.Equal(0, reply.Code);
            Assert.Equal("success", reply.Message);
        }
    }
}
