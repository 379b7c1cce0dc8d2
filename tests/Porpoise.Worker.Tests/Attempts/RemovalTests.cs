using Porpoise.Core.Tasks;
using Porpoise.Worker.Attempts;

namespace Porpoise.Worker.Tests.Attempts;

/// <summary>What attempts left on disk goes when their run is deleted, and nothing else does.</summary>
public sealed class RemovalTests : IDisposable
{
    private static readonly TaskId Task = new(12_345);

    private readonly string _root = Directory.CreateTempSubdirectory("porpoise-removal-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void All_attempts_of_the_task_go_and_those_of_others_stay()
    {
        foreach (var (task, attempt) in new[] { (12_345, 1), (12_345, 2), (12_345, 12), (12_346, 1), (1_234, 1) })
        {
            Fill(task, attempt);
        }

        Assert.Null(new AttemptLogs(_root).Remove(Task, attempts: 2));
        Assert.Equal(["12345.12", "12346.1"], Directory.GetDirectories(Path.Combine(_root, "12")).Select(Path.GetFileName).Order());
        Assert.Equal(
            ["12345.12.claim", "12345.12.exit", "12345.12.log", "12345.12.script", "12345.12.stop", "12346.1.claim", "12346.1.exit", "12346.1.log", "12346.1.script", "12346.1.stop"],
            Directory.GetFiles(Path.Combine(_root, "12")).Select(Path.GetFileName).Order());
        Assert.Single(Directory.GetDirectories(Path.Combine(_root, "1")));
        Assert.Null(new AttemptLogs(_root).Remove(Task, attempts: 2));
        Assert.Null(new AttemptLogs(_root).Remove(new TaskId(999_999), attempts: 3));
    }

    [Fact]
    public void A_link_is_removed_and_what_it_leads_to_is_not()
    {
        var outside = Directory.CreateDirectory(Path.Combine(_root, "outside"));
        File.WriteAllText(Path.Combine(outside.FullName, "precious"), "");
        var folder = Fill(Task.Value, 1);
        Directory.CreateSymbolicLink(Path.Combine(folder, "link"), outside.FullName);
        File.CreateSymbolicLink(Path.Combine(folder, "file"), Path.Combine(outside.FullName, "precious"));
        var closed = Directory.CreateDirectory(Path.Combine(folder, "closed", "inside"));
        Directory.CreateSymbolicLink(Path.Combine(closed.FullName, "link"), outside.FullName);
        File.SetUnixFileMode(closed.Parent!.FullName, UnixFileMode.None);

        Assert.Null(new AttemptLogs(_root).Remove(Task, attempts: 1));
        Assert.False(Directory.Exists(folder));
        Assert.True(File.Exists(Path.Combine(outside.FullName, "precious")));
    }

    [Fact]
    public void A_task_whose_folder_is_a_link_itself_loses_only_the_link()
    {
        var outside = Directory.CreateDirectory(Path.Combine(_root, "outside"));
        File.WriteAllText(Path.Combine(outside.FullName, "precious"), "");
        var folder = Fill(Task.Value, 1);
        Directory.Delete(folder);
        Directory.CreateSymbolicLink(folder, outside.FullName);

        Assert.Null(new AttemptLogs(_root).Remove(Task, attempts: 1));
        Assert.True(File.Exists(Path.Combine(outside.FullName, "precious")));
    }

    [Theory]
    [InlineData("precious")]
    [InlineData("nothing there")]
    public void A_task_that_put_something_else_in_its_folders_place_loses_that(string target)
    {
        File.WriteAllText(Path.Combine(_root, "precious"), "");
        var folder = Fill(Task.Value, 1);
        Directory.Delete(folder);
        File.CreateSymbolicLink(folder, Path.Combine(_root, target));

        Assert.Null(new AttemptLogs(_root).Remove(Task, attempts: 1));
        Assert.Null(new FileInfo(folder).LinkTarget);
        Assert.True(File.Exists(Path.Combine(_root, "precious")));
    }

    [Fact]
    public void A_folder_as_deep_and_as_full_as_it_likes_goes()
    {
        var at = Fill(Task.Value, 1);
        for (var level = 0; level < 300; level++)
        {
            at = Directory.CreateDirectory(Path.Combine(at, "d")).FullName;
            File.WriteAllText(Path.Combine(at, ".porpoise-3"), "");
            Directory.CreateDirectory(Path.Combine(at, ".porpoise-7", "x"));
        }

        Assert.Null(new AttemptLogs(_root).Remove(Task, attempts: 1));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_root, "12")));
    }

    [Fact]
    public async Task A_task_that_swaps_folders_for_links_while_they_are_removed_loses_nothing_of_others()
    {
        var outside = Directory.CreateDirectory(Path.Combine(_root, "outside")).FullName;
        for (var i = 0; i < 50; i++)
        {
            File.WriteAllText(Path.Combine(outside, $"precious{i}"), "");
        }

        using var over = new CancellationTokenSource();
        var folder = Fill(Task.Value, 1);
        var swapping = System.Threading.Tasks.Task.Run(() => Swap(folder, outside, over.Token), TestContext.Current.CancellationToken);
        for (var round = 0; round < 200; round++)
        {
            _ = new AttemptLogs(_root).Remove(Task, attempts: 1);
        }

        await over.CancelAsync();
        await swapping;
        Assert.Equal(50, Directory.GetFiles(outside).Length);
    }

    private static void Swap(string folder, string outside, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                var inner = Directory.CreateDirectory(Path.Combine(folder, "inner")).FullName;
                File.WriteAllText(Path.Combine(inner, "own"), "");
                Directory.Move(inner, inner + "-moved");
                Directory.CreateSymbolicLink(inner, outside);
                File.Delete(inner);
                Directory.Move(inner + "-moved", inner);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It was removed meanwhile: once more.
            }
        }
    }

    private string Fill(int task, int attempt)
    {
        var folder = Path.Combine(_root, $"{task / 1000}", $"{task}.{attempt}");
        Directory.CreateDirectory(folder);
        foreach (var ending in (string[])["script", "log", "stop", "exit", "claim"])
        {
            File.WriteAllText($"{folder}.{ending}", "");
        }

        return folder;
    }
}
