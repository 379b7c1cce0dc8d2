using System.Text.Json.Nodes;
using Porpoise.Api.Tests.Serving;

namespace Porpoise.Api.Tests.Definitions;

/// <summary>What is wrong with a definition is said with its place, all of it in one answer, and nothing is stored.</summary>
public sealed class RefusalTests(ApiServer server) : DefinitionTest(server)
{
    private static readonly List<(string Case, Func<DefinitionForm> Form, int Code, string Says)> Table =
    [
        ("cycle", () => DefinitionForm.Sound().Shell("b", 1).Shell("c", 2).Edge(3, 2), Cycle, "edges: These nodes wait for each other in a circle: 'c' → 'b' → 'c'."),
        ("two circles", () => DefinitionForm.Sound().Shell("b", 3).Shell("c", 2).Shell("d", 5).Shell("e", 4), Cycle, "'c' → 'b' → 'c'.\nedges: These nodes wait for each other in a circle: 'e' → 'd' → 'e'."),
        ("edge to nowhere", () => DefinitionForm.Sound().Edge(1, 77), BadDefinition, "edge 2 (1 to 77): No node of this workflow has the code 77."),
        ("root that is not there", () => DefinitionForm.Sound().Edge(0, 99), BadDefinition, "edge 2 (0 to 99): No node of this workflow has the code 99."),
        ("root of nothing", () => DefinitionForm.Sound().Edge(0, 0), BadDefinition, "edge 2 (0 to 0): No node of this workflow has the code 0."),
        ("edge to itself", () => DefinitionForm.Sound().Edge(1, 1), BadDefinition, "cannot wait for itself"),
        ("duplicate name", () => DefinitionForm.Sound().Shell("a"), BadDefinition, "node 2 'a': Another node of this workflow has the same name."),
        ("duplicate code", () => DefinitionForm.Sound().Shell("b").WithNode("code", 1), BadDefinition, "node 2 'b': Another node of this workflow has the same code 1."),
        ("code that JavaScript cannot hold", () => DefinitionForm.Sound().WithNode("code", 9007199254740992), BadDefinition, "below 2^53"),
        ("no nodes", () => new DefinitionForm(), EmptyDefinition, "at least one node"),
        ("unknown task type", () => DefinitionForm.Sound().WithNode("taskType", "BASH"), BadDefinition, "node 1 'a': There is no task type 'BASH'."),
        ("missing task parameter", () => new DefinitionForm().Node("a", "PYTHON", []), BadDefinition, "node 1 'a', taskParams.rawScript: A node of type PYTHON needs a text here."),
        ("wrong task parameter", () => new DefinitionForm().Emr("a").WithParam("sparkExecutorCores", "many"), BadDefinition, "taskParams.sparkExecutorCores: It takes a whole number of at least 1."),
        ("wrong element of a list", () => new DefinitionForm().Node("a", "HTTP", new JsonObject { ["url"] = "http://x/", ["httpParams"] = new JsonArray(5) }), BadDefinition, "node 1 'a', taskParams.httpParams[0]: It takes an object with prop, httpParametersType and value."),
        ("unknown data source", () => new DefinitionForm().Node("a", "SQL", new JsonObject { ["type"] = "SQLITE", ["datasource"] = 2_000_000, ["sql"] = "select 1" }), DataSourceNotFound, "node 1 'a', taskParams.datasource: There is no data source 2000000 in the workspace; it has "),
        ("unknown queue", () => DefinitionForm.Sound().With("resourceQueue", "gpu"), QueueNotFound, "resourceQueue: The workspace has no queue 'gpu'; it has dev_queue, root_queue."),
        ("unknown queue of a node", () => new DefinitionForm().Emr("a").WithParam("resourceQueueId", "gpu"), QueueNotFound, "node 1 'a', queue: The workspace has no queue 'gpu'"),
        ("unknown worker group", () => DefinitionForm.Sound().WithNode("workerGroup", "gpu"), BadDefinition, "node 1 'a', workerGroup: There is no worker group 'gpu'; there are default"),
        ("bad expression", () => DefinitionForm.Sound().With("schedule", """{"crontab":"0 0 2 * *"}"""), BadSchedule, "schedule.crontab: '0 0 2 * *' is no Quartz expression"),
        ("bad hour", () => DefinitionForm.Sound().With("schedule", """{"crontab":"0 0 25 * * ?"}"""), BadSchedule, "schedule.crontab: '0 0 25 * * ?' is no Quartz expression. '25' cannot be the hours: they take 0 to 23"),
        ("bad zone", () => DefinitionForm.Sound().With("schedule", """{"crontab":"0 0 2 * * ?","timezoneId":"Mars"}"""), BadSchedule, "schedule.timezoneId: There is no time zone 'Mars'"),
        ("bad window", () => DefinitionForm.Sound().With("schedule", """{"crontab":"0 0 2 * * ?","startTime":"2026-01-02 00:00:00","endTime":"2026-01-01 00:00:00"}"""), BadSchedule, "schedule.endTime: The end must come after the start."),
        ("never fires", () => DefinitionForm.Sound().With("schedule", """{"crontab":"0 0 2 30 2 ?"}"""), BadSchedule, "schedule.crontab: It never fires."),
        ("schedule that is no object", () => DefinitionForm.Sound().With("schedule", "[1]"), BadDefinition, "schedule: It takes a JSON object."),
        ("name too long", () => DefinitionForm.Sound().With("name", new string('n', 201)), BadDefinition, "name: A workflow's name has 1 to 200 characters"),
        ("name of blanks", () => DefinitionForm.Sound().With("name", "  "), BadDefinition, "name: A workflow's name"),
        ("script too long", () => DefinitionForm.Sound().WithParam("rawScript", new string('x', (512 * 1024) + 1)), BadDefinition, "at most 524288 characters"),
        ("bad parameter name", () => DefinitionForm.Sound().WithParam("localParams", JsonNode.Parse("""[{"prop":"PATH"}]""")), BadDefinition, "node 1 'a', localParams[0] 'PATH': In the script of a SHELL node ${PATH} is a variable"),
        ("parameter without a name", () => DefinitionForm.Sound().With("globalParams", """[{"value":"x"}]"""), BadDefinition, "globalParams[0].prop: It is missing."),
        ("parameter twice", () => DefinitionForm.Sound().With("globalParams", """[{"prop":"x"},{"prop":"x"}]"""), BadDefinition, "globalParams[1] 'x': Another parameter here has the same name."),
        ("parameter's direction", () => DefinitionForm.Sound().With("globalParams", """[{"prop":"x","direct":"SIDEWAYS"}]"""), BadDefinition, "globalParams[0].direct: It takes one of IN, OUT."),
        ("parameters that are no list", () => DefinitionForm.Sound().With("globalParams", "{}"), BadDefinition, "globalParams: It takes a list of parameters"),
        ("locations that are no list", () => DefinitionForm.Sound().With("locations", "{}"), BadDefinition, "locations: It takes a JSON array."),
        ("tags that are no map", () => DefinitionForm.Sound().With("tags", "7"), BadDefinition, "tags: It takes a map"),
        ("tag twice", () => DefinitionForm.Sound().With("tags", """{"a":1,"a":2}"""), BadDefinition, "tags: The tag 'a' is there twice."),
        ("negative parallelism", () => DefinitionForm.Sound().With("taskParallelism", "-1"), BadDefinition, "taskParallelism: How many tasks"),
        ("time limit too long", () => DefinitionForm.Sound().With("timeout", int.MaxValue), BadDefinition, "timeout: A time limit is whole seconds"),
        ("time limit of a node too long", () => DefinitionForm.Sound().WithNode("timeoutFlag", "OPEN").WithNode("timeout", 525_601), BadDefinition, "node 1 'a', timeout: A time limit is whole seconds, at most 31536000 (525600 minutes); 0 is none."),
        ("time limit of a node in words", () => DefinitionForm.Sound().WithNode("timeoutFlag", "OPEN").WithNode("timeout", "soon"), BadDefinition, "taskDefinitionJson[0].timeout: It takes a whole number from 0 to 525600."),
        ("time limit without minutes", () => DefinitionForm.Sound().WithNode("timeoutFlag", "OPEN"), BadDefinition, "taskDefinitionJson[0].timeout: It takes the minutes"),
        ("unknown strategy", () => DefinitionForm.Sound().WithNode("timeoutNotifyStrategy", "SHOUT"), BadDefinition, "taskDefinitionJson[0].timeoutNotifyStrategy: It takes one of WARN, FAILED, WARNFAILED."),
        ("node that is no object", () => { var f = DefinitionForm.Sound(); f.Nodes.Add(7); return f; }, BadDefinition, "taskDefinitionJson[1]: It takes a JSON object."),
        ("node without a code", () => DefinitionForm.Sound().WithNode("code", ""), BadDefinition, "taskDefinitionJson[0].code: It is missing."),
        ("node without a name", () => DefinitionForm.Sound().WithNode("name", null), BadDefinition, "taskDefinitionJson[0].name: It is missing."),
        ("node without a type", () => DefinitionForm.Sound().WithNode("taskType", null), BadDefinition, "taskDefinitionJson[0].taskType: It is missing."),
        ("node without parameters", () => DefinitionForm.Sound().WithNode("taskParams", null), BadDefinition, "taskDefinitionJson[0].taskParams: It is missing."),
        ("parameters that are no object", () => DefinitionForm.Sound().WithNode("taskParams", "[]"), BadDefinition, "taskDefinitionJson[0].taskParams: It takes a JSON object."),
        ("parameters that are no JSON", () => DefinitionForm.Sound().WithNode("taskParams", "{"), BadDefinition, "taskDefinitionJson[0].taskParams: It takes a JSON object; the text is no JSON from line 1, byte 2 on."),
        ("retries out of range", () => DefinitionForm.Sound().WithNode("failRetryTimes", -1), BadDefinition, "taskDefinitionJson[0].failRetryTimes: It takes a whole number from 0 to 1000."),
        ("a boolean that is none", () => DefinitionForm.Sound().WithNode("failAlertEnable", "perhaps"), BadDefinition, "taskDefinitionJson[0].failAlertEnable: It takes true or false."),
        ("edge without an end", () => { var f = DefinitionForm.Sound(); f.Relations.Add(new JsonObject { ["preTaskCode"] = 1 }); return f; }, BadDefinition, "taskRelationJson[1].postTaskCode: It is missing."),
        ("edge that is no object", () => { var f = DefinitionForm.Sound(); f.Relations.Add(null); return f; }, BadDefinition, "taskRelationJson[1]: It takes a JSON object."),
    ];

    /// <summary>The member of the call or of its node, and a value that asks for more than this version does.</summary>
    public static TheoryData<string, string> NotHonouredParameters => new()
    {
        { "executionType", "SERIAL_WAIT" }, { "executionType", "SERIAL_DISCARD" }, { "executionType", "SERIAL" }, { "tenantCode", "etl" }, { "otherParamsJson", """{"a":1}""" },
    };

    public static TheoryData<string, string> NotHonouredMembers => new()
    {
        { "taskGroupId", "3" }, { "cpuQuota", "10" }, { "memoryMax", "100" },
        { "taskExecuteType", "\"STREAM\"" }, { "isCache", "\"YES\"" },
    };

    public static TheoryData<string> Cases => [.. Table.Select(row => row.Case)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task An_offence_is_said_with_its_place_and_nothing_is_stored(string name)
    {
        var (_, form, code, says) = Table.Single(r => r.Case == name);
        var existing = await CreateAsync(DefinitionForm.Sound());
        var before = (await CountAsync(), (await GetHeadAsync(existing)).GetRawText());
        foreach (var isCloud in (bool[])[false, true])
        {
            Assert.Contains(says, (await TryCreateAsync(form(), isCloud)).Refused(code), StringComparison.Ordinal);
            Assert.Contains(says, (await TryUpdateAsync(existing, form(), isCloud)).Refused(code), StringComparison.Ordinal);
        }

        Assert.Equal(before, (await CountAsync(), (await GetHeadAsync(existing)).GetRawText()));
    }

    [Theory]
    [MemberData(nameof(NotHonouredParameters))]
    public async Task A_parameter_that_asks_for_more_is_refused(string name, string value)
    {
        foreach (var isCloud in (bool[])[false, true])
        {
            Assert.Contains(name, (await TryCreateAsync(DefinitionForm.Sound().With(name, value), isCloud)).Refused(NotHonoured), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(NotHonouredMembers))]
    public async Task A_node_that_asks_for_more_is_refused(string name, string value)
    {
        foreach (var isCloud in (bool[])[false, true])
        {
            Assert.Contains($"taskDefinitionJson[0].{name}", (await TryCreateAsync(DefinitionForm.Sound().WithNode(name, JsonNode.Parse(value)), isCloud)).Refused(NotHonoured), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{\"crontab\":\n ]", "the text is no JSON from line 2, byte 2 on.")]
    [InlineData("{\"crontab\":\"\\u0000\"}", "the text at byte 12 has a NUL character.")]
    [InlineData("{\"crontab\":\"\\ud800\"}", "the text at byte 12 has half a character.")]
    public async Task What_is_no_JSON_is_refused_with_its_place(string schedule, string message) =>
        Assert.Equal("The parameter schedule is not valid: it takes JSON; " + message, (await TryCreateAsync(DefinitionForm.Sound().With("schedule", schedule))).Refused(10001));

    [Fact]
    public async Task What_goes_too_deep_is_refused_with_its_place()
    {
        async Task<string> RefuseAsync(string schedule) => (await TryCreateAsync(DefinitionForm.Sound().With("schedule", schedule))).Refused(10001);
        Assert.EndsWith("the text goes deeper than 64 lists and objects in line 1, byte 65.", await RefuseAsync(new string('[', 65)), StringComparison.Ordinal);
        Assert.EndsWith("the text is no JSON from line 1, byte 65 on.", await RefuseAsync(new string('[', 64)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_for_a_script_and_conditions_of_an_edge_are_refused()
    {
        var files = DefinitionForm.Sound().WithParam("resourceList", new JsonArray(new JsonObject { ["id"] = 1 }));
        Assert.Contains("taskDefinitionJson[0].taskParams.resourceList", (await TryCreateAsync(files)).Refused(NotHonoured), StringComparison.Ordinal);
        var condition = DefinitionForm.Sound().Shell("b", 1);
        condition.Relations[^1]!["conditionType"] = "JUDGE";
        Assert.Contains("taskRelationJson[1].conditionType", (await TryCreateAsync(condition)).Refused(NotHonoured), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_that_is_wrong_comes_in_one_answer()
    {
        var form = DefinitionForm.Sound().WithNode("isCache", "YES").WithNode("workerGroup", "gpu").WithParam("rawScript", "")
            .Shell("a").Emr("c").WithParam("resourceQueueId", "gpu").Edge(1, 9)
            .With("taskParallelism", -1).With("tags", """{"":"x"}""").With("schedule", """{"crontab":"x","timezoneId":"y"}""");
        var lines = (await TryCreateAsync(form)).Refused(NotHonoured).Split('\n');
        string[] places =
        [
            "taskDefinitionJson[0].isCache", "schedule.timezoneId", "schedule.crontab", "tags", "taskParallelism", "node 1 'a', taskParams.rawScript", "node 1 'a', workerGroup", "node 2 'a'",
            "node 3 'c', queue", "edge 4 (1 to 9)",
        ];
        Assert.Equal(places, lines.Select(l => l[..l.IndexOf(": ", StringComparison.Ordinal)]));
    }

    [Fact]
    public async Task No_more_than_fifty_findings_are_listed()
    {
        var form = new DefinitionForm();
        for (var i = 0; i < 100; i++)
        {
            form.Nodes.Add(new JsonObject());
        }

        Assert.Equal(51, (await TryCreateAsync(form)).Refused(BadDefinition).Split('\n').Length);
    }

    [Theory]
    [InlineData("taskDefinitionJson", "{")]
    [InlineData("taskDefinitionJson", "{}")]
    [InlineData("taskDefinitionJson", "null")]
    [InlineData("taskDefinitionJson", "[\"\\ud800\"]")]
    [InlineData("taskDefinitionJson", "[\"\\u0000\"]")]
    [InlineData("taskRelationJson", "7")]
    [InlineData("globalParams", "nonsense")]
    [InlineData("locations", "nonsense")]
    [InlineData("tags", "{")]
    [InlineData("schedule", "{'a':1}")]
    [InlineData("timeout", "-1")]
    [InlineData("timeout", "soon")]
    [InlineData("retryTimes", "1001")]
    [InlineData("taskParallelism", "1.5")]
    [InlineData("publish", "yes")]
    [InlineData("releaseState", "SOMEWHERE")]
    public async Task A_parameter_that_cannot_be_read_is_named(string name, string value)
    {
        Assert.Contains(name, (await TryCreateAsync(DefinitionForm.Sound().With(name, value))).Refused(BadParameter), StringComparison.Ordinal);
        var cloud = await TryCreateAsync(DefinitionForm.Sound().With(name, value), isCloud: true);
        Assert.Equal((400, "Invalid" + char.ToUpperInvariant(name[0]) + name[1..]), (cloud.Status, cloud.Json.GetProperty("Code").GetString()));
    }

    /// <summary>The bounds are those that the definition is held against, in the unit of the dialect.</summary>
    [Theory]
    [InlineData("timeout", "a whole number from 0 to 525600.", "a whole number from 0 to 31536000.")]
    [InlineData("taskParallelism", "a whole number from 0 to 2147483647.", "a whole number from 0 to 2147483647.")]
    public async Task What_is_no_number_is_refused_with_the_bounds_that_hold(string name, string withToken, string signed)
    {
        Assert.EndsWith(withToken, (await TryCreateAsync(DefinitionForm.Sound().With(name, "x"))).Refused(BadParameter), StringComparison.Ordinal);
        Assert.EndsWith(signed, (await TryCreateAsync(DefinitionForm.Sound().With(name, "x"), isCloud: true)).Json.GetProperty("Message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name")]
    [InlineData("taskDefinitionJson")]
    [InlineData("taskRelationJson")]
    public async Task What_is_required_is_missed(string name)
    {
        Assert.Contains(name, (await TryCreateAsync(DefinitionForm.Sound().With(name, ""))).Refused(BadParameter), StringComparison.Ordinal);
        Assert.Equal(400, (await TryCreateAsync(DefinitionForm.Sound().With(name, ""), isCloud: true)).Status);
    }

    [Theory]
    [InlineData("executionType", true)]
    [InlineData("description", false)]
    public async Task The_cloud_requires_more(string name, bool alsoInUpdates)
    {
        Assert.Equal("Missing" + char.ToUpperInvariant(name[0]) + name[1..], (await TryCreateAsync(DefinitionForm.Sound().With(name, null), isCloud: true)).Json.GetProperty("Code").GetString());
        var code = await CreateAsync(DefinitionForm.Sound().With(name, null));
        Assert.Equal(alsoInUpdates ? 400 : 200, (await TryUpdateAsync(code, DefinitionForm.Sound().With(name, null), isCloud: true)).Status);
    }

    [Fact]
    public async Task Too_many_nodes_or_edges_are_refused_before_they_are_read()
    {
        var edges = new DefinitionForm().With("taskDefinitionJson", "[" + string.Join(',', Enumerable.Repeat("{}", 10_001)) + "]");
        Assert.Contains("at most 10000 elements; there are 10001", (await TryCreateAsync(edges)).Refused(BadDefinition), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_online_cannot_be_edited_by_DolphinScheduler_clients()
    {
        var code = await CreateAsync(DefinitionForm.Sound().With("publish", "true"));
        (await TryUpdateAsync(code, DefinitionForm.Sound())).Refused(EditWhileOnline);
        (await Dolphin.PutAsync(PathOf(code) + "/basic-info", ("name", "x"))).Refused(EditWhileOnline);
        await UpdateAsync(code, DefinitionForm.Sound(), isCloud: true);
        var head = await GetHeadAsync(code);
        Assert.Equal((2, 1, "ONLINE"), (Int(head, "version"), Int(head, "publishedVersion"), Text(head, "releaseState")));
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused()
    {
        var form = DefinitionForm.Sound();
        await CreateAsync(form);
        Assert.Contains(form.Name, (await TryCreateAsync(form)).Refused(NameTaken), StringComparison.Ordinal);
        (await TryUpdateAsync(await CreateAsync(DefinitionForm.Sound()), form)).Refused(NameTaken);
    }

    [Fact]
    public async Task A_definition_that_is_not_there_is_refused()
    {
        (await TryUpdateAsync(77, DefinitionForm.Sound())).Refused(WorkflowNotFound);
        (await Dolphin.PostAsync(PathOf(77) + "/release", ("releaseState", "ONLINE"))).Refused(WorkflowNotFound);
        (await Dolphin.PutAsync(PathOf(77) + "/basic-info", ("name", "x"))).Refused(WorkflowNotFound);
        var other = await Server.CreateWorkspaceAsync();
        var code = await CreateAsync(DefinitionForm.Sound());
        (await Dolphin.GetAsync($"{PathOf(other)}/process-definition/{code}")).Refused(WorkflowNotFound);
    }
}
