using System.Text.RegularExpressions;
using Porpoise.Api.Tests.Serving;

namespace Porpoise.Api.Tests.Definitions;

/// <summary>docs/reference/cloud-api.md has every field of the four operations, and every address for definitions.</summary>
public sealed partial class CloudApiPageTests(ApiServer server) : ApiTest(server)
{
    private static readonly string Page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "cloud-api.md"));

    /// <summary>The fields by the section that must have them: members of lists and objects have sections of their own, which Create and Update share.</summary>
    private static readonly Dictionary<string, HashSet<string>> Fields = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "operation-fields.txt"))
        .Select(line => line.Split(' '))
        .Select(part => SectionOf(part[0], part[1], part[2]))
        .GroupBy(f => f.Section, f => f.Name)
        .ToDictionary(g => g.Key, g => g.ToHashSet());

    public static TheoryData<string> Sections => [.. Fields.Keys];

    [Theory]
    [MemberData(nameof(Sections))]
    public void A_section_lists_the_fields_and_no_others(string section)
    {
        var start = Page.IndexOf($"\n## {section}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"There is no section '{section}'.");
        var end = Page.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        var rows = (end < 0 ? Page[start..] : Page[start..end]).Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal));
        var names = rows.SelectMany(row => Quoted().Matches(row.Split('|')[1]).Select(m => m.Groups[1].Value)).ToList();
        Assert.Equal(Fields[section].Order(), names.Order());
    }

    [Fact]
    public void Every_address_for_definitions_is_in_the_table()
    {
        foreach (var operation in Server.Table.All.Where(o => o.Path.Contains("/process-definition", StringComparison.Ordinal) || o.Path.Contains("/task-definition", StringComparison.Ordinal)))
        {
            var path = operation.Path["/dolphinscheduler/projects/{projectCode}/".Length..];
            var last = path.Contains('/', StringComparison.Ordinal) ? path[path.LastIndexOf('/')..] : "/" + path;
            Assert.True(Page.Contains($"{operation.Method} {path}", StringComparison.Ordinal) || Page.Contains("…" + last, StringComparison.Ordinal), $"{operation.Method} {path} is not in docs/reference/cloud-api.md");
        }
    }

    private static (string Section, string Name) SectionOf(string operation, string side, string path)
    {
        path = path.Replace("taskDefinitionJson[].taskParams.localParams[]", "globalParams[]", StringComparison.Ordinal);
        var cut = path.LastIndexOf('.');
        return side == "answer" || cut < 0 ? ($"{operation} {side}", path) : (path[..cut], path[(cut + 1)..]);
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
