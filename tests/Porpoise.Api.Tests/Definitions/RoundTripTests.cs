using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Porpoise.Api.Tests.Serving;

namespace Porpoise.Api.Tests.Definitions;

/// <summary>What was read can be sent back, and what was exported can be imported, without any loss: the content has the same hash.</summary>
public sealed class RoundTripTests(ApiServer server) : DefinitionTest(server)
{
    /// <summary>Definitions with something in every field, in the cloud's form, which can say the most.</summary>
    private static readonly Gen<DefinitionForm> Forms =
        from description in Gen.OneOfConst("", "one", "Copies – 每天 \"now\"\n& <then>")
        from timeout in Gen.OneOfConst(0, 1, 59, 60, 61, 86_400)
        from parallelism in Gen.Int[0, 5]
        from queue in Gen.OneOfConst("", "root_queue", "dev_queue")
        from email in Gen.OneOfConst("", "a@b.example")
        from schedule in Gen.OneOfConst("", """{"crontab":"0 30 2 * * ?","timezoneId":"Europe/Berlin","startTime":"2026-10-25 02:30:00"}""", """{"crontab":"0 0 0 * * ?","endTime":"2030-01-01 00:00:00"}""")
        from globals in Gen.Int[0, 3]
        from nodes in NodeForms.Array[1, 5]
        select Build(description, timeout, parallelism, queue, email, schedule, globals, nodes);

    private static Gen<JsonObject> NodeForms =>
        from isCloud in Gen.Bool
        from script in Gen.OneOfConst("true", "echo '${dt}' \"x\" \\ \t € 😀 </script>", "a\nb\r\nc")
        from timeout in Gen.OneOfConst(0, 1, 90, 120, 3_601)
        from retries in Gen.Int[0, 4]
        from interval in Gen.Int[0, 4]
        from alert in Gen.Bool
        from tags in Gen.Int[0, 2]
        from locals in Gen.Int[0, 2]
        select new JsonObject
        {
            ["taskType"] = isCloud ? "EMR-SERVERLESS-SPARK" : "SHELL",
            ["taskParams"] = isCloud
                ? new JsonObject { ["workspaceBizId"] = "w", ["taskBizId"] = "t", ["resourceQueueId"] = "dev_queue", ["sparkConf"] = new JsonArray(new JsonObject { ["value"] = "v", ["key"] = "spark.k" }), ["localParams"] = Properties(locals, "l") }
                : new JsonObject { ["rawScript"] = script, ["resourceList"] = new JsonArray(), ["localParams"] = Properties(locals, "l") },
            ["timeout"] = timeout,
            ["failRetryTimes"] = retries,
            ["failRetryInterval"] = interval,
            ["startAlertEnable"] = alert,
            ["failAlertEnable"] = !alert,
            ["alertEmailAddress"] = alert ? "n@o.example" : "",
            ["description"] = script,
            ["tags"] = new JsonObject(Enumerable.Range(0, tags).Select(i => KeyValuePair.Create($"k{i}", (JsonNode?)$"v{i}"))),
        };

    /// <summary>DolphinScheduler's UI reads a definition, and sends its parts back with everything that it does not know in them.</summary>
    [Fact]
    public async Task What_was_read_can_be_sent_back_and_is_no_new_version() => await Forms.SampleAsync(
        async form =>
        {
            var code = await CreateAsync(form, isCloud: true);
            var dag = await GetAsync(code);
            var head = dag.GetProperty("processDefinition");
            var echo = (await Dolphin.PutAsync(
                PathOf(code),
                ("name", Text(head, "name")),
                ("description", Text(head, "description")),
                ("globalParams", Text(head, "globalParams")),
                ("locations", Text(head, "locations")),
                ("timeout", Int(head, "timeout")),
                ("tenantCode", Text(head, "tenantCode")),
                ("executionType", Text(head, "executionType")),
                ("releaseState", Text(head, "releaseState")),
                ("taskDefinitionJson", dag.GetProperty("taskDefinitionList").GetRawText()),
                ("taskRelationJson", dag.GetProperty("processTaskRelationList").GetRawText()))).Data();
            Assert.Equal((1, Text(head, "versionHashCode")), (Int(echo, "version"), Text(echo, "versionHashCode")));
            Assert.Equal(head.GetProperty("schedule").GetRawText(), echo.GetProperty("schedule").GetRawText());
        },
        iter: 60,
        threads: 1);

    [Fact]
    public async Task What_was_exported_can_be_imported() => await Forms.Array[1, 3].SampleAsync(
        async forms =>
        {
            var codes = new List<long>();
            foreach (var form in forms)
            {
                codes.Add(await CreateAsync(form, isCloud: true));
            }

            var file = await ExportAsync(codes);
            var elsewhere = await Server.CreateWorkspaceAsync();
            var imported = (await ImportAsync(PathOf(elsewhere) + "/process-definition", file)).Data().EnumerateArray().Select(c => c.GetInt64()).ToList();
            Assert.Equal(codes.Count, imported.Count);
            foreach (var (code, copy) in codes.Zip(imported))
            {
                var (before, after) = (await GetHeadAsync(code), (await Dolphin.GetAsync($"{PathOf(elsewhere)}/process-definition/{copy}")).Data().GetProperty("processDefinition"));
                Assert.Equal((Text(before, "versionHashCode"), Text(before, "locations"), "OFFLINE"), (Text(after, "versionHashCode"), Text(after, "locations"), Text(after, "releaseState")));
                Assert.Equal(before.GetProperty("schedule").GetRawText(), after.GetProperty("schedule").GetRawText());
            }
        },
        iter: 10,
        threads: 1);

    [Fact]
    public async Task The_same_content_in_another_form_is_no_new_version()
    {
        var form = DefinitionForm.Sound().WithParam("resourceList", new JsonArray()).WithParam("x", JsonNode.Parse("""{"b":1,"a":[2,{"d":3,"c":4}]}""")).With("tags", """{"b":"2","a":"1"}""");
        var code = await CreateAsync(form);
        var other = new DefinitionForm(form.Name).With("tags", """[{"value":"1","key":"a"},{"key":"b","value":"2"}]""").With("publish", "false");
        other.Nodes.Add(JsonNode.Parse("""{"taskParams":{ "x": { "a" : [2,{"c":4,"d":3}], "b":1 },"localParams":[], "resourceList":[],"rawScript":"\u0074rue"},"taskType":"SHELL","name":"a","code":"1","unknown":[1],"flag":"YES"}"""));
        other.Relations.Add(JsonNode.Parse("""{"postTaskCode":"1","preTaskCode":"0","conditionType":"NONE","conditionParams":{}}"""));
        Assert.Equal(1, Int(await UpdateAsync(code, other), "version"));
        other.LastParams["x"]!["a"]![0] = 5;
        Assert.Equal(2, Int(await UpdateAsync(code, other), "version"));
    }

    [Fact]
    public async Task A_name_that_is_taken_gets_a_suffix()
    {
        var form = DefinitionForm.Sound(new string('n', 190) + Guid.NewGuid().ToString("N")[..8]);
        var file = await ExportAsync([await CreateAsync(form)]);
        var code = (await ImportAsync(All, file)).Data()[0].GetInt64();
        var name = Text(await GetHeadAsync(code), "name");
        Assert.Matches("^n{100,}_import_[0-9]{17}$", name);
        Assert.Equal(200, name.Length);
    }

    [Fact]
    public async Task Of_those_who_import_a_file_at_once_one_gets_the_name_and_all_get_their_definition()
    {
        var form = DefinitionForm.Sound();
        var file = await ExportAsync([await CreateAsync(form)]);
        var elsewhere = PathOf(await Server.CreateWorkspaceAsync()) + "/process-definition";
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => ImportAsync(elsewhere, file)));
        Assert.Equal(40, answers.Select(a => a.Data()[0].GetInt64()).Distinct().Count());
        Assert.Equal(39, Int((await Dolphin.GetAsync(elsewhere, ("pageNo", 1), ("pageSize", 1), ("searchVal", form.Name + "_import_"))).Data(), "total"));
    }

    [Fact]
    public async Task A_file_of_DolphinScheduler_s_own_is_taken()
    {
        var name = "w-" + Guid.NewGuid().ToString("N");
        var file = """
            [{"processDefinition":{"id":7,"code":1,"name":"NAME","version":3,"releaseState":"ONLINE","projectCode":5,"description":"d","globalParams":"[{\"prop\":\"dt\",\"direct\":\"IN\",\"type\":\"VARCHAR\",\"value\":\"1\"}]",
            "globalParamList":[],"flag":"YES","userId":1,"locations":"[]","timeout":3,"tenantId":4,"tenantCode":"etl","warningGroupId":2,"executionType":"PARALLEL"},
            "processTaskRelationList":[{"name":"","preTaskCode":0,"preTaskVersion":0,"postTaskCode":9,"postTaskVersion":1,"conditionType":"NONE","conditionParams":{}}],
            "taskDefinitionList":[{"id":1,"code":9,"name":"n","taskType":"SHELL","taskParams":{"rawScript":"true","localParams":[],"resourceList":[]},"flag":"YES","taskPriority":"MEDIUM","workerGroup":"default",
            "environmentCode":-1,"failRetryTimes":1,"failRetryInterval":1,"timeoutFlag":"CLOSE","timeoutNotifyStrategy":null,"timeout":0,"delayTime":0,"resourceIds":"","taskGroupId":0,"cpuQuota":-1,"memoryMax":-1,"taskExecuteType":"BATCH"}],
            "schedule":null}]
            """.Replace("NAME", name, StringComparison.Ordinal);
        var head = await GetHeadAsync((await ImportAsync(All, file)).Data()[0].GetInt64());
        Assert.Equal((name, "OFFLINE", 3, "1"), (Text(head, "name"), Text(head, "releaseState"), Int(head, "timeout"), Text(head.GetProperty("globalParamMap"), "dt")));
    }

    [Theory]
    [InlineData("", BadParameter)]
    [InlineData("nonsense", BadImport)]
    [InlineData("{}", BadImport)]
    [InlineData("[]", BadImport)]
    [InlineData("[7]", BadImport)]
    [InlineData("[{}]", BadImport)]
    [InlineData("[{\"processDefinition\":[]}]", BadImport)]
    [InlineData("[{\"processDefinition\":{\"name\":\"x\"}}]", BadParameter)]
    [InlineData("[{\"processDefinition\":{\"name\":\"x\"},\"taskDefinitionList\":[{\"isCache\":\"YES\"}],\"processTaskRelationList\":[]}]", NotHonoured)]
    public async Task A_file_that_is_none_is_refused_and_nothing_is_created(string file, int code)
    {
        var before = await CountAsync();
        (await ImportAsync(All, file)).Refused(code);
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task Of_a_file_with_one_bad_definition_none_is_created()
    {
        var good = JsonNode.Parse(await ExportAsync([await CreateAsync(DefinitionForm.Sound())]))!.AsArray();
        var bad = good[0]!.DeepClone();
        bad["taskDefinitionList"]![0]!["taskType"] = "BASH";
        good.Add(bad);
        var before = await CountAsync();
        var says = (await ImportAsync(All, good.ToJsonString())).Refused(BadDefinition);
        Assert.StartsWith($"Definition 2 '{good[0]!["processDefinition"]!["name"]}': node 1 ", says, StringComparison.Ordinal);
        Assert.Equal(before, await CountAsync());
    }

    [Theory]
    [InlineData("multipart/form-data", "x")]
    [InlineData("multipart/form-data; boundary=b", "x")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\n\r\nx\r\n--b--\r\n")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx")]
    public async Task A_multipart_form_that_is_none_is_refused(string type, string body)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        (await Dolphin.SendAsync(HttpMethod.Post, All + "/import", content)).Refused(BadParameter);
    }

    [Fact]
    public async Task Elsewhere_a_multipart_form_is_no_body()
    {
        using var content = new MultipartFormDataContent { { new StringContent("x"), "name" } };
        Assert.Equal(415, (await Dolphin.SendAsync(HttpMethod.Post, All, content)).Status);
    }

    [Fact]
    public async Task A_file_may_come_as_a_parameter_too_in_either_dialect()
    {
        var file = await ExportAsync([await CreateAsync(DefinitionForm.Sound())]);
        (await Dolphin.PostAsync(All + "/import", ("file", file))).Data();
        (await Cloud.PostAsync(All + "/import", ("file", file))).Data();
    }

    [Fact]
    public async Task An_export_can_be_read_by_people()
    {
        var form = new DefinitionForm("每天's " + Guid.NewGuid().ToString("N")).Shell("<a>");
        var file = await ExportAsync([await CreateAsync(form)]);
        Assert.Contains($"\"{form.Name}\"", file, StringComparison.Ordinal);
        Assert.Contains("\"<a>\"", file, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_names_its_file_and_refuses_what_is_not_there()
    {
        var code = await CreateAsync(DefinitionForm.Sound());
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Server.Url, $"{All}/batch-export?codes={code}"));
        request.Headers.Add("token", Server.Token);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Matches("^\"?workflow_[0-9]{17}[.]json\"?$", response.Content.Headers.ContentDisposition!.FileName);
        (await Dolphin.PostAsync(All + "/batch-export", ("codes", $"{code},77"))).Refused(WorkflowNotFound);
    }

    private async Task<string> ExportAsync(IEnumerable<long> codes)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Server.Url, $"{All}/batch-export?codes={string.Join(',', codes)}"));
        request.Headers.Add("token", Server.Token);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private async Task<Reply> ImportAsync(string path, string file)
    {
        using var part = new ByteArrayContent([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(file)]);
        using var content = new MultipartFormDataContent { { part, "file", "workflow.json" } };
        return await Dolphin.SendAsync(HttpMethod.Post, path + "/import", content);
    }

    private static DefinitionForm Build(string description, int timeout, int parallelism, string queue, string email, string schedule, int globals, JsonObject[] nodes)
    {
        var form = new DefinitionForm().With("description", description.Length == 0 ? "-" : description).With("timeout", timeout).With("taskParallelism", parallelism).With("resourceQueue", queue)
            .With("alertEmailAddress", email).With("schedule", schedule).With("globalParams", Properties(globals, "g").ToJsonString()).With("locations", """[{"taskCode":1,"x":1,"y":2}]""")
            .With("runAs", "7").With("regionId", "cn-beijing").With("tags", """{"z":"1","a":"2"}""");
        for (var i = 0; i < nodes.Length; i++)
        {
            var node = nodes[i].DeepClone().AsObject();
            form.Node($"n{i}", "NOOP", [], i == 0 ? [] : [.. Enumerable.Range(1, i)]);
            form.Relations[^1]!["name"] = description;
            foreach (var (name, value) in node)
            {
                form.WithNode(name, value?.DeepClone());
            }
        }

        return form;
    }

    private static JsonArray Properties(int count, string prefix) =>
        [.. Enumerable.Range(0, count).Select(i => new JsonObject { ["prop"] = $"{prefix}{i}", ["direct"] = i == 1 ? "OUT" : "IN", ["type"] = "VARCHAR", ["value"] = $"$[yyyyMMdd-{i}] ü" })];
}
