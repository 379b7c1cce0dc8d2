using CsCheck;
using Porpoise.Core.Parameters;

namespace Porpoise.Core.Tests.Parameters;

/// <summary>What holds for every script, sound or not: values stay out of its text, its lines stay where they are, and what is not ours stays as it is.</summary>
public sealed class ScriptTextPropertyTests
{
    /// <summary>Characters that no fragment has.</summary>
    private const string Value = "\ue000Q\ue001";

    private static readonly string[] ShellFragments =
    [
        "${v}", "${v}", "${b.c}", "${w}", "$v", "v", "'", "\"", "`", "\\", "$(", "$((", "((", "))", ")", "(", "${x:-", "${x:", "${#", "}", "[", "]", "[[ ", " ]]", " -eq ", "$'", "$\"", "$[",
        "<<E", "<<'E'", "<<-\"E F\"", "<<\\E", "E\n", "E F\n", "\tE\n", "\n", " ", ";", ";;", "&", "|", "# ", "case a in ", "esac", "a) ", "let ", "a[", "]=", "declare -A m\n", "m[", "=(", "@(", "do ", "echo ", "x", "=",
    ];

    private static readonly string[] PythonFragments =
    [
        "${v}", "${v}", "${b.c}", "'", "\"", "'''", "\"\"\"", "f'", "r'", "b\"", "fr\"", "rb'", "f'''", "\\", "{", "}", "{{", "}}", ":", "!r", "#", "\n", " ", "(", ")", "[", "]", "x", "=", "f", "r",
    ];

    private static readonly Dictionary<string, string> Values = new() { ["v"] = Value, ["b.c"] = Value };

    private static readonly Gen<string> Shell = Gen.OneOfConst(ShellFragments).Array[0, 60].Select(string.Concat);

    private static readonly Gen<string> Python = Gen.OneOfConst(PythonFragments).Array[0, 60].Select(string.Concat);

    [Fact]
    public void No_character_of_a_value_is_in_the_text_of_a_shell_script() => Shell.Sample(script =>
    {
        var rewritten = ShellText.Rewrite(script, new ShellReferences(Values));
        return !rewritten.AsSpan().ContainsAny(Value) && Breaks(rewritten) == Breaks(script);
    }, iter: 20_000);

    [Fact]
    public void A_shell_script_without_known_names_stays_as_it_is() =>
        Shell.Sample(script => ShellText.Rewrite(script, new ShellReferences(new Dictionary<string, string> { ["other"] = "1", ["o.ther"] = "2" })) == script, iter: 20_000);

    [Fact]
    public void No_character_of_a_value_is_in_the_text_of_a_Python_script() => Python.Sample(script =>
    {
        var rewritten = PythonText.Rewrite(script, Values);
        return !rewritten.AsSpan().ContainsAny(Value) && Breaks(rewritten) == Breaks(script);
    }, iter: 20_000);

    [Fact]
    public void A_Python_script_without_known_names_stays_as_it_is() =>
        Python.Sample(script => PythonText.Rewrite(script, new Dictionary<string, string> { ["other"] = "1" }) == script, iter: 20_000);

    private static int Breaks(string text) => text.Count(static c => c == '\n');
}
