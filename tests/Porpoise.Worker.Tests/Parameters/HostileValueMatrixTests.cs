using System.Globalization;
using System.Text;
using Porpoise.Core.Parameters;
using Porpoise.Core.Tasks;
using Porpoise.Worker.Processes;

namespace Porpoise.Worker.Tests.Parameters;

/// <summary>Every hostile value from every place in a script, with real shells and a real Python: it comes out byte for byte, and nothing of it is run.</summary>
public class HostileValueMatrixTests : WorkerTest
{
    private const string Done = "done";

    /// <summary>What a script says to write the value of <c>v</c>, and what comes out: {} is the value there.</summary>
    private static readonly Dictionary<string, (string Script, string Output)> ShellPlaces = new()
    {
        ["bare"] = ("printf '%s' ${v} >out", "{}"),
        ["double quotes"] = ("printf '%s' \"<${v}>\" >out", "<{}>"),
        ["single quotes"] = ("printf '%s' '<${v}>' >out", "<{}>"),
        ["here-document"] = ("cat >out <<EOF\n${v}\nEOF", "{}\n"),
        ["quoted here-document"] = ("cat >out <<'EOF'\n$HOME \\ ` ${v}\nEOF", "$HOME \\ ` {}\n"),
        ["comment"] = ("# ${v}\nprintf done >out", Done),
        ["backquotes"] = ("x=\"`printf '%s.' ${v}`\"; printf '%s' \"$x\" >out", "{}."),
        ["substitution"] = ("x=$(printf '%s.' '${v}'); printf '%s' \"$x\" >out", "{}."),
        ["case"] = ("case ${v} in ${v}) printf done >out;; esac", Done),
        ["default"] = ("printf '%s' ${other:-${v}} >out", "{}"),
    };

    private static readonly Dictionary<string, (string Script, string Output)> PythonPlaces = new()
    {
        ["bare"] = ("out(${v})", "{}"),
        ["double quotes"] = ("out(\"<${v}>\")", "<{}>"),
        ["single quotes"] = ("out('<${v}>')", "<{}>"),
        ["three double quotes"] = ("out(\"\"\"<\n${v}>\"\"\")", "<\n{}>"),
        ["three single quotes"] = ("out('''<\n${v}>''')", "<\n{}>"),
        ["raw"] = ("out(r'<\\d${v}>')", "<\\d{}>"),
        ["bytes"] = ("out(b'<${v}>'.decode())", "<{}>"),
        ["raw bytes"] = ("out(rb\"<\\d${v}>\".decode())", "<\\d{}>"),
        ["formatted"] = ("one = 1\nout(f'<{one}${v}{{>')", "<1{}{>"),
        ["formatted and raw"] = ("one = 1\nout(fr\"<{one}${v}\\d>\")", "<1{}\\d>"),
        ["field"] = ("out(f'<{${v}}>')", "<{}>"),
        ["literal in a field"] = ("out(f'<{\"(${v})\"}>')", "<({})>"),
        ["comment"] = ("# ${v}\nout('done')", Done),
    };

    public static TheoryData<string> OfShells => [.. ShellPlaces.Keys];

    public static TheoryData<string> OfPython => [.. PythonPlaces.Keys];

    [Theory]
    [MemberData(nameof(OfShells))]
    public Task In_bash(string place) => CheckAsync(ProgramLanguage.Shell, "/bin/bash", ShellPlaces[place]);

    [Theory]
    [MemberData(nameof(OfShells))]
    public Task In_a_plain_POSIX_shell(string place) => CheckAsync(ProgramLanguage.Shell, Shim.ShellPath, ShellPlaces[place]);

    [Theory]
    [MemberData(nameof(OfPython))]
    public Task In_Python(string place) => CheckAsync(ProgramLanguage.Python, "/bin/bash", PythonPlaces[place]);

    /// <summary>All values in one script, each as a parameter of its own that writes a file of its own.</summary>
    private async Task CheckAsync(ProgramLanguage language, string shell, (string Script, string Output) place)
    {
        var values = HostileValues.All.Values.Select((value, i) => (Name: string.Create(CultureInfo.InvariantCulture, $"v{i}"), Value: value)).ToList();
        var script = new StringBuilder(language == ProgramLanguage.Python ? PythonOut : "");
        foreach (var (name, _) in values)
        {
            script.Append(place.Script.Replace("${v}", $"${{{name}}}", StringComparison.Ordinal).Replace(">out", ">" + name, StringComparison.Ordinal).Replace("out(", $"out('{name}', ", StringComparison.Ordinal)).Append('\n');
        }

        var given = values.ToDictionary(v => v.Name, v => v.Value);
        var text = language == ProgramLanguage.Python ? PythonParameters.Put(given, script.ToString()) : ShellParameters.Put(given, script.ToString());
        NewWorker(options => options with { TaskShell = shell }).Start(Order(text, language));
        var outcome = await Reports.OfAsync(Key);
        Assert.Equal("", ReadLog());
        Assert.Equal(0, Assert.IsType<AttemptOutcome.Exited>(outcome).Code);
        foreach (var (name, value) in values)
        {
            Assert.Equal(place.Output.Replace("{}", value, StringComparison.Ordinal), await File.ReadAllTextAsync($"{Folder.Path}/{name}", TestContext.Current.CancellationToken));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(Root, HostileValues.Trace, SearchOption.AllDirectories));
    }

    private const string PythonOut = """
        def out(name, text):
            with open(name, 'w', encoding='utf-8', newline='') as file:
                file.write(text)

        """;
}
