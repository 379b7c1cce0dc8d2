namespace Porpoise.EndToEnd.Tests.Installing;

/// <summary>The program of one file.</summary>
[Trait("lane", "slow")]
public sealed class ProgramTests(Published published)
{
    /// <summary>The runtime, both libraries and everything else of one processor; two DuckDBs would not fit.</summary>
    private const long SizeMax = 220_000_000;

    [Theory]
    [InlineData("linux-x64", Machine.X64)]
    [InlineData("linux-arm64", Machine.Arm64)]
    public async Task It_is_one_file_with_the_libraries_of_its_processor_only(string platform, int processor)
    {
        var file = new FileInfo(Path.Combine(await published.MakeAsync("program"), "porpoise-" + platform));
        Assert.Equal((UnixFileMode)0b111_101_101, file.UnixFileMode);
        Assert.InRange(file.Length, 1, SizeMax);
        var parts = Machine.Find(await File.ReadAllBytesAsync(file.FullName, TestContext.Current.CancellationToken));
        Assert.Equal(processor, parts[0]);
        Assert.True(parts.Count(part => part == processor) >= 3, "The program, SQLite and DuckDB.");
        Assert.All(parts, part => Assert.True(part == processor || (part == Machine.X64 && platform == "linux-arm64"), $"There is a library for machine {part}."));
        Assert.True(parts.Count(part => part != processor) <= 1, "The shim for x86-64 is in every build; nothing else is.");
    }

    [Fact]
    public async Task It_serves_and_runs_tasks_of_another_user_without_a_home_and_without_NET()
    {
        var program = Path.Combine(await published.MakeAsync("program"), "porpoise-linux-x64");
        await using var place = new CleanPlace(program);
        await using var installation = place.Install();
        await installation.StartAsync(Environment.IsPrivilegedProcess ? ["--task-user", "nobody"] : []);
        await Workout.DoAsync(installation, place.Database);
        Assert.Empty(Directory.EnumerateFileSystemEntries(place.Home));
    }
}
