using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Porpoise.Api.Tests.Serving;

namespace Porpoise.Api.Tests.Definitions;

/// <summary>What a caller says about a definition is shown again, in either dialect, with the units of the dialect.</summary>
public sealed class FieldTests(ApiServer server) : DefinitionTest(server)
{
    private const string Parameters = """[{"prop":"dt","direct":"IN","type":"VARCHAR","value":"$[yyyyMMdd]"},{"prop":"n","direct":"OUT","type":"INTEGER","value":""}]""";

    /// <summary>The parameter, its value, the member of the answer that shows it, and how. A member with another name in the other dialect is another row.</summary>
    public static TheoryData<string, string, string, string> Fields => new()
    {
        { "description", "Copies – 每天", "description", "\"Copies – 每天\"" },
        { "globalParams", Parameters, "globalParamList", Parameters },
        { "globalParams", """[{"prop":"a","value":5},{"prop":" b ","type":"date","direct":"in"}]""", "globalParamList", """[{"prop":"a","direct":"IN","type":"VARCHAR","value":"5"},{"prop":"b","direct":"IN","type":"DATE","value":""}]""" },
        { "globalParams", "[]", "globalParamMap", "{}" },
        { "taskParallelism", "3", "taskParallelism", "3" },
        { "resourceQueue", "dev_queue", "resourceQueue", "\"dev_queue\"" },
        { "alertEmailAddress", "a@b.example,c@d.example", "alertEmailAddress", "\"a@b.example,c@d.example\"" },
        { "runAs", "1133", "runAs", "\"1133\"" },
        { "regionId", "cn-hangzhou", "regionId", "\"cn-hangzhou\"" },
        { "tags", """{"team":"etl","cost":7}""", "tags", """{"cost":"7","team":"etl"}""" },
        { "tags", """[{"key":"team","value":"etl"},{"key":"cost"}]""", "tags", """{"cost":"","team":"etl"}""" },
        { "tags", "{}", "tags", "{}" },
        { "locations", """[{"taskCode":1,"x":10,"y":20}]""", "locations", """ "[{\"taskCode\":1,\"x\":10,\"y\":20}]" """ },
        { "schedule", """{"crontab":"0 0 2 * * ?","timezoneId":"Asia/Shanghai","startTime":"2026-01-01 00:00:00","endTime":"2027-01-01 00:00:00"}""", "schedule", """{"crontab":"0 0 2 * * ?","timezoneId":"Asia/Shanghai","startTime":"2026-01-01 00:00:00","endTime":"2027-01-01 00:00:00"}""" },
        { "schedule", """{"crontab":"0 0 2 * * ?","startTime":null,"endTime":""}""", "schedule", """{"crontab":"0 0 2 * * ?","timezoneId":"UTC","startTime":null,"endTime":null}""" },
        { "schedule", "{}", "schedule", "null" },
        { "publish", "True", "releaseState", "\"ONLINE\"" },
        { "publish", "false", "releaseState", "\"OFFLINE\"" },
        { "releaseState", "ONLINE", "publishedVersion", "1" },
        { "releaseState", "OFFLINE", "publishedVersion", "null" },
    };

    public static TheoryData<string, string, string, string> NodeFields => new()
    {
        { "description", "\"gets it\"", "description", "\"gets it\"" },
        { "failRetryTimes", "\"2\"", "failRetryTimes", "2" },
        { "failRetryInterval", "3", "failRetryInterval", "3" },
        { "alertEmailAddress", "\"a@b.example\"", "alertEmailAddress", "\"a@b.example\"" },
        { "startAlertEnable", "true", "startAlertEnable", "true" },
        { "failAlertEnable", "\"True\"", "failAlertEnable", "true" },
        { "tags", """{"b":"2","a":"1"}""", "tags", """{"a":"1","b":"2"}""" },
        { "taskParams", """{"rawScript":"x","localParams":[{"prop":"p","direct":"IN","type":"DATE","value":"1"}]}""", "taskParamList", """[{"prop":"p","direct":"IN","type":"DATE","value":"1"}]""" },
        { "taskParams", """{"rawScript":"x","localParams":[{"prop":"p","value":true}]}""", "taskParamMap", """{"p":"true"}""" },
        { "taskParams", """{"resourceList":[],"rawScript":"echo \"hi\" # 好","dependence":{}}""", "taskParams", """{"dependence":{},"localParams":[],"rawScript":"echo \"hi\" # 好","resourceList":[]}""" },
        { "taskParams", "\"{\\\"rawScript\\\":\\\"as text\\\"}\"", "taskParams", """{"localParams":[],"rawScript":"as text"}""" },
        { "code", "\"9007199254740991\"", "code", "9007199254740991" },
        { "name", "\" spaced \"", "name", "\"spaced\"" },
    };

    /// <summary>Of a node: what it says, in which dialect, and the minutes, the seconds and the strategy that are shown.</summary>
    public static TheoryData<bool, string, int, int, string> NodeTimeLimits => new()
    {
        { true, """{"timeout":90}""", 2, 90, "FAILED" },
        { true, """{"timeout":"1200"}""", 20, 1200, "FAILED" },
        { true, """{"timeout":0}""", 0, 0, "" },
        { true, """{}""", 0, 0, "" },
        { true, """{"timeoutFlag":"OPEN","timeout":5,"timeoutNotifyStrategy":"WARN"}""", 5, 300, "WARN" },
        { true, """{"timeoutFlag":"CLOSE","timeout":5}""", 0, 0, "" },
        { false, """{"timeoutFlag":"OPEN","timeout":"5","timeoutNotifyStrategy":"FAILED"}""", 5, 300, "FAILED" },
        { false, """{"timeoutFlag":"OPEN","timeout":5,"timeoutNotifyStrategy":"WARNFAILED"}""", 5, 300, "WARNFAILED" },
        { false, """{"timeoutFlag":"OPEN","timeout":5,"timeoutNotifyStrategy":""}""", 5, 300, "WARN" },
        { false, """{"timeoutFlag":"OPEN","timeout":2,"timeoutNotifyStrategy":"FAILED","timeoutSeconds":90}""", 2, 90, "FAILED" },
        { false, """{"timeoutFlag":"OPEN","timeout":3,"timeoutNotifyStrategy":"FAILED","timeoutSeconds":90}""", 3, 180, "FAILED" },
        { false, """{"timeoutFlag":"CLOSE","timeout":5}""", 0, 0, "" },
        { false, """{"timeout":5}""", 0, 0, "" },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task A_field_is_kept_and_shown(string name, string value, string member, string shown)
    {
        foreach (var isCloud in (bool[])[false, true])
        {
            var created = await GetHeadAsync(await CreateAsync(DefinitionForm.Sound().With(name, value), isCloud));
            AssertShows(shown, created.GetProperty(member));
            var plain = await CreateAsync(DefinitionForm.Sound(), isCloud);
            await UpdateAsync(plain, DefinitionForm.Sound().With(name, value), isCloud);
            AssertShows(member == "publishedVersion" && shown == "1" ? "2" : shown, (await GetHeadAsync(plain)).GetProperty(member));
        }
    }

    [Theory]
    [MemberData(nameof(NodeFields))]
    public async Task A_field_of_a_node_is_kept_and_shown(string name, string value, string member, string shown)
    {
        foreach (var isCloud in (bool[])[false, true])
        {
            var form = DefinitionForm.Sound().WithNode(name, JsonNode.Parse(value));
            form.Relations.Clear(); // which name the node by its code
            AssertShows(shown, (await GetNodeAsync(await CreateAsync(form, isCloud))).GetProperty(member));
        }
    }

    [Theory]
    [MemberData(nameof(NodeTimeLimits))]
    public async Task A_time_limit_of_a_node_has_the_units_of_its_form(bool isCloud, string members, int minutes, int seconds, string strategy)
    {
        var form = DefinitionForm.Sound();
        foreach (var (name, value) in JsonNode.Parse(members)!.AsObject())
        {
            form.WithNode(name, value?.DeepClone());
        }

        var node = await GetNodeAsync(await CreateAsync(form, isCloud));
        Assert.Equal((minutes, seconds, strategy, minutes == 0 ? "CLOSE" : "OPEN"), (Int(node, "timeout"), Int(node, "timeoutSeconds"), Text(node, "timeoutNotifyStrategy"), Text(node, "timeoutFlag")));
    }

    [Theory]
    [InlineData(true, "90", 2, 90, "FAILED")]
    [InlineData(true, "0", 0, 0, "")]
    [InlineData(true, null, 0, 0, "")]
    [InlineData(false, "90", 90, 5400, "WARN")]
    [InlineData(false, "0", 0, 0, "")]
    public async Task A_time_limit_of_a_workflow_has_the_units_of_the_dialect(bool isCloud, string? timeout, int minutes, int seconds, string strategy)
    {
        var head = await GetHeadAsync(await CreateAsync(DefinitionForm.Sound().With("timeout", timeout), isCloud));
        Assert.Equal((minutes, seconds, strategy), (Int(head, "timeout"), Int(head, "timeoutSeconds"), Text(head, "timeoutNotifyStrategy")));
    }

    [Fact]
    public async Task Nodes_without_retries_of_their_own_have_the_workflow_s()
    {
        var form = DefinitionForm.Sound().Shell("b").WithNode("failRetryTimes", 0).Shell("c").WithNode("failRetryTimes", "").With("retryTimes", 4);
        var nodes = (await GetAsync(await CreateAsync(form, isCloud: true))).GetProperty("taskDefinitionList");
        Assert.Equal([4, 0, 4], nodes.EnumerateArray().Select(n => Int(n, "failRetryTimes")));
    }

    [Fact]
    public async Task The_cloud_s_nodes_of_either_spelling_are_kept_with_their_queue()
    {
        var form = new DefinitionForm().Emr("a").WithParam("sparkDriverMemory", "4g").Emr("b").WithParam("sparkDriverMemory", 4).WithNode("taskType", "EMR_SERVERLESS_SPARK");
        var nodes = (await GetAsync(await CreateAsync(form, isCloud: true))).GetProperty("taskDefinitionList");
        Assert.All(nodes.EnumerateArray(), n => Assert.Equal(("EMR_SERVERLESS_SPARK", "root_queue", true), (Text(n, "taskType"), Text(n, "queue"), n.GetProperty("isRunnable").GetBoolean())));
        Assert.Equal(["\"4g\"", "4"], nodes.EnumerateArray().Select(n => n.GetProperty("taskParams").GetProperty("sparkDriverMemory").GetRawText()));
    }

    [Fact]
    public async Task The_cloud_s_answer_to_an_update_shows_all_its_texts()
    {
        var form = DefinitionForm.Sound();
        var created = (await TryCreateAsync(form, isCloud: true)).Data();
        var code = created.GetProperty("code").GetInt64();
        var plain = await UpdateAsync(code, form, isCloud: true);
        Assert.Equal(("", "", "", "", ""), (Text(plain, "alertEmailAddress"), Text(plain, "crontab"), Text(plain, "startTime"), Text(plain, "endTime"), Text(plain, "timezoneId")));
        form.With("alertEmailAddress", "a@b.example").With("publish", "true")
            .With("schedule", """{"crontab":"0 0 0 * * ?","timezoneId":"Asia/Shanghai","startTime":"2024-12-23 16:13:27","endTime":"2027-03-15 00:00:00"}""");
        var full = await UpdateAsync(code, form, isCloud: true);
        string[] texts =
        [
            "alertEmailAddress", "bizId", "code", "createTime", "crontab", "description", "endTime", "executionType", "id", "name", "projectName", "releaseState", "startTime", "timezoneId",
            "updateTime", "userId", "userName", "versionHashCode",
        ];
        Assert.Equal([.. texts, "version"], full.EnumerateObject().Select(m => m.Name).OrderBy(n => n == "version" ? 1 : 0).ThenBy(n => n, StringComparer.Ordinal));
        Assert.All(texts, t => Assert.NotEmpty(Text(full, t)));
        Assert.Equal(
            ("a@b.example", "0 0 0 * * ?", "1734941607000", "1805040000000", "Asia/Shanghai", "ONLINE", 2),
            (Text(full, "alertEmailAddress"), Text(full, "crontab"), Text(full, "startTime"), Text(full, "endTime"), Text(full, "timezoneId"), Text(full, "releaseState"), Int(full, "version")));
        Assert.Equal((code.ToString(CultureInfo.InvariantCulture), created.GetProperty("id").GetInt32().ToString(CultureInfo.InvariantCulture), "PARALLEL"), (Text(full, "code"), Text(full, "id"), Text(full, "executionType")));
        Assert.Matches("^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$", Text(full, "createTime"));
        Assert.Equal("0", Text(await UpdateAsync(code, form.With("schedule", """{"crontab":"0 0 0 * * ?"}"""), isCloud: true), "startTime"));
    }

    [Fact]
    public async Task A_schedule_stays_until_it_is_taken_away()
    {
        foreach (var isCloud in (bool[])[false, true])
        {
            foreach (var none in (string[])["{}", "null", """{"crontab":"","timezoneId":null}"""])
            {
                var code = await CreateAsync(DefinitionForm.Sound().With("schedule", """{"crontab":"0 0 2 * * ?"}"""), isCloud);
                await UpdateAsync(code, DefinitionForm.Sound(), isCloud);
                await UpdateAsync(code, DefinitionForm.Sound().With("schedule", ""), isCloud);
                Assert.Equal(JsonValueKind.Object, (await GetHeadAsync(code)).GetProperty("schedule").ValueKind);
                Assert.Equal("OFFLINE", Text(await GetHeadAsync(code), "scheduleReleaseState"));
                await UpdateAsync(code, DefinitionForm.Sound().With("schedule", none), isCloud);
                Assert.Equal(JsonValueKind.Null, (await GetHeadAsync(code)).GetProperty("schedule").ValueKind);
            }
        }
    }

    /// <summary>It is about the call, so it makes no version; it is kept with the version that a call saves.</summary>
    [Fact]
    public async Task A_region_by_itself_makes_no_version()
    {
        var form = DefinitionForm.Sound();
        var code = await CreateAsync(form.With("regionId", "cn-hangzhou"), isCloud: true);
        Assert.Equal(1, Int(await UpdateAsync(code, form.With("regionId", "cn-beijing"), isCloud: true), "version"));
        Assert.Equal("cn-hangzhou", Text(await UpdateAsync(code, form), "regionId")); // what is shown is what is stored
        Assert.Equal("cn-hangzhou", Text(await GetHeadAsync(code), "regionId"));
        Assert.Equal(2, Int(await UpdateAsync(code, form.With("description", "other"), isCloud: true), "version"));
        Assert.Equal("cn-beijing", Text(await GetHeadAsync(code), "regionId"));
        Assert.Equal("cn-beijing", Text(await UpdateAsync(code, DefinitionForm.Sound(form.Name)), "regionId")); // a client that says nothing about it
        Assert.Equal("", Text(await GetHeadAsync(await CreateAsync(DefinitionForm.Sound())), "regionId"));
    }

    /// <summary>DolphinScheduler's clients do not know the cloud's parameters, and cannot mean to take away what they do not say.</summary>
    [Fact]
    public async Task An_edit_by_a_DolphinScheduler_client_leaves_what_it_cannot_say()
    {
        var form = DefinitionForm.Sound().With("timeout", 90).With("taskParallelism", 3).With("resourceQueue", "dev_queue").With("alertEmailAddress", "a@b.example").With("runAs", "7").With("tags", """{"a":"b"}""");
        var code = await CreateAsync(form, isCloud: true);
        await UpdateAsync(code, DefinitionForm.Sound(form.Name).With("timeout", 2).With("description", ""));
        var head = await GetHeadAsync(code);
        Assert.Equal(
            (2, 90, "FAILED", 3, "dev_queue", "a@b.example", "7", "b", ""),
            (Int(head, "timeout"), Int(head, "timeoutSeconds"), Text(head, "timeoutNotifyStrategy"), Int(head, "taskParallelism"), Text(head, "resourceQueue"), Text(head, "alertEmailAddress"), Text(head, "runAs"), Text(head.GetProperty("tags"), "a"), Text(head, "description")));

        await UpdateAsync(code, DefinitionForm.Sound(form.Name).With("timeout", 3).With("tags", "{}").With("taskParallelism", 0));
        head = await GetHeadAsync(code);
        Assert.Equal((180, "WARN", 0, "{}"), (Int(head, "timeoutSeconds"), Text(head, "timeoutNotifyStrategy"), Int(head, "taskParallelism"), head.GetProperty("tags").GetRawText()));

        await UpdateAsync(code, DefinitionForm.Sound(form.Name), isCloud: true);
        head = await GetHeadAsync(code);
        Assert.Equal((0, "", "", ""), (Int(head, "timeout"), Text(head, "resourceQueue"), Text(head, "alertEmailAddress"), Text(head, "runAs")));
    }

    /// <summary>The cloud's clients do not know DolphinScheduler's members, and cannot mean to take away what they do not say.</summary>
    [Fact]
    public async Task A_signed_update_leaves_what_its_operation_has_no_field_for()
    {
        const string Layout = """[{"taskCode":1,"x":5,"y":6}]""";
        var group = "g-" + Guid.NewGuid().ToString("N");
        (await Dolphin.PostAsync("/dolphinscheduler/worker-groups", ("id", 0), ("name", group), ("addrList", ""), ("slots", 1))).Data();
        var environment = (await Dolphin.PostAsync("/dolphinscheduler/environment/create", ("name", "e-" + Guid.NewGuid().ToString("N")), ("config", "export A=1"))).Data().GetInt64();
        var form = DefinitionForm.Sound().WithNode("failRetryInterval", 3).WithNode("taskPriority", "HIGH").WithNode("delayTime", 2).WithNode("workerGroup", group)
            .WithNode("environmentCode", environment).WithNode("queue", "dev_queue").Shell("off", 1).WithNode("flag", "NO").With("locations", Layout);
        var code = await CreateAsync(form);
        var before = await GetAsync(code);

        var same = DefinitionForm.Sound(form.Name).Shell("off", 1);
        Assert.Equal(1, Int(await UpdateAsync(code, same, isCloud: true), "version"));
        Assert.Equal(before.GetProperty("taskDefinitionList").GetRawText(), (await GetAsync(code)).GetProperty("taskDefinitionList").GetRawText());

        same.Nodes[0]!["taskParams"]!["rawScript"] = "echo changed";
        Assert.Equal(2, Int(await UpdateAsync(code, same.Shell("new"), isCloud: true), "version"));
        var after = await GetAsync(code);
        Assert.Equal(Layout, Text(after.GetProperty("processDefinition"), "locations"));
        var nodes = after.GetProperty("taskDefinitionList").EnumerateArray().ToList();
        Assert.Equal(
            (3, "HIGH", 2, group, environment, "dev_queue", "YES"),
            (Int(nodes[0], "failRetryInterval"), Text(nodes[0], "taskPriority"), Int(nodes[0], "delayTime"), Text(nodes[0], "workerGroup"), nodes[0].GetProperty("environmentCode").GetInt64(), Text(nodes[0], "queue"), Text(nodes[0], "flag")));
        Assert.Equal(("NO", "YES"), (Text(nodes[1], "flag"), Text(nodes[2], "flag")));

        same.Nodes[0]!["failRetryInterval"] = 0;
        same.Nodes[0]!["environmentCode"] = -1;
        same.Nodes[0]!["workerGroup"] = "default";
        same.Nodes[1]!["flag"] = "YES";
        await UpdateAsync(code, same, isCloud: true);
        nodes = [.. (await GetAsync(code)).GetProperty("taskDefinitionList").EnumerateArray()];
        Assert.Equal((0, -1, "default", "YES"), (Int(nodes[0], "failRetryInterval"), Int(nodes[0], "environmentCode"), Text(nodes[0], "workerGroup"), Text(nodes[1], "flag"))); // what it does say counts
    }

    /// <summary>Serializers write null for what their caller did not set.</summary>
    [Fact]
    public async Task Null_in_a_JSON_body_is_absent_and_leaves_the_schedule()
    {
        var form = DefinitionForm.Sound().With("schedule", """{"crontab":"0 0 2 * * ?"}""");
        var code = await CreateAsync(form);
        var body = new JsonObject { ["name"] = form.Name, ["taskDefinitionJson"] = form.Nodes.DeepClone(), ["taskRelationJson"] = new JsonArray(), ["schedule"] = null };
        using var content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        (await Dolphin.SendAsync(HttpMethod.Put, PathOf(code), content)).Data();
        Assert.Equal("0 0 2 * * ?", Text((await GetHeadAsync(code)).GetProperty("schedule"), "crontab"));
        await UpdateAsync(code, form.With("schedule", "null"));
        Assert.Equal(JsonValueKind.Null, (await GetHeadAsync(code)).GetProperty("schedule").ValueKind);
    }

    [Fact]
    public async Task Parameters_may_come_as_a_JSON_body_with_real_lists_and_numbers()
    {
        var body = new JsonObject
        {
            ["name"] = "w-" + Guid.NewGuid().ToString("N"),
            ["taskDefinitionJson"] = DefinitionForm.Sound().Nodes.DeepClone(),
            ["taskRelationJson"] = new JsonArray(),
            ["globalParams"] = new JsonArray(new JsonObject { ["prop"] = "a", ["value"] = 1 }),
            ["tags"] = new JsonObject { ["k"] = "v" },
            ["timeout"] = 5,
            ["publish"] = true,
        };
        using var content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        var created = (await Dolphin.SendAsync(HttpMethod.Post, All, content)).Data();
        Assert.Equal((5, "ONLINE", "1"), (Int(created, "timeout"), Text(created, "releaseState"), Text(created.GetProperty("globalParamMap"), "a")));
    }

    [Fact]
    public async Task A_creation_is_answered_with_201_and_the_definition_or_with_its_code_and_id()
    {
        var dolphin = await TryCreateAsync(DefinitionForm.Sound());
        Assert.Equal(201, dolphin.Status);
        Assert.Equal(32, Text(dolphin.Data(), "versionHashCode").Length);
        var cloud = await TryCreateAsync(DefinitionForm.Sound(), isCloud: true);
        Assert.Equal((200, 1_000_000), (cloud.Status, cloud.Code));
        Assert.Equal(["code", "id"], cloud.Data().EnumerateObject().Select(m => m.Name));
    }

    private static void AssertShows(string expected, JsonElement actual) =>
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, actual), $"Expected {expected}, got {actual.GetRawText()}");
}
