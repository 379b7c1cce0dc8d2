using System.Text.RegularExpressions;
using Porpoise.Core.Workflows;
using Porpoise.Formats.Workflows;

namespace Porpoise.Formats.Tests;

/// <summary>The page about the format and the examples hold what they show.</summary>
public sealed partial class PageTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "examples")).Select(f => Path.GetFileName(f)!)];

    [Theory]
    [MemberData(nameof(Files))]
    public void An_example_is_sound(string file)
    {
        var read = WorkflowFile.Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "examples", file)));
        Assert.Empty(read.Check(WorkflowSurroundings.Standard));
    }

    [Fact]
    public void Every_example_of_the_page_is_sound_and_its_fault_is_real()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "yaml.md"));
        var examples = Blocks().Matches(page).Where(m => m.Groups[1].Value == "yaml").Select(m => m.Groups[2].Value).ToList();
        Assert.Equal(2, examples.Count);
        foreach (var example in examples)
        {
            Assert.Empty(WorkflowFile.Read(example).Check(WorkflowSurroundings.Standard with { DataSources = new HashSet<int> { 1 } }));
        }

        var fault = Assert.Single(WorkflowFile.Read(examples[0].Replace("retryInterval: 30s", "retryInterval: soon", StringComparison.Ordinal)).Check(WorkflowSurroundings.Standard));
        Assert.Equal($"sales.yaml:{fault}\n", Blocks().Matches(page).Single(m => m.Groups[1].Value == "text").Groups[2].Value);
    }

    [GeneratedRegex("```(yaml|text)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
