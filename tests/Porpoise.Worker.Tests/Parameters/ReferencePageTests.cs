using Porpoise.Core.Environments;
using Porpoise.Core.Parameters;
using Porpoise.Core.Tasks;

namespace Porpoise.Worker.Tests.Parameters;

/// <summary>The examples of docs/reference/parameters.md and environments.md are there, and do what the pages say.</summary>
public class ReferencePageTests : WorkerTest
{
    private static readonly Dictionary<string, string> Values = new() { ["v"] = "two  words", ["n"] = "7", ["biz.date"] = "2026-01-02" };

    [Theory]
    [InlineData("${v}", "printf '<%s>' ${v} \"${v}\" '${v}' $'${v}'; cat <<E; cat <<'E'\n${v}\nE\n${v}\nE", "<two  words><two  words><two  words><two  words>two  words\ntwo  words\n")]
    [InlineData("# ${v}", "# ${v}\n", "")]
    [InlineData("$v", "printf '<%s>' $v", "<two><words>")]
    [InlineData("${v:-x}", "echo \"${v:-x}\" \"${other:-x}\"", "two  words x\n")]
    [InlineData("${#v}", "echo ${#v}", "10\n")]
    [InlineData("${v%% *}", "echo ${v%% *}", "two\n")]
    [InlineData("\\${v}", "echo \\${v}", "${v}\n")]
    [InlineData("$((${n} + 1))", "echo $((${n} + 1))", "8\n")]
    [InlineData("[[ ${n} -gt 1 ]]", "[[ ${n} -gt 1 ]] && echo yes", "yes\n")]
    [InlineData("${biz.date}", "echo ${biz.date}", "2026-01-02\n")]
    [InlineData("export v", "env | grep -c ^v=; export v; env | grep ^v=", "0\nv=two  words\n")]
    [InlineData("awk -v x=${v} …", "awk -v x=${v} 'BEGIN { print x }'", "two  words\n")]
    [InlineData("echo '${setValue(rows=42)}'", "echo '${setValue(rows=42)}'", "${setValue(rows=42)}\n")]
    [InlineData("echo \"#{setValue(rows=$n)}\"", "echo \"#{setValue(rows=$n)}\"", "#{setValue(rows=7)}\n")]
    public async Task Of_shell_scripts(string example, string script, string output)
    {
        Assert.Contains($"`{example}`", await ReadPageAsync("parameters.md"), StringComparison.Ordinal);
        await RunAsync(ShellParameters.Put(Values, script + "\ntrue\n"), ProgramLanguage.Shell, EnvironmentVariables.None);
        Assert.Equal(output, ReadLog());
    }

    [Theory]
    [InlineData("x = ${v}", "x = ${v}\nprint(x)", "two  words\n")]
    [InlineData("int(${n})", "print(int(${n}) + 1)", "8\n")]
    [InlineData("'<${v}>'", "print('<${v}>', '''<${v}>''', r'<${v}>', b'<${v}>', f'<${v}>')", "<two  words> <two  words> <two  words> b'<two  words>' <two  words>\n")]
    [InlineData("f'{len(${v})}'", "print(f'{len(${v})}')", "10\n")]
    [InlineData("# ${v}", "# ${v}\n", "")]
    [InlineData("print('${setValue(rows=%d)}' % n)", "n = 42\nprint('${setValue(rows=%d)}' % n)", "${setValue(rows=42)}\n")]
    public async Task Of_Python_scripts(string example, string script, string output)
    {
        Assert.Contains($"`{example}`", await ReadPageAsync("parameters.md"), StringComparison.Ordinal);
        await RunAsync(PythonParameters.Put(Values, script), ProgramLanguage.Python, EnvironmentVariables.None);
        Assert.Equal(output, ReadLog());
    }

    [Fact]
    public async Task Of_which_value_counts()
    {
        Assert.Contains("`globalParams path=/data`, `localParams path=${path}/in` gives\n`/data/in`", await ReadPageAsync("parameters.md"), StringComparison.Ordinal);
        var values = ParameterResolution.Resolve(new Dictionary<string, string>(), [In("path", "${path}/in")], InheritedValues.None, [In("path", "/data")]);
        Assert.Equal("/data/in", values["path"]);
    }

    [Fact]
    public async Task Of_times()
    {
        var time = new ParameterTime(new DateTimeOffset(2026, 11, 1, 6, 5, 4, TimeSpan.Zero), "UTC");
        var lines = (await ReadPageAsync("parameters.md")).Split("## Time")[1].Split("## Outputs")[0].Split('\n').Where(static l => l.StartsWith("| `", StringComparison.Ordinal)).ToList();
        var (expressions, names) = (0, 0);
        foreach (var cells in lines.Select(static l => l.Split(" | ")))
        {
            var (written, yields) = (Quoted(cells[0]), Quoted(cells[1]));
            Assert.Equal(written.Count, yields.Count);
            foreach (var (text, value) in written.Zip(yields))
            {
                Assert.Equal((text, value), (text, text.StartsWith("$[", StringComparison.Ordinal) ? time.Evaluate(text[2..^1]) : time.BuiltIn(text)));
                _ = text.StartsWith("$[", StringComparison.Ordinal) ? expressions++ : names++;
            }
        }

        Assert.Equal((20, 3), (expressions, names));
    }

    [Fact]
    public async Task Of_a_config()
    {
        var config = string.Join('\n', (await ReadPageAsync("environments.md")).Split('\n').Where(static l => l.StartsWith("    ", StringComparison.Ordinal)));
        await RunAsync("echo \"$SPARK_HOME|${PATH%%:*}|$NOTE\"\n", ProgramLanguage.Shell, EnvironmentConfig.Read(config).Variables!);
        Assert.Equal("/opt/spark-3.5|/opt/spark-3.5/bin|with blanks, $ and ` as they are\n", ReadLog());
    }

    private static Parameter In(string name, string value) => new(name, ParameterDirection.In, "VARCHAR", value);

    private static List<string> Quoted(string cell) => [.. cell.Split('`').Where(static (_, i) => i % 2 == 1)];

    private static Task<string> ReadPageAsync(string page) => File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, page), TestContext.Current.CancellationToken);

    private async Task RunAsync(string text, ProgramLanguage language, EnvironmentVariables environment)
    {
        NewWorker().Start(Order(text, language) with { Environment = environment });
        Assert.Equal(new AttemptOutcome.Exited(0), await Reports.OfAsync(Key));
    }
}
