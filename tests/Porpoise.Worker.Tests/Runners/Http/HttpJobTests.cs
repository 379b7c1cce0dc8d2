using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Porpoise.Worker.Runners;
using Porpoise.Worker.Runners.Http;

namespace Porpoise.Worker.Tests.Runners.Http;

/// <summary>HTTP tasks against a real server on this machine.</summary>
public sealed class HttpJobTests
{
    private static readonly Dictionary<string, string> Hostile = new()
    {
        ["q"] = "a b&c=d#e?f/工\"'\\\n${x}", ["n"] = "7", ["host"] = "127.0.0.1", ["evil"] = "x\r\nX-Evil: 1", ["nothing"] = "", ["place"] = "headers", ["method"] = "post",
    };

    [Fact]
    public async Task Values_stay_inside_of_the_place_where_they_stand()
    {
        await using var site = new HttpSite(_ => HttpSite.Ok("fine"));
        var job = Job(site, "/p/${q}?a=${q}&fix=1", """[{"prop":"more","httpParametersType":"parameter","value":"${q}"},{"prop":"X-Note","httpParametersType":"${place}","value":"v ${n} 工"}]""");
        (await RunAsync(job)).Succeeded();
        var seen = Assert.Single(site.Requests);
        var encoded = Uri.EscapeDataString(Hostile["q"]);
        Assert.Equal($"GET /p/{encoded}?a={encoded}&fix=1&more={encoded} HTTP/1.1", seen.Line);
        Assert.Equal("v 7 工", seen.Headers["X-Note"]);
    }

    [Fact]
    public async Task A_json_body_holds_values_as_data()
    {
        await using var site = new HttpSite(_ => HttpSite.Ok("fine"));
        (await RunAsync(Job(site, "/", httpMethod: "POST", httpBody: """{"text":"<${q}>","number":${n},"bare":${q},"stays":"${unknown}"}"""))).Succeeded();
        var seen = Assert.Single(site.Requests);
        Assert.Equal("application/json", seen.Headers["Content-Type"]);
        var body = JsonElement.Parse(seen.Body);
        Assert.Equal($"<{Hostile["q"]}>", body.GetProperty("text").GetString());
        Assert.Equal(7, body.GetProperty("number").GetInt32());
        Assert.Equal(Hostile["q"], body.GetProperty("bare").GetString());
        Assert.Equal("${unknown}", body.GetProperty("stays").GetString());
    }

    [Fact]
    public async Task Body_parameters_become_a_json_object_and_others_of_a_post_a_form()
    {
        await using var site = new HttpSite(_ => HttpSite.Ok("fine"));
        (await RunAsync(Job(site, "/", """[{"prop":"a","httpParametersType":"Body","value":"${q}"},{"prop":"b","httpParametersType":"PARAMETER","value":"1"}]""", "${method}"))).Succeeded();
        (await RunAsync(Job(site, "/", """[{"prop":"a","httpParametersType":"PARAMETER","value":"${q}"}]""", "POST"))).Succeeded();
        var (first, second) = (site.Requests.First(), site.Requests.Last());
        Assert.Equal("POST /?b=1 HTTP/1.1", first.Line);
        Assert.Equal(Hostile["q"], JsonElement.Parse(first.Body).GetProperty("a").GetString());
        Assert.Equal("application/x-www-form-urlencoded", second.Headers["Content-Type"]);
        Assert.Equal("a=" + Uri.EscapeDataString(Hostile["q"]), second.Body);
    }

    [Fact]
    public async Task A_line_break_never_gets_into_a_header()
    {
        await using var site = new HttpSite(_ => HttpSite.Ok("fine"));
        var fault = (await RunAsync(Job(site, "/", """[{"prop":"X-A","httpParametersType":"HEADERS","value":"${evil}"}]"""))).Failed();
        Assert.Contains("header X-A holds a line break", fault, StringComparison.Ordinal);
        Assert.Empty(site.Requests);
    }

    [Theory]
    [InlineData("http://${q}/", "stands in the host")]
    [InlineData("${q}/", "begins with the parameter q")]
    [InlineData("ftp://127.0.0.1/", "http:// or https://")]
    [InlineData("/relative", "http:// or https://")]
    public async Task An_address_that_is_none_is_refused_with_its_reason(string url, string reason) =>
        Assert.Contains(reason, (await RunAsync(JobBench.JobOf("HTTP", new JsonObject { ["url"] = url }, Hostile))).Failed(), StringComparison.Ordinal);

    [Fact]
    public async Task A_value_may_be_the_host()
    {
        await using var site = new HttpSite(_ => HttpSite.Ok("fine"));
        (await RunAsync(JobBench.JobOf("HTTP", new JsonObject { ["url"] = $"http://${{host}}:{site.Port}/" }, Hostile))).Succeeded();
        (await RunAsync(JobBench.JobOf("HTTP", new JsonObject { ["url"] = "${all}/x" }, new Dictionary<string, string> { ["all"] = site.Url }))).Succeeded();
        Assert.Equal("GET /x HTTP/1.1", site.Requests.Last().Line);
    }

    [Fact]
    public async Task A_password_in_the_address_is_sent_as_credentials_and_not_shown_and_neither_are_values()
    {
        await using var site = new HttpSite(_ => HttpSite.Ok("fine"));
        var ran = (await RunAsync(JobBench.JobOf("HTTP", new JsonObject { ["url"] = $"http://me:s3cret@127.0.0.1:{site.Port}/?token=${{q}}" }, Hostile))).Succeeded();
        Assert.Equal("Basic " + Convert.ToBase64String("me:s3cret"u8), Assert.Single(site.Requests).Headers["Authorization"]);
        Assert.DoesNotContain("s3cret", ran.Log, StringComparison.Ordinal);
        Assert.Contains($"GET http://127.0.0.1:{site.Port}/?token=${{q}} (", ran.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "200 OK", "x", null)]
    [InlineData("STATUS_CODE_DEFAULT", "", "201 Created", "x", "STATUS_CODE_CUSTOM and condition to 201")]
    [InlineData("STATUS_CODE_CUSTOM", "201", "201 Created", "x", null)]
    [InlineData("STATUS_CODE_CUSTOM", "201,404", "404 Not Found", "x", null)]
    [InlineData("STATUS_CODE_CUSTOM", "201", "200 OK", "x", "wants 201")]
    [InlineData("STATUS_CODE_CUSTOM", "${n},many", "200 OK", "x", "taskParams.condition: It takes one or several status codes such as 200,201.")]
    [InlineData("status_code_custom", " 201 , 404", "404 Not Found", "x", null)]
    [InlineData("BODY_CONTAINS", "a ${n}", "500 Oops", "it is a 7!", null)]
    [InlineData("BODY_CONTAINS", "a ${n}", "200 OK", "it is a 8!", "does not hold 'a 7'")]
    [InlineData("BODY_CONTAINS", "", "200 OK", "x", "taskParams.condition: A node of type HTTP whose httpCheckCondition is")]
    [InlineData("BODY_CONTAINS", "${nothing}", "200 OK", "x", "it is empty")]
    [InlineData("body_not_contains", "error", "200 OK", "all well", null)]
    [InlineData("BODY_NOT_CONTAINS", "error", "200 OK", "all well", null)]
    [InlineData("BODY_NOT_CONTAINS", "error", "200 OK", "an error", "holds 'error'")]
    [InlineData("WHATEVER", "", "200 OK", "x", "BODY_NOT_CONTAINS")]
    public async Task An_answer_is_held_against_the_condition(string check, string condition, string status, string body, string? fault)
    {
        await using var site = new HttpSite(_ => HttpSite.Ok(body, status: status));
        var ran = await RunAsync(Job(site, "/", check: check, condition: condition));
        if (fault is null)
        {
            Assert.Contains(body, ran.Succeeded().Log, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains(fault, ran.Failed(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Redirects_are_followed_and_lose_the_headers_of_the_task_at_another_server()
    {
        await using var other = new HttpSite(_ => HttpSite.Ok("there"));
        await using var site = new HttpSite(seen => HttpSite.Redirect(seen.Line.Contains("/a", StringComparison.Ordinal) ? "/b?secret=1" : other.Url + "/c"));
        var ran = (await RunAsync(Job(site, "/a", """[{"prop":"Authorization","httpParametersType":"HEADERS","value":"Bearer t"}]"""))).Succeeded();
        Assert.Equal(["GET /a HTTP/1.1", "GET /b?secret=1 HTTP/1.1"], site.Requests.Select(r => r.Line));
        Assert.All(site.Requests, r => Assert.Equal("Bearer t", r.Headers["Authorization"]));
        Assert.False(Assert.Single(other.Requests).Headers.ContainsKey("Authorization"));
        Assert.DoesNotContain("secret", ran.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/again", "more than 10 times")]
    [InlineData("file:///etc/passwd", "by http or https only")]
    public async Task Redirects_end(string to, string reason)
    {
        await using var site = new HttpSite(_ => HttpSite.Redirect(to));
        Assert.Contains(reason, (await RunAsync(Job(site, "/"))).Failed(), StringComparison.Ordinal);
        Assert.True(site.Requests.Count <= HttpJob.RedirectsMax + 1);
    }

    [Fact]
    public async Task What_is_posted_is_not_posted_elsewhere_and_a_wanted_redirect_is_an_answer()
    {
        await using var site = new HttpSite(_ => HttpSite.Redirect("/b"));
        Assert.Contains("status is 302", (await RunAsync(Job(site, "/", httpMethod: "POST"))).Failed(), StringComparison.Ordinal);
        (await RunAsync(Job(site, "/", check: "STATUS_CODE_CUSTOM", condition: "302"))).Succeeded();
        Assert.Equal(2, site.Requests.Count);
    }

    [Fact]
    public async Task The_body_and_members_of_a_json_object_are_output_parameters()
    {
        await using var site = new HttpSite(_ => HttpSite.Ok("""{"id":17,"name":"工","list":[1,2],"none":null}""", "application/json"));
        var job = JobBench.JobOf("HTTP", new JsonObject { ["url"] = site.Url }, null, [.. ((string[])["response", "statusCode", "id", "name", "list", "none", "missing"]).Select(o => JobBench.Out(o))]);
        var outputs = (await RunAsync(job)).Succeeded().Outputs;
        Assert.Equal("""{"id":17,"name":"工","list":[1,2],"none":null}""", outputs["response"]);
        Assert.Equal(("200", "17", "工", "[1,2]", ""), (outputs["statusCode"], outputs["id"], outputs["name"], outputs["list"], outputs["none"]));
        Assert.False(outputs.ContainsKey("missing"));
    }

    [Fact]
    public async Task A_long_answer_is_cut_in_the_log_and_an_endless_one_in_memory()
    {
        var chunk = new string('x', 1024 * 1024);
        await using var site = new HttpSite(_ => $"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{string.Concat(Enumerable.Repeat(chunk, 18))}");
        var ran = (await RunAsync(Job(site, "/"))).Succeeded();
        Assert.InRange(ran.Log.Length, HttpAnswer.ShownMax, HttpAnswer.ShownMax + 1_000);
        Assert.Contains("more than 16777216 characters", ran.Log, StringComparison.Ordinal);
        Assert.Contains("no more of it is read", (await RunAsync(Job(site, "/", check: "BODY_CONTAINS", condition: "y"))).Failed(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_server_is_not_waited_for_longer_than_was_said()
    {
        await using var silent = new HttpSite(_ => null);
        Assert.Contains("socketTimeout", (await RunAsync(Job(silent, "/", timeout: 200))).Failed(), StringComparison.Ordinal);
        var since = Stopwatch.GetTimestamp();
        Assert.Contains("within 0.2 s", (await RunAsync(Job(silent, "/", timeout: 200, connectTimeout: 60_000))).Failed(), StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(30), "The time to connect was waited for, too.");
        await using var half = new HttpSite(_ => "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        Assert.Contains("broke off in the middle", (await RunAsync(Job(half, "/"))).Failed(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_at_which_nobody_listens_is_said()
    {
        var site = new HttpSite(_ => null);
        await site.DisposeAsync();
        Assert.Contains("refuses connections", (await RunAsync(JobBench.JobOf("HTTP", new JsonObject { ["url"] = $"http://127.0.0.1:{1}/" }))).Failed(), StringComparison.Ordinal);
        Assert.Contains("cannot be resolved", (await RunAsync(JobBench.JobOf("HTTP", new JsonObject { ["url"] = "http://no-such-name.invalid/" }))).Failed(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_aborts_the_request()
    {
        await using var site = new HttpSite(_ => null);
        using var stop = new CancellationTokenSource();
        var running = RunAsync(Job(site, "/"), stop.Token);
        while (site.Requests.IsEmpty)
        {
            await Task.Yield();
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await site.Hung.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken); // the server sees it
    }

    [Fact]
    public async Task Private_addresses_are_refused_when_the_server_says_so_also_behind_names_and_redirects()
    {
        await using var site = new HttpSite(_ => HttpSite.Ok("secret"));
        foreach (var host in (string[])["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0.0.0.0"])
        {
            var job = JobBench.JobOf("HTTP", new JsonObject { ["url"] = $"http://{host}:{site.Port}/" }) with { Settings = new JobSettings { RefusePrivateAddresses = true } };
            Assert.Contains("--refuse-private-http", (await RunAsync(job)).Failed(), StringComparison.Ordinal);
        }

        Assert.Empty(site.Requests);
    }

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.1.1", true)]
    [InlineData("169.254.169.254", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("127.255.255.255", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("224.0.0.1", true)]
    [InlineData("255.255.255.255", true)]
    [InlineData("8.8.8.8", false)]
    [InlineData("1.1.1.1", false)]
    [InlineData("::", true)]
    [InlineData("::1", true)]
    [InlineData("fe80::1%1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("ff02::1", true)]
    [InlineData("2001:4860:4860::8888", false)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("::ffff:8.8.8.8", false)]
    [InlineData("::10.0.0.1", true)]
    [InlineData("64:ff9b::10.0.0.1", true)]
    [InlineData("64:ff9b::8.8.8.8", false)]
    [InlineData("2002:0a00:0001::1", true)]
    [InlineData("2002:0808:0808::1", false)]
    public void An_address_is_private_or_not(string address, bool isPrivate) => Assert.Equal(isPrivate, PrivateAddresses.Contain(System.Net.IPAddress.Parse(address)));

    private static Job Job(HttpSite site, string path, string httpParams = "[]", string httpMethod = "GET", string? httpBody = null, string check = "", string condition = "", int? timeout = null, int? connectTimeout = null) => JobBench.JobOf(
        "HTTP",
        new JsonObject
        {
            ["url"] = site.Url + path, ["httpMethod"] = httpMethod, ["httpParams"] = JsonNode.Parse(httpParams), ["httpBody"] = httpBody, ["httpCheckCondition"] = check, ["condition"] = condition,
            ["connectTimeout"] = connectTimeout ?? timeout, ["socketTimeout"] = timeout,
        },
        Hostile);

    private static Task<Ran> RunAsync(Job job, CancellationToken ct = default) => JobBench.RunAsync(new HttpJob(), job, ct);
}
