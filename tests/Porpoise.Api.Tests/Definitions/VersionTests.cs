using System.Text.Json;
using System.Text.Json.Nodes;
using Porpoise.Api.Tests.Serving;

namespace Porpoise.Api.Tests.Definitions;

public sealed class VersionTests(ApiServer server) : DefinitionTest(server)
{
    [Fact]
    public async Task Every_change_is_a_version_and_no_change_is_none()
    {
        var form = DefinitionForm.Sound();
        var code = await CreateAsync(form);
        Assert.Equal(1, Int(await UpdateAsync(code, form), "version"));
        Assert.Equal(2, Int(await UpdateAsync(code, form.With("description", "second")), "version"));
        Assert.Equal(3, Int(await UpdateAsync(code, form.With("description", "of a test").With("publish", "true")), "version"));
        var page = await ListAsync(code);
        Assert.Equal([3, 2, 1], page.Select(v => Int(v, "version")));
        Assert.Equal(["ONLINE", "OFFLINE", "OFFLINE"], page.Select(v => Text(v, "releaseState")));
        Assert.Equal(["of a test", "second", "of a test"], page.Select(v => Text(v, "description")));
        Assert.Equal(2, page.Select(v => Text(v, "versionHashCode")).Distinct().Count());
        Assert.All(page, v => Assert.NotEmpty(Text(v, "operateTime")));
    }

    [Fact]
    public async Task Changes_at_the_same_time_take_nothing_back_from_each_other()
    {
        const int EachAtOnce = 12;
        var form = DefinitionForm.Sound();
        var code = await CreateAsync(form);
        await Task.WhenAll(Enumerable.Range(1, EachAtOnce).SelectMany(i => (Task[])[ChangeNodesAsync(i), ChangeBasicsAsync(i)]));

        var version = Int(await GetHeadAsync(code), "version");
        Assert.Equal(1 + (2 * EachAtOnce), version);
        var scripts = new List<string>();
        for (var number = 1; number <= version; number++)
        {
            var shown = (await Dolphin.GetAsync(PathOf(code), ("versionNumber", number))).Data();
            scripts.Add(Text(shown.GetProperty("taskDefinitionList")[0].GetProperty("taskParams"), "rawScript"));
            if (Text(shown.GetProperty("processDefinition"), "description").StartsWith("basics", StringComparison.Ordinal))
            {
                Assert.Equal(scripts[^2], scripts[^1]);
            }
        }

        Assert.Equal(1 + EachAtOnce, scripts.Distinct().Count());

        async Task ChangeNodesAsync(int i)
        {
            var changed = new DefinitionForm(form.Name).Shell("a");
            changed.LastParams["rawScript"] = $"echo {i}";
            await UpdateAsync(code, changed.With("description", $"nodes {i}"));
        }

        async Task ChangeBasicsAsync(int i) =>
            (await Dolphin.PutAsync(PathOf(code) + "/basic-info", new DefinitionForm(form.Name).With("description", $"basics {i}").Parameters)).Data();
    }

    [Fact]
    public async Task A_version_can_be_shown_switched_to_and_edited_from_there()
    {
        var form = DefinitionForm.Sound();
        var name = form.Name;
        var code = await CreateAsync(form);
        await UpdateAsync(code, form.Shell("b", 1).With("name", name + "2"));
        var shown = (await Dolphin.GetAsync(PathOf(code), ("versionNumber", 1))).Data();
        Assert.Equal((1, 1), (Int(shown.GetProperty("processDefinition"), "version"), shown.GetProperty("taskDefinitionList").GetArrayLength()));
        (await Dolphin.GetAsync(PathOf(code), ("versionNumber", 3))).Refused(VersionNotFound);

        (await Dolphin.GetAsync(PathOf(code) + "/versions/1")).Data();
        var current = await GetAsync(code);
        Assert.Equal((1, 1), (Int(current.GetProperty("processDefinition"), "version"), current.GetProperty("taskDefinitionList").GetArrayLength()));
        Assert.Equal(name, Text(current.GetProperty("processDefinition"), "name"));
        Assert.Equal(3, Int(await UpdateAsync(code, form.With("description", "third")), "version"));
        Assert.Equal(3, (await ListAsync(code)).Count);
    }

    [Fact]
    public async Task The_current_and_the_published_version_cannot_be_deleted_others_can()
    {
        var form = DefinitionForm.Sound().With("publish", "true");
        var code = await CreateAsync(form);
        await UpdateAsync(code, form.With("publish", null).With("description", "2"), isCloud: true);
        await UpdateAsync(code, form.With("description", "3"), isCloud: true);
        (await Dolphin.DeleteAsync(PathOf(code) + "/versions/1")).Refused(VersionIsCurrent);
        (await Dolphin.DeleteAsync(PathOf(code) + "/versions/3")).Refused(VersionIsCurrent);
        (await Dolphin.DeleteAsync(PathOf(code) + "/versions/2")).Data();
        (await Dolphin.DeleteAsync(PathOf(code) + "/versions/2")).Refused(VersionNotFound);
        (await Dolphin.DeleteAsync(PathOf(77) + "/versions/2")).Refused(WorkflowNotFound);
        (await Dolphin.GetAsync(PathOf(code) + "/versions/2")).Refused(VersionNotFound);
        (await Dolphin.GetAsync(PathOf(77) + "/versions/2")).Refused(WorkflowNotFound);
        Assert.Equal([3, 1], (await ListAsync(code)).Select(v => Int(v, "version")));
    }

    [Fact]
    public async Task A_version_that_a_run_is_pinned_to_stays()
    {
        var form = new DefinitionForm().Noop("a").With("publish", "true");
        var code = await CreateAsync(form);
        var run = await StartAsync(new Core.Workflows.WorkflowCode(code));
        await WaitAsync(run);
        await UpdateAsync(code, form.With("description", "2"), isCloud: true);
        (await Dolphin.DeleteAsync(PathOf(code) + "/versions/1")).Refused(110013);
    }

    [Fact]
    public async Task A_difference_is_named_with_its_place_and_both_sides()
    {
        var form = DefinitionForm.Sound().Shell("b", 1).Shell("c", 2).With("globalParams", """[{"prop":"g","value":"1"}]""");
        var code = await CreateAsync(form);
        var changed = new DefinitionForm(form.Name).Shell("a").Shell("renamed", 1).With("description", "other").With("timeout", 5).With("tags", """{"a":"b"}""");
        changed.LastParams["rawScript"] = "false";
        changed.Node("d", "NOOP", [], 1);
        changed.Nodes[2]!["code"] = 4;
        changed.Relations[2]!["postTaskCode"] = 4;
        await UpdateAsync(code, changed);

        var comparison = (await Dolphin.GetAsync(PathOf(code) + "/versions/compare", ("from", 1), ("to", 2))).Data();
        Assert.Equal((1, 2, 11), (Int(comparison, "from"), Int(comparison, "to"), Int(comparison, "total")));
        Assert.NotEqual(Text(comparison, "fromHash"), Text(comparison, "toHash"));
        Assert.Equal(
            [
                "WORKFLOW CHANGED  description: of a test > other",
                """WORKFLOW CHANGED  globalParams: [{"prop":"g","direct":"IN","type":"VARCHAR","value":"1"}] > []""",
                "WORKFLOW CHANGED  timeoutSeconds: 0 > 300",
                "WORKFLOW CHANGED  timeoutNotifyStrategy:  > WARN",
                """WORKFLOW CHANGED  tags: {} > {"a":"b"}""",
                "NODE REMOVED 3 c",
                "NODE CHANGED 2 renamed name: b > renamed",
                "NODE CHANGED 2 renamed taskParams.rawScript: true > false",
                "NODE ADDED 4 d",
                "EDGE REMOVED b → c 2 > 3",
                "EDGE ADDED a → d 1 > 4",
            ],
            comparison.GetProperty("differences").EnumerateArray().Select(Describe));
        var back = (await Dolphin.GetAsync(PathOf(code) + "/versions/compare", ("from", 2), ("to", 1))).Data();
        Assert.Equal(Int(comparison, "total"), Int(back, "total"));
        Assert.Equal(0, Int((await Dolphin.GetAsync(PathOf(code) + "/versions/compare", ("from", 2), ("to", 2))).Data(), "total"));
        (await Dolphin.GetAsync(PathOf(code) + "/versions/compare", ("from", 1), ("to", 9))).Refused(VersionNotFound);
        (await Dolphin.GetAsync(PathOf(code) + "/versions/compare", ("from", 1))).Refused(BadParameter);
    }

    [Fact]
    public async Task The_order_of_nodes_and_edges_is_a_difference()
    {
        var form = new DefinitionForm().Noop("a").Noop("b", 1).Noop("c", 1);
        var code = await CreateAsync(form);
        var swapped = new DefinitionForm(form.Name);
        foreach (var node in (JsonNode?[])[form.Nodes[1], form.Nodes[0], form.Nodes[2]])
        {
            swapped.Nodes.Add(node!.DeepClone());
        }

        swapped.Edge(1, 3).Edge(1, 2);
        await UpdateAsync(code, swapped);
        var differences = (await Dolphin.GetAsync(PathOf(code) + "/versions/compare", ("from", 1), ("to", 2))).Data().GetProperty("differences");
        Assert.Equal(["WORKFLOW CHANGED  nodeOrder: 1, 2, 3 > 2, 1, 3", "WORKFLOW CHANGED  edgeOrder: 1 → 2, 1 → 3 > 1 → 3, 1 → 2"], differences.EnumerateArray().Select(Describe));
    }

    [Fact]
    public async Task Pages_of_versions_are_smaller()
    {
        var code = await CreateAsync(DefinitionForm.Sound());
        Assert.Equal(20, Int((await Dolphin.GetAsync(PathOf(code) + "/versions", ("pageNo", 1), ("pageSize", 2147483647))).Data(), "pageSize"));
        (await Dolphin.GetAsync(PathOf(77) + "/versions", ("pageNo", 1), ("pageSize", 10))).Refused(WorkflowNotFound);
        (await Dolphin.GetAsync(PathOf(code) + "/versions", ("pageNo", 0), ("pageSize", 10))).Refused(BadParameter);
    }

    private async Task<List<JsonElement>> ListAsync(long code) => [.. (await Dolphin.GetAsync(PathOf(code) + "/versions", ("pageNo", 1), ("pageSize", 10))).Data().GetProperty("totalList").EnumerateArray()];

    private static string Describe(JsonElement difference)
    {
        var start = $"{Text(difference, "place")} {Text(difference, "change")} {difference.GetProperty("code")}".TrimEnd();
        var name = difference.GetProperty("name");
        var sides = difference.GetProperty("from").ValueKind == JsonValueKind.Null ? "" : $"{difference.GetProperty("from")} > {difference.GetProperty("to")}";
        var member = difference.GetProperty("member").ValueKind == JsonValueKind.Null ? "" : $"{difference.GetProperty("member")}: ";
        return $"{start} {name} {member}{sides}".TrimEnd();
    }
}
