using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;
using Porpoise.Wire.Tests.Cases;

[assembly: AssemblyFixture(typeof(SharedServer))]

namespace Porpoise.Wire.Tests;

/// <summary>Every answer of the cloud's four workflow operations, in both dialects, to the letter.</summary>
public sealed class GoldenTests(SharedServer shared, GoldenFiles goldens) : SharedServerTest(shared), IClassFixture<GoldenFiles>
{
    private const int CloudSuccess = 1_000_000;

    private static readonly IReadOnlyList<WireCase> Cases =
    [
        .. GenerateTaskCodesCases.List.All,
        .. CreateCases.List.All,
        .. UpdateCases.List.All,
        .. StartCases.List.All,
        .. StoppedCases.List.All,
    ];

    public static TheoryData<string, string> CaseNames
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var wireCase in Cases)
            {
                data.Add(wireCase.File, wireCase.Name);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(CaseNames))]
    public async Task The_answer_is_the_golden_one(string file, string name)
    {
        var wireCase = Cases.Single(c => c.File == file && c.Name == name);
        var scene = new Scene(Installation, wireCase);
        var exchange = await wireCase.MakeAsync(scene);
        AssertExpected(wireCase, exchange);
        goldens.Check(wireCase, exchange.Write(scene.Placeholders), Cases.Where(c => c.File == file).Select(c => c.Name));
    }

    [Fact]
    public void No_golden_text_is_left_over()
    {
        Assert.SkipWhen(GoldenFiles.AreWritten, "The goldens are being written.");
        var files = Cases.Select(c => c.File).Distinct().Order().ToArray();
        Assert.Equal(files, Directory.EnumerateFiles(GoldenFiles.Folder).Select(Path.GetFileName).Order());
        Assert.All(files, f => Assert.Equal(Cases.Where(c => c.File == f).Select(c => c.Name), goldens.Read(f).Keys));
    }

    private static void AssertExpected(WireCase wireCase, Exchange exchange)
    {
        var (reply, expected) = (exchange.Reply, wireCase.Expected);
        DialectShape.AssertAnswer(wireCase.Dialect, reply);
        if (expected.Code == 0)
        {
            Assert.True(reply.Json.TryGetProperty("code", out var code) && code.GetInt32() == (wireCase.Dialect == Dialect.Cloud ? CloudSuccess : 0), $"Expected a success, got {reply}");
        }
        else if (wireCase.Dialect == Dialect.Cloud && expected.Gateway is { } gateway)
        {
            Assert.Equal(gateway, reply.GatewayCode);
            Assert.Equal(expected.Status ?? 400, reply.Status);
        }
        else
        {
            reply.Refused(expected.Code);
            Assert.Equal(expected.Status ?? 200, reply.Status);
        }
    }
}
