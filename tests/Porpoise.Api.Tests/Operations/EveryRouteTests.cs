using System.Net.Http.Headers;
using System.Text.Json;
using Porpoise.Api.Tests.Serving;

namespace Porpoise.Api.Tests.Operations;

/// <summary>What holds for every address, whatever it does. New operations are in here by being in the table.</summary>
public sealed class EveryRouteTests(ApiServer server) : ApiTest(server)
{
    /// <summary>Answers a file, not an envelope.</summary>
    private const string Export = "/porpoise/v1/audit/export";

    [Fact]
    public async Task Called_with_nothing_every_operation_answers_json_and_fails_on_no_account_of_its_own()
    {
        foreach (var operation in Server.Table.All.Where(o => o.Path != Export))
        {
            foreach (var caller in (ApiCaller[])[Dolphin, Cloud])
            {
                var reply = await caller.SendAsync(new HttpMethod(operation.Method), Fill(operation.Path, "2147483647"));
                Assert.True(reply.Status is >= 200 and < 500, $"{operation.Method} {operation.Path}: HTTP {reply.Status} {reply.Text}");
                Assert.True(reply.Json.TryGetProperty("code", out var code) ? code.GetInt32() != 10000 : reply.Json.TryGetProperty("Code", out _), reply.Text);
            }
        }
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("99999999999999999999999")]
    [InlineData("1.5")]
    [InlineData("%E4%BD%A0")]
    [InlineData("%FF")]
    [InlineData("%25")]
    [InlineData("a%2Fb")]
    [InlineData("..%2F..")]
    [InlineData("'%20or%201=1--")]
    public async Task An_id_that_is_none_is_answered_in_json(string id)
    {
        foreach (var operation in Server.Table.All.Where(o => o.Path.Contains('{', StringComparison.Ordinal)))
        {
            foreach (var path in (string[])[Fill(operation.Path, id), operation.Path.Replace("{projectCode}", id, StringComparison.Ordinal).Replace("{id}", "1", StringComparison.Ordinal).Replace("{code}", "1", StringComparison.Ordinal)])
            {
                var reply = await Dolphin.SendAsync(new HttpMethod(operation.Method), path);
                Assert.True(reply.Status is >= 200 and < 500, $"{operation.Method} {path}: HTTP {reply.Status} {reply.Text}");
            }
        }
    }

    [Fact]
    public async Task Without_credentials_nothing_is_answered_but_401()
    {
        using var http = new HttpClient();
        foreach (var operation in Server.Table.All.Where(o => !o.IsOpen && o.RpcName is null))
        {
            using var request = new HttpRequestMessage(new HttpMethod(operation.Method), new Uri(Server.Url, Fill(operation.Path, "1")));
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            var reply = new Reply((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Equal(401, reply.Status);
            reply.Refused(1500004);
        }
    }

    [Fact]
    public async Task Another_method_is_a_405_that_says_which_are_right()
    {
        foreach (var path in Server.Table.All.Where(o => o.RpcName is null).Select(o => o.Path).Distinct())
        {
            var reply = await Dolphin.SendAsync(HttpMethod.Patch, Fill(path, "1"));
            Assert.Equal(405, reply.Status);
            reply.Refused(1500007);
            Assert.Contains(Server.Table.All.First(o => o.Path == path).Method, reply.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>What official clients send with every call, and what a list may be asked for beyond its parameters.</summary>
    [Fact]
    public async Task Pages_are_counted_from_one_and_bounded()
    {
        foreach (var operation in Server.Table.All.Where(o => o.Method == "GET" && o.Path != Export))
        {
            var path = Fill(operation.Path, "1");
            var reply = await Dolphin.GetAsync(path, ("pageNo", 1), ("pageSize", 2147483647));
            if (!reply.Json.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object || !data.TryGetProperty("totalList", out _))
            {
                continue;
            }

            Assert.Equal(1_000, data.GetProperty("pageSize").GetInt32());
            Assert.Contains("pageNo", (await Dolphin.GetAsync(path, ("pageNo", 0), ("pageSize", 10))).Refused(10001), StringComparison.Ordinal);
            Assert.Contains("pageSize", (await Dolphin.GetAsync(path, ("pageNo", 1), ("pageSize", -1))).Refused(10001), StringComparison.Ordinal);
            var beyond = (await Dolphin.GetAsync(path, ("pageNo", 2147483647), ("pageSize", 2147483647))).Data();
            Assert.Equal(0, beyond.GetProperty("totalList").GetArrayLength());
            Assert.True(beyond.GetProperty("totalPage").GetInt64() >= 1);
            var plain = (await Dolphin.GetAsync(path)).Data();
            Assert.Equal((10, 1, 0), (plain.GetProperty("pageSize").GetInt32(), plain.GetProperty("currentPage").GetInt32(), plain.GetProperty("start").GetInt32()));
        }
    }

    [Theory]
    [InlineData("{\"a\":1}{\"b\":2}")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"projectName\":\"\\ud800\"}")]
    [InlineData("{\"projectName\":\"a\\u0000b\"}")]
    public async Task A_json_body_that_is_no_set_of_parameters_is_refused(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        (await Dolphin.SendAsync(HttpMethod.Post, "/dolphinscheduler/projects", content)).Refused(10001);
    }

    [Fact]
    public async Task Deep_json_huge_numbers_and_many_members_are_refused()
    {
        var deep = new string('[', 100_000) + new string(']', 100_000);
        string[] bodies =
        [
            $$"""{"a":{{deep}}}""",
            """{"projectName":"p","description":""" + new string('9', 5_000) + "}",
            "{" + string.Join(',', Enumerable.Range(0, 600).Select(i => $"\"p{i}\":1")) + "}",
        ];
        foreach (var body in bodies)
        {
            using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            (await Dolphin.SendAsync(HttpMethod.Post, "/dolphinscheduler/projects", content)).Refused(10001);
        }
    }

    [Fact]
    public async Task A_form_that_is_not_UTF8_is_refused()
    {
        using var content = new ByteArrayContent([.. "projectName="u8, 0xD6, 0xD0]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        Assert.Contains("UTF-8", (await Dolphin.SendAsync(HttpMethod.Post, "/dolphinscheduler/projects", content)).Refused(10001), StringComparison.Ordinal);
    }

    /// <summary>With a signed call it is the gateway's error, which official clients raise; not an envelope with HTTP 200, which they take for an answer.</summary>
    [Fact]
    public async Task A_signed_call_whose_parameters_cannot_be_read_is_a_400()
    {
        var path = PathOf(Server.Workspace) + "/process-definition";
        (string Type, byte[] Body, string Says)[] bodies =
        [
            ("application/json", [.. "{\"a\":"u8], "The body cannot be read as JSON"),
            ("application/json", [.. "[1]"u8], "A JSON body must be an object"),
            ("application/json", [.. "{\"a\":\""u8, 0xFF, .. "\"}"u8], "The body cannot be read as JSON"),
            ("application/x-www-form-urlencoded", [.. "name="u8, 0xD6, 0xD0], "The body is not UTF-8."),
            ("application/x-www-form-urlencoded", [.. "name=%D6%D0"u8], "that are not UTF-8."),
            ("application/x-www-form-urlencoded", System.Text.Encoding.ASCII.GetBytes(string.Join('&', Enumerable.Range(0, 600).Select(i => $"p{i}=1"))), "at most 512 parameters"),
        ];
        foreach (var (type, body, says) in bodies)
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue(type);
            var reply = await Cloud.SendAsync(HttpMethod.Post, path, content);
            Assert.Equal((400, "InvalidParameter.Format"), (reply.Status, reply.Json.GetProperty("Code").GetString()));
            Assert.Contains(says, reply.Json.GetProperty("Message").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("?searchVal=%D6%D0", "UTF-8")]
    [InlineData("?searchVal=%00", "NUL")]
    [InlineData("?search%00Val=1", "NUL")]
    [InlineData("?pageNo=1&pageNo=0&PAGENO=0", null)]
    [InlineData("?PAGENO=0&pageNo=1", null)]
    [InlineData("?searchVal=100%", null)]
    [InlineData("?searchVal=%zz&&&=&=1&x", null)]
    public async Task The_query_is_read_strictly_where_text_would_be_lost_and_leniently_elsewhere(string query, string? refusedFor)
    {
        var reply = await Dolphin.SendAsync(HttpMethod.Get, "/dolphinscheduler/projects" + query);
        if (refusedFor is null)
        {
            reply.Data();
        }
        else
        {
            Assert.Contains(refusedFor, reply.Refused(10001), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_message_that_quotes_the_caller_is_bounded()
    {
        var reply = await Dolphin.SendAsync(HttpMethod.Get, $"/dolphinscheduler/projects/{new string('x', 900_000)}");
        Assert.True(reply.Refused(10018).Length < 70_000);
    }

    private string Fill(string path, string id) => path
        .Replace("{projectCode}", Server.Workspace.Id.Value, StringComparison.Ordinal)
        .Replace("{id}", id, StringComparison.Ordinal)
        .Replace("{code}", id, StringComparison.Ordinal)
        .Replace("{version}", id, StringComparison.Ordinal);
}
