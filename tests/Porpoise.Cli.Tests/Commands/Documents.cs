using System.Text;
using System.Text.RegularExpressions;

namespace Porpoise.Cli.Tests.Commands;

/// <summary>Where in a page a command stands.</summary>
internal enum CommandPlace
{
    /// <summary>In a block of bash: such blocks are run from the first to the last.</summary>
    Script,

    /// <summary>In another block, or in lines that are set in.</summary>
    Block,

    /// <summary>In a sentence.</summary>
    Sentence,
}

/// <summary>A line of a page that somebody could type.</summary>
internal sealed record PageCommand(string Page, CommandPlace Place, string Line);

/// <summary>The pages that people read, and the commands in them.</summary>
internal static partial class Documents
{
    private static readonly string Root = AppContext.BaseDirectory;

    /// <summary>What begins a line that is a command, and no output, setting or text.</summary>
    private static readonly HashSet<string> Programs = ["porpoise", "./run", "node", "printf", "sed", "cp", "mv", "mkdir", "useradd", "install", "systemctl", "docker", "dotnet", "curl", "npm"];

    /// <summary>README.md and all pages of the guide, of operation and of the reference; by their paths below docs.</summary>
    public static IReadOnlyList<string> Pages { get; } =
    [
        "README.md",
        .. new[] { "guide", "operate", "reference" }.SelectMany(f => Directory.GetFiles(Path.Combine(Root, "docs", f), "*.md")).Select(p => Path.GetRelativePath(Path.Combine(Root, "docs"), p)).Order(StringComparer.Ordinal),
    ];

    public static string Read(string page) => File.ReadAllText(page == "README.md" ? Path.Combine(Root, page) : Path.Combine(Root, "docs", page));

    /// <summary>The blocks of bash, in their order.</summary>
    public static IReadOnlyList<string> ScriptsOf(string page) => [.. Fence().Matches(Read(page)).Where(m => m.Groups["language"].Value == "bash").Select(m => m.Groups["text"].Value)];

    public static IEnumerable<PageCommand> CommandsOf(string page)
    {
        var text = Read(page);
        foreach (Match fence in Fence().Matches(text))
        {
            var place = fence.Groups["language"].Value switch { "bash" => CommandPlace.Script, "" or "sh" => CommandPlace.Block, _ => (CommandPlace?)null };
            foreach (var line in place is null ? [] : LinesOf(fence.Groups["text"].Value))
            {
                yield return new PageCommand(page, place!.Value, line);
            }
        }

        var rest = Fence().Replace(text, "");
        foreach (var line in LinesOf(string.Join('\n', rest.Split('\n').Where(static l => l.StartsWith("    ", StringComparison.Ordinal)))))
        {
            yield return new PageCommand(page, CommandPlace.Block, line);
        }

        foreach (var said in Span().Matches(rest).Select(m => m.Groups["text"].Value).Where(static t => t is not ("porpoise" or "./run") && t.Split(' ')[0] is "porpoise" or "./run"))
        {
            yield return new PageCommand(page, CommandPlace.Sentence, said);
        }
    }

    /// <summary>The words after each <c>porpoise</c> and <c>./run</c> of a line that is a command of its own there.</summary>
    public static IEnumerable<IReadOnlyList<string>> CallsIn(string line)
    {
        foreach (Match start in Call().Matches(line))
        {
            yield return WordsFrom(line, start.Groups["program"].Index);
        }
    }

    private static IEnumerable<string> LinesOf(string block)
    {
        var withoutDocuments = HereDocument().Replace(block.Replace("\\\n", " ", StringComparison.Ordinal), "\n");
        return withoutDocuments.Split('\n').Select(static l => l.Trim()).Where(static l => Programs.Contains(l.Split(' ')[0]) || l.Contains("$(porpoise ", StringComparison.Ordinal) || l.Contains("| porpoise ", StringComparison.Ordinal));
    }

    /// <summary>As a shell reads them up to the end of the command; what is put in for <c>$(…)</c> does not matter.</summary>
    private static List<string> WordsFrom(string line, int at)
    {
        var (words, word, isWord) = (new List<string>(), new StringBuilder(), false);
        char quote = '\0';
        for (; at < line.Length; at++)
        {
            var c = line[at];
            if (quote != '\'' && c == '$' && at + 1 < line.Length && line[at + 1] == '(')
            {
                var depth = 0;
                do
                {
                    depth += line[++at] switch { '(' => 1, ')' => -1, _ => 0 };
                }
                while (depth > 0);
                (isWord, _) = (true, word.Append('1'));
            }
            else if (quote != '\0')
            {
                _ = c == quote ? quote = '\0' : word.Append(c).Length;
            }
            else if (c is '\'' or '"')
            {
                (quote, isWord) = (c, true);
            }
            else if (c is ' ' or '\t')
            {
                End();
            }
            else if (c == '>' && word.ToString() is "1" or "2")
            {
                (isWord, _) = (false, word.Clear()); // which output is led elsewhere
                break;
            }
            else if (c is '|' or ';' or '&' or '>' or '<' or ')' || (c == '#' && !isWord))
            {
                break;
            }
            else
            {
                (isWord, _) = (true, word.Append(c));
            }
        }

        End();
        return words;

        void End()
        {
            if (isWord)
            {
                words.Add(word.ToString());
                word.Clear();
                isWord = false;
            }
        }
    }

    [GeneratedRegex("^ *```(?<language>[a-z]*)\n(?<text>.*?)^ *```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("`(?<text>[^`\n]+)`")]
    private static partial Regex Span();

    [GeneratedRegex(@"(?:^|[|;&(]|\|\|)\s*(?<program>porpoise|\./run)(?=\s|$)")]
    private static partial Regex Call();

    [GeneratedRegex(@"<<'?(?<end>[A-Z]+)'?[^\n]*\n.*?\n\k<end>(\n|$)", RegexOptions.Singleline)]
    private static partial Regex HereDocument();
}
