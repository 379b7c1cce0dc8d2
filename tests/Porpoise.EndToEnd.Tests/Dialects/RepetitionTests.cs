using System.Net.Sockets;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Dialects;

/// <summary>A start that is sent twice: on purpose with a token, or by somebody who recorded it.</summary>
public sealed class RepetitionTests : InstallationTest
{
    private const int TokenReused = 1500002;
    private const int AtOnce = 50;
    private const int Wave = 20;

    [Fact]
    public async Task One_token_is_one_run_however_often_and_across_a_crash()
    {
        await Installation.StartAsync();
        var code = await Dolphin.CreateAsync(new Workflow().Noop("a"));
        var runs = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Dolphin.StartAsync(code, ("clientToken", "one"))));
        var run = Assert.Single(runs.Distinct());
        Assert.Equal(run, await Dolphin.StartAsync(code, ("clientToken", "one")));
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));

        await Installation.KillAndStartAsync();
        Assert.Equal(run, await Dolphin.StartAsync(code, ("clientToken", "one")));
        (await Dolphin.TryStartAsync(code, ("clientToken", "one"), ("failureStrategy", "END"))).Refused(TokenReused);
        (await Dolphin.TryStartAsync(await Dolphin.CreateAsync(new Workflow().Noop("a")), ("clientToken", "one"))).Refused(TokenReused);
        Assert.NotEqual(run, await Dolphin.StartAsync(code, ("clientToken", "two")));
        Assert.Equal(2, (await Dolphin.CountAsync()).Values.Sum());
    }

    [Fact]
    public async Task The_header_is_a_token_too_in_either_dialect()
    {
        await Installation.StartAsync();
        var code = await Dolphin.CreateAsync(new Workflow().Noop("a"));
        foreach (var client in (ApiClient[])[Dolphin, Cloud])
        {
            var target = $"/dolphinscheduler/projects/{client.Workspace}/executors/start-process-instance?productNamespace=SS&isProd=true&processDefinitionCode={code}";
            var token = ("Idempotency-Key", "of " + client.Workspace);
            var replies = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => client.SendAsync(HttpMethod.Post, target, null, token)));
            var run = Assert.Single(replies.Select(r => r.Data()[0].GetInt32()).Distinct());
            await Installation.KillAndStartAsync();
            Assert.Equal(run, (await client.SendAsync(HttpMethod.Post, target, null, token)).Data()[0].GetInt32());
            (await client.SendAsync(HttpMethod.Post, target + "&failureStrategy=END", null, token)).Refused(TokenReused);
        }

        Assert.Equal(2, (await Dolphin.CountAsync()).Values.Sum());
    }

    [Fact]
    public async Task A_token_whose_first_use_was_refused_can_be_used_again()
    {
        await Installation.StartAsync();
        var code = await Dolphin.CreateAsync(new Workflow().Noop("a"));
        (await Dolphin.TryReleaseAsync(code, "OFFLINE")).Data();
        (await Dolphin.TryStartAsync(code, ("clientToken", "one"))).Refused(50004);
        (await Dolphin.TryReleaseAsync(code, "ONLINE")).Data();
        await Dolphin.StartAsync(code, ("clientToken", "one"));
    }

    [Fact]
    public async Task A_recorded_start_cannot_be_replayed_neither_at_once_nor_after_a_crash()
    {
        await Installation.StartAsync();
        var code = await Dolphin.CreateAsync(new Workflow().Noop("a"));
        var path = $"/dolphinscheduler/projects/{Cloud.Workspace}/executors/start-process-instance";
        var recorded = RawCall.Sign("POST", Installation.Url, path, Installation.Key.Credentials, ("processDefinitionCode", code), ("productNamespace", "SS"), ("isProd", "true"));
        var replies = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => RawCall.SendAsync(Installation.Url, recorded)));
        var run = Assert.Single(replies, r => r.Status == 200).Data()[0].GetInt32();
        AssertAllReplayed(replies.Where(r => r.Status != 200));

        await Installation.KillAndStartAsync();
        AssertAllReplayed(await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => RawCall.SendAsync(Installation.Url, recorded))));
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        Assert.Equal(1, (await Dolphin.CountAsync()).Values.Sum());
    }

    /// <param name="answers">How many have their answer when the server is killed.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Wave)]
    public async Task A_recorded_start_that_is_sent_around_a_crash_is_one_run(int answers)
    {
        await Installation.StartAsync();
        var code = await Dolphin.CreateAsync(new Workflow().Noop("a"));
        var path = $"/dolphinscheduler/projects/{Cloud.Workspace}/executors/start-process-instance";
        var recorded = RawCall.Sign("POST", Installation.Url, path, Installation.Key.Credentials, ("processDefinitionCode", code), ("productNamespace", "SS"), ("isProd", "true"));
        var replies = await AroundCrashAsync(answers, () => RawCall.SendAsync(Installation.Url, recorded));
        AssertAllReplayed(replies.Where(r => r.Status != 200));
        Assert.InRange(replies.Count(r => r.Status == 200), answers > 0 ? 1 : 0, 1); // none: the crash swallowed the answer of the one that ran
        Assert.Equal(1, (await Dolphin.CountAsync()).Values.Sum());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Wave)]
    public async Task Fresh_signatures_with_one_token_around_a_crash_are_one_run(int answers)
    {
        await Installation.StartAsync();
        var code = await Dolphin.CreateAsync(new Workflow().Noop("a"));
        var replies = await AroundCrashAsync(answers, () => Cloud.TryStartAsync(code, ("clientToken", "one"), ("isProd", "true")));
        var run = Assert.Single(replies.Select(r => r.Data()[0].GetInt32()).Distinct());
        (await Cloud.TryStartAsync(code, ("clientToken", "one"), ("isProd", "true"), ("failureStrategy", "END"))).Refused(TokenReused);
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        Assert.Equal(1, (await Dolphin.CountAsync()).Values.Sum());
    }

    [Fact]
    public async Task A_recorded_creation_or_change_cannot_be_replayed_after_a_crash()
    {
        await Installation.StartAsync();
        var creation = Sign("POST", "/process-definition", new Workflow().Noop("a"));
        var code = (await RawCall.SendAsync(Installation.Url, creation)).Data().GetProperty("code").GetInt64();
        var change = Sign("PUT", $"/process-definition/{code}", new Workflow().Noop("b"));
        (await RawCall.SendAsync(Installation.Url, change)).Data();
        await Installation.KillAndStartAsync();
        AssertAllReplayed([await RawCall.SendAsync(Installation.Url, creation), await RawCall.SendAsync(Installation.Url, change)]);
    }

    [Fact]
    public async Task A_recorded_release_or_stop_cannot_be_replayed_after_a_crash()
    {
        await Installation.StartAsync();
        var code = await Dolphin.CreateAsync(new Workflow().Shell("a", "sleep 600"));
        var run = await Dolphin.StartAsync(code);
        var release = Sign("POST", $"/process-definition/{code}/release", null, ("releaseState", "OFFLINE"));
        (await RawCall.SendAsync(Installation.Url, release)).Data();
        var stop = Sign("POST", "/executors/execute", null, ("processInstanceId", run), ("executeType", "STOP"));
        Assert.Equal(1_000_000, (await RawCall.SendAsync(Installation.Url, stop)).Code);
        await Installation.KillAndStartAsync();
        AssertAllReplayed([await RawCall.SendAsync(Installation.Url, release), await RawCall.SendAsync(Installation.Url, stop)]);
    }

    /// <summary>Sends in three waves: one that the crash meets, one that begins while there is no server and goes on until it is answered, and one after it.</summary>
    /// <returns>All answers. Only the first wave may have gone without.</returns>
    private async Task<IReadOnlyList<Reply>> AroundCrashAsync(int answers, Func<Task<Reply>> sendAsync)
    {
        var answered = 0;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var before = Enumerable.Range(0, Wave).Select(async _ =>
        {
            var reply = await TrySendAsync(sendAsync);
            if (Interlocked.Increment(ref answered) >= answers)
            {
                enough.TrySetResult();
            }

            return reply;
        }).ToArray();
        if (answers > 0)
        {
            await enough.Task;
        }

        await Installation.Server.KillAsync();
        var meanwhile = Enumerable.Range(0, AtOnce - (2 * Wave)).Select(async _ =>
        {
            Reply? reply = null;
            await Eventually.TrueAsync(async () => (reply = await TrySendAsync(sendAsync)) is not null, "the next server answers");
            return reply!;
        }).ToArray();
        await Installation.StartAsync();
        var after = Enumerable.Range(0, Wave).Select(_ => sendAsync()).ToArray();
        return [.. (await Task.WhenAll(before)).OfType<Reply>(), .. await Task.WhenAll(meanwhile), .. await Task.WhenAll(after)];
    }

    /// <summary>Null: the server went away before it answered.</summary>
    private static async Task<Reply?> TrySendAsync(Func<Task<Reply>> sendAsync)
    {
        try
        {
            return await sendAsync();
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException or InvalidDataException { InnerException: null })
        {
            return null;
        }
    }

    private byte[] Sign(string method, string path, Workflow? workflow, params (string Name, object? Value)[] more) => RawCall.Sign(
        method, Installation.Url, $"/dolphinscheduler/projects/{Cloud.Workspace}{path}", Installation.Key.Credentials, [.. workflow?.Parameters ?? [], .. more, ("productNamespace", "SS")]);

    private static void AssertAllReplayed(IEnumerable<Reply> replies) => Assert.All(replies, r =>
    {
        Assert.Equal(400, r.Status);
        Assert.Equal("SignatureNonceUsed", r.GatewayCode);
    });
}
