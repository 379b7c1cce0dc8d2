using System.Text.Json;
using Porpoise.Api.Tests.Serving;
using Porpoise.Core.Workflows;

namespace Porpoise.Api.Tests.Definitions;

public sealed class TreeTests(ApiServer server) : DefinitionTest(server)
{
    [Fact]
    public async Task A_tree_shows_each_node_once_with_what_became_of_it_in_the_last_runs()
    {
        var definition = Serving.Definitions.Of(Serving.Definitions.Exits(1), Serving.Definitions.Exits(2), Serving.Definitions.Exits(3, 1), Serving.Definitions.Exits(4)) with
        {
            Edges = [new Edge(new TaskCode(1), new TaskCode(2)), new Edge(new TaskCode(1), new TaskCode(3)), new Edge(new TaskCode(2), new TaskCode(4)), new Edge(new TaskCode(3), new TaskCode(4))],
        };
        var code = await Server.SaveAsync(definition);
        var runs = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            runs.Add(await StartAsync(code));
            await WaitAsync(runs[^1]);
        }

        var tree = (await Dolphin.GetAsync(PathOf(code.Value) + "/view-tree", ("limit", 2))).Data();
        Assert.Equal(("DAG", 0, ""), (Text(tree, "name"), Int(tree, "code"), Text(tree, "type")));
        Assert.Equal(runs[1..], tree.GetProperty("instances").EnumerateArray().Select(i => Int(i, "id")));
        Assert.All(tree.GetProperty("instances").EnumerateArray(), i => Assert.Equal("FAILURE", Text(i, "state")));
        var root = Assert.Single(tree.GetProperty("children").EnumerateArray());
        Assert.Equal(["SUCCESS", "SUCCESS"], States(root));
        var (left, right) = (root.GetProperty("children")[0], root.GetProperty("children")[1]);
        Assert.Equal(["SUCCESS", "SUCCESS"], States(left));
        Assert.Equal(["FAILURE", "FAILURE"], States(right));
        var last = Assert.Single(left.GetProperty("children").EnumerateArray());
        Assert.Equal(0, right.GetProperty("children").GetArrayLength());
        Assert.Equal([(-1, "not running", ""), (-1, "not running", "")], last.GetProperty("instances").EnumerateArray().Select(i => (Int(i, "id"), Text(i, "name"), Text(i, "state"))));
    }

    [Fact]
    public async Task Runs_of_older_versions_show_by_the_nodes_codes()
    {
        var form = new DefinitionForm().Noop("a").Noop("b", 1).With("publish", "true");
        var code = await CreateAsync(form);
        await WaitAsync(await StartAsync(new WorkflowCode(code)));
        var swapped = new DefinitionForm(form.Name).Noop("b2").Noop("c", 1);
        swapped.Nodes[0]!["code"] = 2;
        swapped.Nodes[1]!["code"] = 3;
        swapped.Relations.Clear();
        swapped.Edge(2, 3);
        await UpdateAsync(code, swapped, isCloud: true);
        var root = (await Dolphin.GetAsync(PathOf(code) + "/view-tree", ("limit", 25))).Data().GetProperty("children")[0];
        Assert.Equal(("b2", "SUCCESS", ""), (Text(root, "name"), Assert.Single(States(root)), Assert.Single(States(root.GetProperty("children")[0]))));
    }

    [Fact]
    public async Task A_chain_is_drawn_up_to_a_length()
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Server.Url, PathOf(await CreateAsync(Chain(200))) + "/view-tree?limit=1"));
        request.Headers.Add("token", Server.Token);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        using var tree = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), new JsonDocumentOptions { MaxDepth = 1_000 });
        Assert.Equal(0, tree.RootElement.GetProperty("code").GetInt32());
        Assert.Contains("more than 200", (await Dolphin.GetAsync(PathOf(await CreateAsync(Chain(201))) + "/view-tree", ("limit", 1))).Refused(BadParameter), StringComparison.Ordinal);
        (await Dolphin.GetAsync(PathOf(await CreateAsync(DefinitionForm.Sound())) + "/view-tree", ("limit", 0))).Refused(BadParameter);
        (await Dolphin.GetAsync(PathOf(await CreateAsync(DefinitionForm.Sound())) + "/view-tree", ("limit", 2147483647))).Data();
    }

    private static DefinitionForm Chain(int length)
    {
        var form = new DefinitionForm();
        for (var i = 0; i < length; i++)
        {
            form.Noop($"n{i}", i == 0 ? [] : [i]);
        }

        return form;
    }

    private static List<string> States(JsonElement node) => [.. node.GetProperty("instances").EnumerateArray().Select(i => Text(i, "state"))];
}
