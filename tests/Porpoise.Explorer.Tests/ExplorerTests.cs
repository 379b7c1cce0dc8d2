using System.Text.Json;
using Porpoise.LiveServer.Servers;

namespace Porpoise.Explorer.Tests;

/// <summary>The API explorer as somebody uses it, in a real browser over plain http.</summary>
public sealed class ExplorerTests(SharedServer shared, Browser browser) : SharedServerTest(shared)
{
    private const string Apply = "postPorpoiseV1WorkspacesProjectCodeWorkflowsApply";
    private const string Start = "postDolphinschedulerProjectsProjectCodeExecutorsStartProcessInstance";
    private const string List = "getDolphinschedulerProjectsProjectCodeProcessDefinition";

    [Fact]
    public async Task A_workflow_is_applied_and_started_through_the_page_signed()
    {
        var page = await OpenAsync();
        Assert.False((await page.EvaluateAsync("isSecureContext || crypto.subtle !== undefined")).GetBoolean()); // or the page's own hashes were not needed
        await SignAsync(page, Installation.Key.AccessKeySecret);
        var name = "explorer-" + Guid.NewGuid().ToString("N");
        await ChooseAsync(page, Apply, "apply");
        await page.FillAsync("#p-file", $"name: {name}\ndescription: \"é好 !*'()~ +&=%/?#\"\ntasks:\n  greet:\n    run: echo hello from the page\n");
        var applied = await SendAsync(page);
        await ChooseAsync(page, Start, "start a run");
        await page.FillAsync("#p-processDefinitionCode", applied.GetProperty("data")[0].GetProperty("code").GetRawText());
        var run = (await SendAsync(page)).GetProperty("data")[0].GetInt32();
        var ended = (await Dolphin.TryGetRunAsync(run, waitSeconds: 60)).Data();
        Assert.Equal("SUCCESS", ended.GetProperty("state").GetString());
        Assert.StartsWith("POST /dolphinscheduler/projects/", await page.TextAsync("pre[aria-label=Request]"), StringComparison.Ordinal);
        Assert.Empty(await page.ListProblemsAsync());
        await PictureAsync(page, "signed");
    }

    [Fact]
    public async Task A_token_calls_too_and_is_shown_nowhere_and_stored_nowhere()
    {
        var page = await OpenAsync();
        await page.ClickAsync("#identity summary");
        await page.CheckAsync("input[value=token]");
        await page.FillAsync("#token", Installation.Key.Token);
        await ChooseAsync(page, List, "page of the definitions");
        await page.FillAsync("#p-projectCode", Installation.Key.WorkspaceId);
        Assert.Equal(0, (await SendAsync(page)).GetProperty("code").GetInt32());
        Assert.Contains("$PORPOISE_TOKEN", await page.TextAsync("pre[aria-label=curl]"), StringComparison.Ordinal);
        Assert.DoesNotContain(Installation.Key.Token, await page.TextAsync("#main"), StringComparison.Ordinal);
        Assert.Equal(0, (await page.EvaluateAsync("localStorage.length + sessionStorage.length")).GetInt32());
        Assert.Equal(0, await page.CountCookiesAsync());
    }

    [Fact]
    public async Task The_curl_command_does_what_the_page_did()
    {
        var page = await OpenAsync();
        await SignAsync(page, Installation.Key.AccessKeySecret);
        await ChooseAsync(page, List, "page of the definitions");
        await SendAsync(page);
        using var terminal = new CommandProcess();
        var command = (await page.TextAsync("pre[aria-label=curl]")).Replace("curl -sS", $"curl -sS --resolve porpoise.test:{Installation.Url.Port}:127.0.0.1", StringComparison.Ordinal);
        var answer = (await terminal.RunScriptAsync(command)).Done().Json;
        Assert.True(answer.GetProperty("success").GetBoolean(), answer.GetRawText());
    }

    [Fact]
    public async Task What_is_refused_is_said_with_its_reason()
    {
        var page = await OpenAsync();
        await SignAsync(page, "no such secret");
        await ChooseAsync(page, List, "page of the definitions");
        await page.ClickAsync("#send");
        await page.WaitAsync(".verdict.bad");
        Assert.Contains("signature", await page.TextAsync(".verdict"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Every_operation_has_a_form_and_what_is_searched_for_is_found()
    {
        var page = await OpenAsync();
        await page.WaitAsync("nav details");
        var ids = (await page.EvaluateAsync("[...document.querySelectorAll('nav li a')].map((a) => a.hash)")).EnumerateArray().Select(a => a.GetString()!).ToList();
        Assert.True(ids.Count > 150);
        var shown = await page.EvaluateAsync("(async () => { const seen = []; for (const a of [...document.querySelectorAll('nav li a')].map((a) => a.hash)) { location.hash = a; await new Promise((done) => setTimeout(done)); seen.push(document.querySelector('main h1').textContent); } return seen.filter((t) => t.length > 3).length; })()");
        Assert.Equal(ids.Count, shown.GetInt32());
        await page.FillAsync("#search", "no operation has these words");
        await page.WaitAsync("#list p.quiet");
        Assert.Empty(await page.ListProblemsAsync());
    }

    [Fact]
    public async Task It_fits_on_a_phone()
    {
        var page = await OpenAsync();
        await page.ResizeAsync(390, 844);
        await SignAsync(page, Installation.Key.AccessKeySecret);
        await ChooseAsync(page, Start, "start a run");
        Assert.True((await page.EvaluateAsync("document.documentElement.scrollWidth <= innerWidth")).GetBoolean());
        await PictureAsync(page, "narrow");
    }

    private async Task<BrowserPage> OpenAsync()
    {
        var page = await browser.OpenAsync(Installation.Url, "/explorer");
        await page.WaitAsync("main h1");
        return page;
    }

    private async Task SignAsync(BrowserPage page, string secret)
    {
        await page.ClickAsync("#identity summary");
        await page.CheckAsync("input[value=key]");
        await page.FillAsync("#keyId", Installation.Key.AccessKeyId);
        await page.FillAsync("#keySecret", secret);
        await page.FillAsync("#workspace", Installation.Key.WorkspaceId);
        await page.ClickAsync("#identity summary");
    }

    private static async Task ChooseAsync(BrowserPage page, string id, string words)
    {
        await page.FillAsync("#search", words);
        await page.ClickAsync($"nav a[href='#{id}']");
        await page.WaitAsync("#form");
    }

    /// <summary>What the page shows as the answer.</summary>
    private static async Task<JsonElement> SendAsync(BrowserPage page)
    {
        await page.ClickAsync("#send");
        await page.WaitAsync(".verdict");
        var text = await page.TextAsync("#answer");
        Assert.StartsWith("HTTP/1.1 200", text, StringComparison.Ordinal);
        return JsonDocument.Parse(text[text.IndexOf("\n\n", StringComparison.Ordinal)..]).RootElement;
    }

    /// <summary>For people who want to see it: PORPOISE_PICTURES names a folder.</summary>
    private static Task PictureAsync(BrowserPage page, string name) =>
        Environment.GetEnvironmentVariable("PORPOISE_PICTURES") is { Length: > 0 } folder ? page.TakePictureAsync(Path.Combine(folder, name + ".png")) : Task.CompletedTask;
}
