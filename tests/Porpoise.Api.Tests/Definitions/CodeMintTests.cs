using Porpoise.Api.Definitions;
using Porpoise.Storage.Commits;
using Porpoise.Storage.Sqlite;

namespace Porpoise.Api.Tests.Definitions;

public sealed class CodeMintTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("porpoise-codes-");
    private readonly SetClock _clock = new() { Now = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero) };

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Codes_are_distinct_and_below_2_to_the_53()
    {
        await using var store = Open();
        using var mint = new CodeMint(store, _clock);
        var codes = (await mint.TakeAsync(10_000)).Concat(await mint.TakeAsync(5)).ToList();
        Assert.Equal(codes.Count, codes.Distinct().Count());
        Assert.All(codes, c => Assert.InRange(c, 1, (1L << 53) - 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3_600)]
    public async Task Codes_are_never_repeated_though_the_clock_goes_back_over_a_restart(int secondsBack)
    {
        var seen = new HashSet<long>();
        for (var restart = 0; restart < 5; restart++)
        {
            await using var store = Open();
            using var mint = new CodeMint(store, _clock);
            for (var i = 0; i < 3; i++)
            {
                Assert.All(await mint.TakeAsync(2_000), c => Assert.True(seen.Add(c), $"{c} was minted twice"));
            }

            _clock.Now -= TimeSpan.FromSeconds(secondsBack);
        }
    }

    private SqliteStore Open() => SqliteStore.Open(new SqliteStoreOptions(Path.Combine(_folder.FullName, "s.db"), TimeProvider.System, new CommitThread(), () => "x"));

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
