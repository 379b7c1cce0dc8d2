using System.Text.RegularExpressions;
using Porpoise.Commands;

namespace Porpoise.Cli.Tests.Commands;

/// <summary>No page shows a command that does not exist, and each that can be run here is run by a test.</summary>
public sealed partial class DocumentTests
{
    private const string Builds = "this is what the tests were built with";
    private const string Serves = "the server of the test is this one, at a free port";

    /// <summary>Commands outside of blocks of bash, and the test that runs them or the reason why none can.</summary>
    private static readonly Dictionary<(string Page, string Command), string> Others = new()
    {
        [("README.md", "./run demo")] = "DemoTests of the end-to-end tests",
        [("README.md", "./run test")] = "it would run itself",
        [("README.md", "./run serve --data ./data")] = Serves,
        [("README.md", "./run porpoise configure --data ./data")] = nameof(PageTests.The_commands_of_the_readme_start_a_run),
        [("README.md", "./run porpoise workflow apply -f examples/hello.yaml --publish")] = nameof(PageTests.The_commands_of_the_readme_start_a_run),
        [("README.md", "./run porpoise run start hello --wait")] = nameof(PageTests.The_commands_of_the_readme_start_a_run),
        [("guide/first-workflow.md", "./run build")] = Builds,
        [("guide/first-workflow.md", "./run serve --data ./data")] = Serves,
        [("guide/from-dolphinscheduler.md", "porpoise workflow apply -f export.json --publish")] = nameof(PageTests.An_export_of_DolphinSchedulers_form_is_applied),
        [("guide/from-emr-serverless-spark.md", "./run serve --data ./data")] = Serves,
        [("guide/from-emr-serverless-spark.md", "node examples/start-with-official-client.mjs ./data/root-key.json 127.0.0.1:12345")] = "ExampleTests of the end-to-end tests",
        [("operate/master-key.md", "porpoise master-key rotate --data DIR")] = nameof(PageTests.The_master_key_is_changed_as_the_page_says),
        [("operate/master-key.md", "sed -i 2,\\$d DIR/master.key")] = nameof(PageTests.The_master_key_is_changed_as_the_page_says),
        [("operate/task-user.md", "useradd --system --no-create-home --shell /usr/sbin/nologin porpoise-task")] = "it changes the machine; TaskUserTests of the end-to-end tests need such a user and make one",
        [("operate/task-user.md", "porpoise serve --data /var/lib/porpoise")] = "it needs the machine's own folder; FirstStartTests start such a server elsewhere",
        [("reference/cli.md", "porpoise configure")] = "it asks at a terminal; ConnectionTests run what it asks for",
        [("reference/cli.md", "porpoise configure --data ./data")] = nameof(PageTests.The_profiles_of_the_page_are_made),
        [("reference/cli.md", "printf '%s\\n' \"$SECRET\" | porpoise configure --profile prod --endpoint https://porpoise.example.com --mode AK --access-key-id LTAI… --secrets-stdin")] = nameof(PageTests.The_profiles_of_the_page_are_made),
        [("reference/spark.md", "porpoise serve --spark-home /opt/spark")] = "it needs a Spark; the Spark tests of the worker start one where SPARK_HOME is set",
        [("reference/spark.md", "porpoise task create daily --type SQL --file daily.sql --conf spark.sql.shuffle.partitions=8 --publish")] = nameof(PageTests.The_development_task_of_the_page_is_made),
    };

    /// <summary>Pages about programs in folders of the system, whose commands a script runs in a clean root instead.</summary>
    private static readonly string[] Installing = ["operate/install.md", "operate/upgrade.md"];

    [Fact]
    public void Every_command_of_every_page_exists_with_its_options()
    {
        var runner = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "run"));
        var (root, faults, count) = (CommandLine.Create(), new List<string>(), 0);
        foreach (var command in Documents.Pages.SelectMany(Documents.CommandsOf))
        {
            var isSaid = command.Place == CommandPlace.Sentence;
            foreach (var call in isSaid ? Variants(command.Line) : Documents.CallsIn(command.Line))
            {
                count++;
                var words = call.Where(static w => w != "…").ToList();
                if (words[0] == "./run")
                {
                    if (words.Count > 1 && !runner.Contains($"\n    {words[1]})", StringComparison.Ordinal))
                    {
                        faults.Add($"{command.Page}: ./run has no '{words[1]}'.");
                    }

                    words = words is [_, "porpoise", ..] ? words[1..] : words is [_, "serve", ..] ? ["porpoise", .. words[1..]] : ["porpoise", "version"];
                }

                // In a sentence a command may be named without what it takes.
                var errors = root.Parse([.. words.Skip(1).Select(w => isSaid && Placeholder().IsMatch(w) ? "1" : w)]).Errors.Select(e => e.Message)
                    .Where(e => !isSaid || !(e.StartsWith("Required", StringComparison.Ordinal) || e.EndsWith("is required.", StringComparison.Ordinal)));
                faults.AddRange(errors.Select(e => $"{command.Page}: {command.Line}: {e}"));
            }
        }

        Assert.True(count > 120, $"Only {count} commands were found.");
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void Every_command_of_every_page_is_run_by_a_test_or_has_a_reason()
    {
        var (missing, unused) = (new List<string>(), Others.Keys.ToHashSet());
        foreach (var command in Documents.Pages.Except(Installing).SelectMany(Documents.CommandsOf).Where(static c => c.Place != CommandPlace.Sentence))
        {
            if (command.Place == CommandPlace.Script)
            {
                if (!PageTests.Run.Contains(command.Page))
                {
                    missing.Add($"{command.Page}: {command.Line}");
                }

                continue;
            }

            var key = (command.Page, Comment().Replace(command.Line, ""));
            unused.Remove(key);
            if (!Others.ContainsKey(key))
            {
                missing.Add($"{command.Page}: {key.Item2}");
            }
        }

        Assert.True(missing.Count == 0, "No test runs these, and no reason is given:\n" + string.Join('\n', missing));
        Assert.True(unused.Count == 0, "These are on no page any more:\n" + string.Join('\n', unused));
    }

    /// <summary><c>task create|list</c> is two commands, and <c>[--keep]</c> may be left out.</summary>
    private static IEnumerable<IReadOnlyList<string>> Variants(string said)
    {
        var words = said.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var at = Array.FindIndex(words, static w => w.Contains('|'));
        return at < 0 ? [words] : words[at].Split('|').Select(v => (IReadOnlyList<string>)[.. words[..at], v, .. words[(at + 1)..]]);
    }

    [GeneratedRegex("^[A-Z]+$")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\s+#\s.*$")]
    private static partial Regex Comment();
}
