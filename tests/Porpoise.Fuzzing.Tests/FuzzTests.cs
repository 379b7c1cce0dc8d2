using System.Globalization;
using System.Text.Json;
using CsCheck;
using Porpoise.Fuzzing.Tests.Oracles;
using Porpoise.Fuzzing.Tests.Requests;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.Fuzzing.Tests;

/// <summary>
/// The four workflow operations of the cloud against requests that nobody would send on purpose. Whatever comes, the server answers with a JSON object of the
/// dialect and does not fail; what it refuses changes nothing, and what it takes can be read back as it was sent. A failure prints a seed; setting
/// CsCheck_Seed to it repeats the request.
/// </summary>
public abstract class FuzzTests(int seconds) : InstallationTest, IAsyncLifetime
{
    private Definitions Definitions => new(Dolphin);

    private string Project => $"/dolphinscheduler/projects/{Dolphin.Workspace}";

    public async ValueTask InitializeAsync() => await Installation.StartAsync("--slots", "4");

    [Fact]
    public async Task Generating_codes()
    {
        var outcomes = new Outcomes();
        await SampleAsync(FuzzRequest.Gen(Valid.Codes), async request =>
        {
            var reply = await SendAsync(request, HttpMethod.Get, Project + "/task-definition/gen-task-codes");
            if (outcomes.Count(reply))
            {
                long[] codes = [.. reply.Data().EnumerateArray().Select(c => c.GetInt64())];
                Assert.True(!request.IsTextual || codes.Length == int.Parse(request.ValueOf("genNum")!, CultureInfo.InvariantCulture), $"{codes.Length} codes");
                Assert.Equal(codes.Distinct().Order(), codes);
            }
        });
        outcomes.AssertBothReached();
    }

    [Fact]
    public Task Creating_definitions() => CreateAsync(Valid.Definition);

    [Fact]
    public Task Creating_definitions_of_thousands_of_nodes() => CreateAsync(Valid.LargeDefinition);

    [Fact]
    public async Task Updating_a_definition()
    {
        var outcomes = new Outcomes();
        var code = (await Dolphin.TryCreateAsync(new Workflow("updated").Noop("a"))).Data().GetProperty("code").GetInt64();
        var path = string.Create(CultureInfo.InvariantCulture, $"{Project}/process-definition/{code}");
        await SampleAsync(FuzzRequest.Gen(Valid.Definition), async request =>
        {
            // Whatever an earlier request published would only keep DolphinScheduler's clients from editing.
            (await Dolphin.TryReleaseAsync(code, "OFFLINE")).Data();
            var before = await Definitions.FingerprintAsync(code);
            var readBefore = await Definitions.ReadAsync(code);
            var reply = await SendAsync(request, HttpMethod.Put, path);
            if (outcomes.Count(reply))
            {
                AssertReadBack(request, await Definitions.ReadAsync(code), readBefore);
            }
            else
            {
                Assert.Equal(before, await Definitions.FingerprintAsync(code));
            }
        });
        Assert.Equal(1, await Definitions.CountAsync());
        outcomes.AssertBothReached();
    }

    [Fact]
    public async Task Starting_a_run()
    {
        var outcomes = new Outcomes();
        var workflow = new Workflow("started").Noop("a");
        var code = await Dolphin.CreateAsync(workflow);
        var hash = (await Cloud.TryUpdateAsync(code, workflow)).Data().GetProperty("versionHashCode").GetString()!;
        (await Cloud.TryUpdateAsync(code, new Workflow("started").Noop("a").Noop("b", "a"))).Data();
        var definition = await Definitions.FingerprintAsync(code);
        var runs = new HashSet<int>(); // a clientToken that comes twice gives the run that it gave before
        await SampleAsync(FuzzRequest.Gen(Valid.Start(code, hash)), async request =>
        {
            var reply = await SendAsync(request, HttpMethod.Post, Project + "/executors/start-process-instance");
            if (outcomes.Count(reply))
            {
                var id = Assert.Single(reply.Data().EnumerateArray()).GetInt32();
                runs.Add(id);
                var run = await Dolphin.GetRunAsync(id);
                Assert.Equal(code, run.GetProperty("processDefinitionCode").GetInt64());
                if (request.IsTextual)
                {
                    Assert.Equal(ExpectedVersion(request), run.GetProperty("processDefinitionVersion").GetInt32());
                }

                if (request.IsTextual && request.ValueOf("runtimeQueue") is { } queue)
                {
                    Assert.Equal(queue, ApiClient.Text(run, "queue"));
                }
            }

            var page = (await Dolphin.GetAsync(Project + "/process-instances", ("pageNo", 1), ("pageSize", 1))).Data();
            Assert.Equal(runs.Count, page.GetProperty("total").GetInt64());
        });
        Assert.Equal(definition, await Definitions.FingerprintAsync(code));
        outcomes.AssertBothReached();
    }

    private async Task CreateAsync(Gen<IReadOnlyList<Parameter>> valid)
    {
        var outcomes = new Outcomes();
        var taken = 0L;
        await SampleAsync(FuzzRequest.Gen(valid), async request =>
        {
            var before = await Definitions.FingerprintAsync();
            var reply = await SendAsync(request, HttpMethod.Post, Project + "/process-definition");
            if (outcomes.Count(reply))
            {
                taken++;
                var code = reply.Data().GetProperty("code").GetInt64();
                AssertReadBack(request, await Definitions.ReadAsync(code));
                Assert.Equal(1, await Definitions.CountVersionsAsync(code));
            }
            else
            {
                Assert.Equal(before, await Definitions.FingerprintAsync());
            }
        });
        Assert.Equal(taken, await Definitions.CountAsync());
        outcomes.AssertBothReached();
    }

    private static void AssertReadBack(FuzzRequest request, JsonElement read, JsonElement? before = null)
    {
        if (request.IsTextual)
        {
            new SentDefinition(request).AssertReadBack(read, before);
        }
    }

    /// <summary>DolphinScheduler's callers run in production unless they say otherwise, those of the cloud in development.</summary>
    private static int ExpectedVersion(FuzzRequest request)
    {
        if (request.ValueOf("versionNumber") is { } number)
        {
            return int.Parse(number, CultureInfo.InvariantCulture);
        }

        var isProduction = request.ValueOf("isProd") is { } flag ? bool.Parse(flag) : request.Dialect == Dialect.Dolphin;
        return request.ValueOf("versionHashCode") is not null || isProduction ? 1 : 2;
    }

    private async Task<Reply> SendAsync(FuzzRequest request, HttpMethod method, string path)
    {
        var reply = await request.SendAsync(Installation, method, path);
        DialectShape.AssertAnswer(request.Dialect, reply);
        return reply;
    }

    private async Task SampleAsync(Gen<FuzzRequest> requests, Func<FuzzRequest, Task> checkAsync) =>
        await requests.SampleAsync(checkAsync, time: seconds, threads: 1, print: r => r is null ? "(the request could not be made)" : r.ToString());
}

/// <summary>A look at each operation with every build.</summary>
public sealed class ShortFuzzTests() : FuzzTests(seconds: 3);

/// <summary>Long enough to meet what is rare.</summary>
[Trait("lane", "slow")]
public sealed class LongFuzzTests() : FuzzTests(seconds: 90);
