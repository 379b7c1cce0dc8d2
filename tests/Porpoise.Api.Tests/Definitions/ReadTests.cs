using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Porpoise.Api.Tests.Serving;

namespace Porpoise.Api.Tests.Definitions;

public sealed class ReadTests(ApiServer server) : DefinitionTest(server)
{
    [Fact]
    public async Task A_definition_comes_with_its_nodes_and_a_row_for_each_edge_and_each_root()
    {
        var code = await CreateAsync(DefinitionForm.Sound().Shell("b", 1).Shell("c", 1, 2).Noop("d"));
        var dag = await GetAsync(code);
        Assert.Equal(["processDefinition", "processTaskRelationList", "taskDefinitionList"], dag.EnumerateObject().Select(m => m.Name));
        var relations = dag.GetProperty("processTaskRelationList").EnumerateArray().ToList();
        Assert.Equal(
            [(0, 0, 1, 1), (0, 0, 4, 1), (1, 1, 2, 1), (1, 1, 3, 1), (2, 1, 3, 1)],
            relations.Select(r => (Int(r, "preTaskCode"), Int(r, "preTaskVersion"), Int(r, "postTaskCode"), Int(r, "postTaskVersion"))));
        Assert.All(relations, r => Assert.Equal((code, "NONE", "{}", Server.Workspace.ProjectCode), (r.GetProperty("processDefinitionCode").GetInt64(), Text(r, "conditionType"), r.GetProperty("conditionParams").GetRawText(), r.GetProperty("projectCode").GetInt64())));
        Assert.Equal(["a", "b", "c", "d"], dag.GetProperty("taskDefinitionList").EnumerateArray().Select(n => Text(n, "name")));
    }

    [Fact]
    public async Task Edges_and_roots_keep_their_names()
    {
        var form = DefinitionForm.Sound().Shell("b", 1);
        form.Relations[0]!["name"] = "in";
        form.Relations[1]!["name"] = "a to b";
        var code = await CreateAsync(form, isCloud: true);
        Assert.Equal(["in", "a to b"], (await GetAsync(code)).GetProperty("processTaskRelationList").EnumerateArray().Select(r => Text(r, "name")));
        form.Relations[0]!["name"] = "";
        form.Relations[1]!["name"] = "";
        Assert.Equal(1, Int(await UpdateAsync(code, form), "version")); // DolphinScheduler's UI sends no names
        form.Relations[1]!["name"] = "renamed";
        Assert.Equal(2, Int(await UpdateAsync(code, form), "version"));
        Assert.Equal(["in", "renamed"], (await GetAsync(code)).GetProperty("processTaskRelationList").EnumerateArray().Select(r => Text(r, "name")));
        await UpdateAsync(code, form, isCloud: true);
        Assert.Equal(["", "renamed"], (await GetAsync(code)).GetProperty("processTaskRelationList").EnumerateArray().Select(r => Text(r, "name")));
    }

    [Fact]
    public async Task An_edge_that_comes_twice_is_one_edge()
    {
        var code = await CreateAsync(DefinitionForm.Sound().Shell("b", 1), isCloud: true);
        var once = (await GetAsync(code)).GetProperty("processTaskRelationList").EnumerateArray().Select(r => (Int(r, "preTaskCode"), Int(r, "postTaskCode"))).ToList();
        Assert.Equal([(0, 1), (1, 2)], once);
        var repeated = DefinitionForm.Sound().Shell("b", 1, 1).Edge(1, 2);
        repeated.Relations.Add(repeated.Relations[0]!.DeepClone());
        repeated.Relations[2]!["name"] = "first name";
        repeated.Relations[3]!["name"] = "second name";
        var twice = await CreateAsync(repeated, isCloud: true);
        var relations = (await GetAsync(twice)).GetProperty("processTaskRelationList").EnumerateArray().ToList();
        Assert.Equal(once, relations.Select(r => (Int(r, "preTaskCode"), Int(r, "postTaskCode"))));
        Assert.Equal(["", "first name"], relations.Select(r => Text(r, "name")));
        repeated.Relations.RemoveAt(3);
        Assert.Equal(1, Int(await UpdateAsync(twice, repeated, isCloud: true), "version")); // the same content
    }

    /// <summary>What DolphinScheduler's UI reads of a definition and of a node, with its JSON type.</summary>
    [Fact]
    public async Task Members_have_the_types_that_DolphinScheduler_gives_them()
    {
        var dag = await GetAsync(await CreateAsync(DefinitionForm.Sound()));
        AssertTypes(
            dag.GetProperty("processDefinition"),
            "id:Number code:Number name:String version:Number releaseState:String projectCode:Number description:String globalParams:String globalParamList:Array globalParamMap:Object createTime:String "
            + "updateTime:String flag:String userId:Number userName:String projectName:String locations:String scheduleReleaseState:Null timeout:Number tenantId:Number tenantCode:String modifyBy:String "
            + "warningGroupId:Null executionType:String versionHashCode:String");
        AssertTypes(
            dag.GetProperty("taskDefinitionList")[0],
            "id:Number code:Number name:String version:Number description:String projectCode:Number userId:Number taskType:String taskParams:Object taskParamList:Array taskParamMap:Object flag:String "
            + "taskPriority:String userName:String projectName:String workerGroup:String environmentCode:Number failRetryTimes:Number failRetryInterval:Number timeoutFlag:String "
            + "timeoutNotifyStrategy:String timeout:Number delayTime:Number resourceIds:String createTime:String updateTime:String modifyBy:String taskGroupId:Number taskGroupPriority:Number "
            + "cpuQuota:Number memoryMax:Number taskExecuteType:String");
        AssertTypes(
            dag.GetProperty("processTaskRelationList")[0],
            "id:Number name:String processDefinitionVersion:Number projectCode:Number processDefinitionCode:Number preTaskCode:Number preTaskVersion:Number postTaskCode:Number postTaskVersion:Number "
            + "conditionType:String conditionParams:Object createTime:String updateTime:String");
    }

    [Fact]
    public async Task A_page_holds_those_last_changed_first_and_finds_parts_of_names()
    {
        var (workspace, all) = await NewWorkspaceAsync();
        var codes = new List<long>();
        foreach (var name in (string[])["one", "two", "three", "100%_"])
        {
            codes.Add((await Dolphin.PostAsync(all, DefinitionForm.Sound(name).Parameters)).Data().GetProperty("code").GetInt64());
        }

        await Dolphin.PutAsync($"{all}/{codes[0]}", DefinitionForm.Sound("one").With("description", "new").Parameters);
        var page = (await Dolphin.GetAsync(all, ("pageNo", 1), ("pageSize", 3))).Data();
        Assert.Equal((4, 2, 3, 1, 0), (Int(page, "total"), Int(page, "totalPage"), Int(page, "pageSize"), Int(page, "currentPage"), Int(page, "start")));
        Assert.Equal(["one", "100%_", "three"], Names(page));
        Assert.Equal(["two"], Names((await Dolphin.GetAsync(all, ("pageNo", 2), ("pageSize", 3))).Data()));
        Assert.Equal(["three"], Names((await Dolphin.GetAsync(all, ("pageNo", 1), ("pageSize", 10), ("searchVal", " hre "))).Data()));
        Assert.Equal(["100%_"], Names((await Dolphin.GetAsync(all, ("pageNo", 1), ("pageSize", 10), ("searchVal", "%_"))).Data()));
        Assert.Equal(4, Names((await Cloud.GetAsync(all, ("pageNo", 1), ("pageSize", 2147483647), ("searchVal", ""))).Data()).Count);
        Assert.Contains("searchVal is not valid: it takes at most 300 characters", (await Dolphin.GetAsync(all, ("searchVal", new string('x', 301)))).Refused(BadParameter), StringComparison.Ordinal);
        foreach (var (user, count) in ((int, int)[])[(0, 4), (1, 4), (2, 0), (-1, 0)])
        {
            Assert.Equal(count, Int((await Dolphin.GetAsync(all, ("userId", user))).Data(), "total"));
        }

        (await Dolphin.GetAsync(all, ("userId", "root"))).Refused(BadParameter);
        Assert.Equal("new", Text(page.GetProperty("totalList")[0], "description"));
        Assert.Equal(workspace.ProjectCode, page.GetProperty("totalList")[0].GetProperty("projectCode").GetInt64());
    }

    [Fact]
    public async Task Lists_hold_all_definitions_of_the_workspace()
    {
        var (workspace, all) = await NewWorkspaceAsync();
        foreach (var list in (string[])["list", "all", "simple-list", "query-process-definition-list"])
        {
            Assert.Equal(0, (await Dolphin.GetAsync($"{all}/{list}")).Data().GetArrayLength());
        }

        var code = (await Dolphin.PostAsync(all, DefinitionForm.Sound("one").Parameters)).Data().GetProperty("code").GetInt64();
        await Dolphin.PostAsync(all, DefinitionForm.Sound("two").Shell("b").Parameters);
        foreach (var list in (string[])["list", "all"])
        {
            var dags = (await Dolphin.GetAsync($"{all}/{list}")).Data().EnumerateArray().ToList();
            Assert.Equal([("two", 2), ("one", 1)], dags.Select(d => (Text(d.GetProperty("processDefinition"), "name"), d.GetProperty("taskDefinitionList").GetArrayLength())));
        }

        var simple = (await Dolphin.GetAsync(all + "/simple-list")).Data()[1];
        Assert.Equal(("one", code, workspace.ProjectCode), (Text(simple, "name"), simple.GetProperty("code").GetInt64(), simple.GetProperty("projectCode").GetInt64()));
        var reference = (await Dolphin.GetAsync(all + "/query-process-definition-list")).Data()[1];
        Assert.Equal(("one", code, 1), (Text(reference, "name"), reference.GetProperty("code").GetInt64(), Int(reference, "version")));
    }

    [Fact]
    public async Task A_list_reads_on_past_one_page_of_the_store()
    {
        var (_, all) = await NewWorkspaceAsync();
        for (var i = 0; i < 501; i++)
        {
            (await Dolphin.PostAsync(all, new DefinitionForm(i.ToString(CultureInfo.InvariantCulture)).Noop("a").Parameters)).Data();
        }

        Assert.Equal(501, (await Dolphin.GetAsync(all + "/simple-list")).Data().EnumerateArray().Select(w => Text(w, "name")).Distinct().Count());
    }

    [Fact]
    public async Task A_name_is_looked_up_and_verified()
    {
        var form = DefinitionForm.Sound();
        var code = await CreateAsync(form);
        Assert.Equal(code, (await Dolphin.GetAsync(All + "/query-by-name", ("name", form.Name))).Data().GetProperty("processDefinition").GetProperty("code").GetInt64());
        Assert.Contains("'none such'", (await Dolphin.GetAsync(All + "/query-by-name", ("name", "none such"))).Refused(WorkflowNotFound), StringComparison.Ordinal);
        (await Dolphin.GetAsync(All + "/verify-name", ("name", "none such"))).Data();
        (await Dolphin.GetAsync(All + "/verify-name", ("name", form.Name))).Refused(NameTaken);
        (await Dolphin.GetAsync(All + "/verify-name", ("name", form.Name), ("code", 0))).Refused(NameTaken);
        (await Dolphin.GetAsync(All + "/verify-name", ("name", form.Name), ("code", code))).Data();
        (await Dolphin.GetAsync(All + "/verify-name")).Refused(BadParameter);
    }

    /// <summary>A name that is said to be free can be saved.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a\nb")]
    [InlineData("a\u0007b")]
    [InlineData(null)]
    public async Task A_name_that_no_definition_can_have_is_not_free_in_the_words_of_a_create(string? name)
    {
        name ??= new string('n', 201);
        var create = await TryCreateAsync(DefinitionForm.Sound(name));
        var verify = await Dolphin.GetAsync(All + "/verify-name", ("name", name));
        Assert.Equal((create.Code, create.Message), (verify.Code, verify.Message));
        Assert.NotEqual(0, verify.Code);
    }

    [Fact]
    public async Task Nodes_of_one_and_of_several_definitions_can_be_asked_for()
    {
        var (one, two) = (await CreateAsync(DefinitionForm.Sound().Noop("b")), await CreateAsync(DefinitionForm.Sound()));
        Assert.Equal(["a", "b"], (await Dolphin.GetAsync(PathOf(one) + "/tasks")).Data().EnumerateArray().Select(n => Text(n, "name")));
        var both = (await Dolphin.GetAsync(All + "/batch-query-tasks", ("codes", $"{one}, {two},{one}"))).Data();
        Assert.Equal([(one, 2), (two, 1)], both.EnumerateObject().Select(m => (long.Parse(m.Name, CultureInfo.InvariantCulture), m.Value.GetArrayLength())));
        (await Dolphin.GetAsync(All + "/batch-query-tasks", ("codes", $"{one},77"))).Refused(WorkflowNotFound);
        var references = (await Dolphin.GetAsync(All + "/query-task-definition-list", ("processDefinitionCode", one))).Data();
        Assert.Equal([("a", 1L, 1), ("b", 2, 1)], references.EnumerateArray().Select(r => (Text(r, "name"), r.GetProperty("code").GetInt64(), Int(r, "version"))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("0")]
    [InlineData("1,,2")]
    [InlineData("-5")]
    [InlineData("9007199254740992")]
    public async Task Codes_that_are_none_are_refused(string codes) => Assert.Contains("codes", (await Dolphin.GetAsync(All + "/batch-query-tasks", ("codes", codes))).Refused(BadParameter), StringComparison.Ordinal);

    [Fact]
    public async Task No_more_codes_are_taken_than_one_call_handles() =>
        Assert.Contains("1 to 100 codes", (await Dolphin.PostAsync(All + "/batch-delete", ("codes", string.Join(',', Enumerable.Range(1, 101))))).Refused(BadParameter), StringComparison.Ordinal);

    [Fact]
    public async Task Variables_are_those_of_the_definition_and_of_its_nodes()
    {
        var form = DefinitionForm.Sound().WithParam("localParams", JsonNode.Parse("""[{"prop":"p","direct":"IN","type":"DATE","value":"1"}]""")).Shell("b").With("globalParams", """[{"prop":"g","value":"2"}]""");
        var variables = (await Dolphin.GetAsync(PathOf(await CreateAsync(form)) + "/view-variables")).Data();
        Assert.Equal("""[{"prop":"g","direct":"IN","type":"VARCHAR","value":"2"}]""", variables.GetProperty("globalParams").GetRawText());
        Assert.Equal("""{"a":{"taskType":"SHELL","localParamsList":[{"prop":"p","direct":"IN","type":"DATE","value":"1"}]}}""", variables.GetProperty("localParams").GetRawText());
    }

    [Fact]
    public async Task An_empty_definition_is_refused_with_what_to_do() =>
        Assert.Contains("Create it with its first node", (await Dolphin.PostAsync(All + "/empty", ("name", "x"), ("tenantCode", "default"))).Refused(EmptyDefinition), StringComparison.Ordinal);

    [Fact]
    public async Task The_basics_can_be_changed_without_the_nodes()
    {
        var form = DefinitionForm.Sound().Shell("b", 1).With("locations", "[]").With("globalParams", """[{"prop":"g"}]""");
        var code = await CreateAsync(form);
        var before = await GetAsync(code);
        var changed = (await Dolphin.PutAsync(PathOf(code) + "/basic-info", ("name", form.Name + "2"), ("timeout", 7), ("tenantCode", "default"), ("scheduleJson", """{"crontab":"0 0 1 * * ?"}"""), ("releaseState", "OFFLINE"))).Data();
        Assert.Equal((form.Name + "2", 2, 7, "[]", "0 0 1 * * ?"), (Text(changed, "name"), Int(changed, "version"), Int(changed, "timeout"), Text(changed, "globalParams"), Text(changed.GetProperty("schedule"), "crontab")));
        var after = await GetAsync(code);
        Assert.Equal(before.GetProperty("taskDefinitionList").EnumerateArray().Select(n => n.GetProperty("taskParams").GetRawText()), after.GetProperty("taskDefinitionList").EnumerateArray().Select(n => n.GetProperty("taskParams").GetRawText()));
        Assert.Equal(3 - 1, after.GetProperty("processTaskRelationList").GetArrayLength());
        Assert.Equal("[]", Text(after.GetProperty("processDefinition"), "locations"));
    }

    [Fact]
    public async Task A_definition_is_published_and_taken_back()
    {
        var code = await CreateAsync(DefinitionForm.Sound());
        foreach (var path in (string[])["release", "release-workflow"])
        {
            (await Dolphin.PostAsync($"{PathOf(code)}/{path}", ("name", "ignored"), ("releaseState", "ONLINE"))).Data();
            Assert.Equal(("ONLINE", 1), (Text(await GetHeadAsync(code), "releaseState"), Int(await GetHeadAsync(code), "publishedVersion")));
            (await Cloud.PostAsync($"{PathOf(code)}/{path}", ("releaseState", "offline"))).Data();
            Assert.Equal("OFFLINE", Text(await GetHeadAsync(code), "releaseState"));
            (await Dolphin.PostAsync($"{PathOf(code)}/{path}", ("releaseState", "FOO"))).Refused(BadParameter);
        }

        (await Dolphin.PostAsync(PathOf(code) + "/release")).Refused(BadParameter);
        (await Dolphin.PostAsync(PathOf(code) + "/release", ("releaseState", "ONLINE"))).Data();
        (await Dolphin.PostAsync(PathOf(code) + "/release-workflow")).Data(); // there it is OFFLINE unless the call says otherwise
        Assert.Equal("OFFLINE", Text(await GetHeadAsync(code), "releaseState"));
    }

    [Fact]
    public async Task Nodes_can_be_listed_and_looked_at_by_themselves()
    {
        var (workspace, all) = await NewWorkspaceAsync();
        var codes = new List<long>();
        foreach (var name in (string[])["first", "second"])
        {
            var form = new DefinitionForm(name).Shell("load").Noop("join", 1);
            form.Nodes[0]!["code"] = 10 + codes.Count;
            form.Relations[0]!["postTaskCode"] = 10 + codes.Count;
            form.Relations[1]!["preTaskCode"] = 10 + codes.Count;
            codes.Add((await Dolphin.PostAsync(all, form.Parameters)).Data().GetProperty("code").GetInt64());
        }

        var nodes = PathOf(workspace) + "/task-definition";
        var page = (await Dolphin.GetAsync(nodes, ("pageNo", 1), ("pageSize", 3))).Data();
        Assert.Equal((4, 3), (Int(page, "total"), page.GetProperty("totalList").GetArrayLength()));
        var joins = (await Dolphin.GetAsync(nodes, ("pageNo", 1), ("pageSize", 10), ("searchTaskName", "OI"), ("searchWorkflowName", "first"), ("taskType", "NOOP"), ("taskExecuteType", "BATCH"))).Data();
        var join = Assert.Single(joins.GetProperty("totalList").EnumerateArray());
        Assert.Equal(("join", 2, "NOOP", codes[0], "first", "OFFLINE", "load"), (Text(join, "taskName"), Int(join, "taskCode"), Text(join, "taskType"), join.GetProperty("processDefinitionCode").GetInt64(), Text(join, "processDefinitionName"), Text(join, "processReleaseState"), Text(join.GetProperty("upstreamTaskMap"), "10")));

        Assert.Equal(0, Int((await Dolphin.GetAsync(nodes, ("taskExecuteType", "STREAM"))).Data(), "total"));
        Assert.Contains("one of BATCH, STREAM", (await Dolphin.GetAsync(nodes, ("taskExecuteType", "FOO"))).Refused(BadParameter), StringComparison.Ordinal);
        Assert.Contains("at most 300 characters", (await Dolphin.GetAsync(nodes, ("searchTaskName", new string('x', 301)))).Refused(BadParameter), StringComparison.Ordinal);

        Assert.Equal("load", Text((await Dolphin.GetAsync(nodes + "/10")).Data(), "name"));
        Assert.Equal(codes[1], await OwnerOfAsync(nodes, "/2")); // both have it: the one changed last answers
        Assert.Equal("join", Text((await Dolphin.GetAsync(nodes + "/2", ("processDefinitionCode", codes[0]))).Data(), "name"));
        (await Dolphin.GetAsync(nodes + "/11", ("processDefinitionCode", codes[0]))).Refused(50030);
        (await Dolphin.GetAsync(nodes + "/99")).Refused(50030);

        await Dolphin.PutAsync($"{all}/{codes[0]}", new DefinitionForm("first").Shell("x").Parameters);
        var versions = (await Dolphin.GetAsync(nodes + "/2/versions", ("pageNo", 1), ("pageSize", 10), ("processDefinitionCode", codes[1]))).Data();
        Assert.Equal([1], versions.GetProperty("totalList").EnumerateArray().Select(v => Int(v, "version")));

        versions = (await Dolphin.GetAsync(nodes + "/1/versions", ("pageNo", 1), ("pageSize", 10), ("processDefinitionCode", codes[0]))).Data();
        Assert.Equal([2], versions.GetProperty("totalList").EnumerateArray().Select(v => Int(v, "version")));
        Assert.Equal((1, 1), (Int(versions, "total"), Int(versions, "totalPage"))); // the definition has two
    }

    private async Task<long> OwnerOfAsync(string nodes, string node)
    {
        var time = Text((await Dolphin.GetAsync(nodes + node)).Data(), "createTime");
        var page = (await Dolphin.GetAsync(nodes, ("pageNo", 1), ("pageSize", 10), ("searchTaskName", "join"))).Data();
        Assert.NotEmpty(time);
        return page.GetProperty("totalList")[0].GetProperty("processDefinitionCode").GetInt64();
    }

    private async Task<(Storage.Identities.WorkspaceRow Workspace, string All)> NewWorkspaceAsync()
    {
        var workspace = await Server.CreateWorkspaceAsync();
        return (workspace, PathOf(workspace) + "/process-definition");
    }

    private static List<string> Names(JsonElement page) => [.. page.GetProperty("totalList").EnumerateArray().Select(w => Text(w, "name"))];

    private static void AssertTypes(JsonElement json, string members)
    {
        foreach (var member in members.Split(' '))
        {
            var (name, type) = (member[..member.IndexOf(':', StringComparison.Ordinal)], member[(member.IndexOf(':', StringComparison.Ordinal) + 1)..]);
            Assert.True(json.TryGetProperty(name, out var value) && value.ValueKind.ToString() == type, $"{name} is not of type {type}: {json}");
        }
    }
}
