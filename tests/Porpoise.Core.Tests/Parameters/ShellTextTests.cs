using Porpoise.Core.Parameters;

namespace Porpoise.Core.Tests.Parameters;

/// <summary>What stands instead of a reference at every kind of place. Known: v and w, n and b.c; n is a number. What a real shell makes of it is tested with the worker.</summary>
public sealed class ShellTextTests
{
    [Theory]
    // bare
    [InlineData("echo ${v}", "echo \"${v}\"")]
    [InlineData("echo a${v}b${w}", "echo a\"${v}\"b\"${w}\"")]
    [InlineData("x=${v} cmd", "x=\"${v}\" cmd")]
    [InlineData("ls ${v}/*.csv >${w}", "ls \"${v}\"/*.csv >\"${w}\"")]
    [InlineData("echo ${b.c}", "echo \"${PORPOISE_P1}\"")]
    // left to the shell
    [InlineData("echo $v ${unknown} ${v:-x} ${#v} ${v%.*} ${v[0]} ${!v} ${ v } ${}", null)]
    [InlineData("echo \\${v} \"\\${v}\"", null)]
    [InlineData("echo ${setValue(k=v)} #{setValue(k=v)}", null)]
    [InlineData("echo '${setValue(k=v)}'", null)]
    [InlineData("echo '${setValue(k=${v})}'", "echo '${setValue(k='\"${v}\"')}'")]
    // quotes
    [InlineData("echo \"a ${v} b\"", "echo \"a ${v} b\"")]
    [InlineData("echo \"it's ${b.c}\"", "echo \"it's ${PORPOISE_P1}\"")]
    [InlineData("echo 'a ${v} b'", "echo 'a '\"${v}\"' b'")]
    [InlineData("echo '\\${v}'", "echo '\\'\"${v}\"''")]
    [InlineData("echo $'a\\'${v}'", "echo $'a\\''\"${v}\"$''")]
    [InlineData("echo $\"a ${v}\"", null)]
    // comments
    [InlineData("# ${v} it's\necho ${v}", "# ${v} it's\necho \"${v}\"")]
    [InlineData("x # '${v}\necho ${v}", "x # '${v}\necho \"${v}\"")]
    [InlineData("x#'${v}'", "x#''\"${v}\"''")]
    [InlineData("echo $# ${v}", "echo $# \"${v}\"")]
    [InlineData("a;# ${v}", null)]
    // here-documents
    [InlineData("cat <<E\n${v} ${b.c} '${v}'\nE\n${v}", "cat <<E\n${v} ${PORPOISE_P1} '${v}'\nE\n\"${v}\"")]
    [InlineData("cat <<'E'\n$a \\ `x` ${v}\nE\n${v}", "cat <<E\n\\$a \\\\ \\`x\\` ${v}\nE\n\"${v}\"")]
    [InlineData("cat <<'E'\n$a ${other}\nE\n${v}", "cat <<'E'\n$a ${other}\nE\n\"${v}\"")]
    [InlineData("cat <<\"E F\"\n${v}\nE F\n", "cat <<PORPOISE_END1\n${v}\nPORPOISE_END1\n")]
    [InlineData("cat <<\\E\n${v}\nE", "cat <<E\n${v}\nE")]
    [InlineData("cat <<-'E'\n\t${v}\n\tE\n", "cat <<-E\n\t${v}\n\tE\n")]
    [InlineData("cat <<'A B' <<'C D' ${v}\n${v}\nA B\n${w}\nC D\n", "cat <<PORPOISE_END1 <<PORPOISE_END1 \"${v}\"\n${v}\nPORPOISE_END1\n${w}\nPORPOISE_END1\n")]
    [InlineData("cat <<A <<'B'\n${v}'\nA\n${w}'\nB\n'${v}'", "cat <<A <<B\n${v}'\nA\n${w}'\nB\n''\"${v}\"''")]
    [InlineData("cat <<'E'\n${v}", "cat <<E\n${v}")]
    [InlineData("x=$(cat <<'E'\n${v})\nE\n) ${v}", "x=$(cat <<E\n${v})\nE\n) \"${v}\"")]
    [InlineData("cat <<E\n$(echo ${v})\nE\n", "cat <<E\n$(echo \"${v}\")\nE\n")]
    [InlineData("cat <<<${v}", "cat <<<\"${v}\"")]
    // substitutions
    [InlineData("x=$(echo ${v} '${w}')", "x=$(echo \"${v}\" ''\"${w}\"'')")]
    [InlineData("x=\"$(echo ${v} \"${w}\")\"", "x=\"$(echo \"${v}\" \"${w}\")\"")]
    [InlineData("x=`echo ${v}`", "x=`echo \"${v}\"`")]
    [InlineData("x=\"`echo \\\"${v}\\\"` ${w}\"", "x=\"`echo \\\"${v}\\\"` ${w}\"")]
    [InlineData("x=$(case a in a) echo ${v};; (b) ;; esac) '${w}'", "x=$(case a in a) echo \"${v}\";; (b) ;; esac) ''\"${w}\"''")]
    [InlineData("diff <(echo ${v}) '${w}'", "diff <(echo \"${v}\") ''\"${w}\"''")]
    [InlineData("x=$(echo a # it's )\n) '${v}'", "x=$(echo a # it's )\n) ''\"${v}\"''")]
    // expansions
    [InlineData("echo ${x:-${v}}", "echo ${x:-\"${v}\"}")]
    [InlineData("echo \"${x:-${v}}\" ${w}", "echo \"${x:-${v}}\" \"${w}\"")]
    [InlineData("echo ${x#'${v}'}", "echo ${x#''\"${v}\"''}")]
    [InlineData("echo \"${x%\"${v}\"}\" '${w}'", "echo \"${x%\"${v}\"}\" ''\"${w}\"''")]
    [InlineData("echo \"${x:-it's}\" '${v}'", "echo \"${x:-it's}\" ''\"${v}\"''")]
    // expressions
    [InlineData("echo $((${n} + 1))", "echo $((${n} + 1))")]
    [InlineData("echo $((${v} + 1))", "echo $((${PORPOISE_NO_NUMBER?the value of v is not a whole number} + 1))")]
    [InlineData("((x = ${n} << 2)); cat <<E\n'${v}'\nE\n", "((x = ${n} << 2)); cat <<E\n'${v}'\nE\n")]
    [InlineData("for ((i=0; i<${n}; i++)); do echo ${v}; done", "for ((i=0; i<${n}; i++)); do echo \"${v}\"; done")]
    [InlineData("x=$((echo ${v}); (echo ${w}))", "x=$((echo \"${v}\"); (echo \"${w}\"))")]
    [InlineData("echo ${x:${n}:1}", "echo ${x:${n}:1}")]
    [InlineData("list[${n}]=${v}", "list[${n}]=\"${v}\"")]
    [InlineData("echo ${list[${n}]} $[${n}+1]", "echo ${list[${n}]} $[${n}+1]")]
    [InlineData("declare -A m; m[${v}]=1; echo ${m[${v}]}", "declare -A m; m[\"${v}\"]=1; echo ${m[\"${v}\"]}")]
    [InlineData("[[ ${v} == ${w} && ${n} -gt 1 ]]", "[[ \"${v}\" == \"${w}\" && ${n} -gt 1 ]]")]
    [InlineData("[[ \"${n}\" -lt '${n}' ]]", "[[ \"${n}\" -lt ''${n}'' ]]")]
    [InlineData("let x=${n}+1; echo ${v}", "let x=${n}+1; echo \"${v}\"")]
    // other grammar
    [InlineData("case ${v} in ${w}) echo ${v};; *) ;; esac", "case \"${v}\" in \"${w}\") echo \"${v}\";; *) ;; esac")]
    [InlineData("list=(${v} \"${w}\" # it's\n)\n'${v}'", "list=(\"${v}\" \"${w}\" # it's\n)\n''\"${v}\"''")]
    [InlineData("f() { echo ${v}; }; f", "f() { echo \"${v}\"; }; f")]
    [InlineData("[[ x =~ ^(a|b)$ ]] && echo ${v}", "[[ x =~ ^(a|b)$ ]] && echo \"${v}\"")]
    [InlineData("if ! (cmd ${v}); then echo '${w}'; fi", "if ! (cmd \"${v}\"); then echo ''\"${w}\"''; fi")]
    // scripts that a shell would refuse
    [InlineData("echo '${v}", "echo ''\"${v}\"'")]
    [InlineData("echo \"${v}", "echo \"${v}")]
    [InlineData("echo $(${v}", "echo $(\"${v}\"")]
    [InlineData("echo ${v", null)]
    [InlineData("echo $((${n}", "echo $((\"${n}\"")]
    [InlineData("cat <<", null)]
    [InlineData("cat <<'E", null)]
    [InlineData("echo \\", null)]
    public void A_reference_becomes(string script, string? expected)
    {
        var values = new Dictionary<string, string> { ["v"] = "value", ["w"] = "other", ["n"] = "7", ["b.c"] = "dotted" };
        Assert.Equal(expected ?? script, ShellText.Rewrite(script, new ShellReferences(values)));
    }

    [Theory]
    [InlineData("a[$(touch X)]", "echo $((v)) $(($v)); ((v++))", 3)]
    [InlineData("PATH=1", "echo $((v))", 1)]
    [InlineData("w", "echo $((v))", 0)]
    [InlineData("2026-01-02", "echo $((v))", 0)]
    public void A_variable_in_an_expression_is_not_evaluated_when_its_value_could_do_anything(string value, string script, int refusals)
    {
        var rewritten = ShellText.Rewrite(script, new ShellReferences(new Dictionary<string, string> { ["v"] = value, ["w"] = "1" }));
        Assert.Equal(refusals, rewritten.Split("PORPOISE_NO_NUMBER").Length - 1);
    }

    [Fact]
    public void A_value_that_names_one_that_could_act_is_not_evaluated_either() => Assert.Contains(
        "PORPOISE_NO_NUMBER", ShellText.Rewrite("echo $((v))", new ShellReferences(new Dictionary<string, string> { ["v"] = "w", ["w"] = "a[$(touch X)]" })), StringComparison.Ordinal);

    [Fact]
    public void What_lies_too_deep_stays_as_it_is()
    {
        var deep = string.Concat(Enumerable.Repeat("$(", 100_000)) + "${v}";
        Assert.Equal(deep, ShellText.Rewrite(deep, new ShellReferences(new Dictionary<string, string> { ["v"] = "1" })));
    }

    [Theory]
    [InlineData("$((")]
    [InlineData("((")]
    [InlineData("\"$(")]
    [InlineData("${x:-")]
    [InlineData("[[ \"")]
    [InlineData("a[")]
    [InlineData("${")]
    [InlineData("`\\\"")]
    [InlineData("<<'E'\n")]
    public void A_long_script_that_makes_no_sense_is_read_in_good_time(string piece)
    {
        var script = string.Concat(Enumerable.Repeat(piece, 200_000 / piece.Length)) + "${v}";
        var watch = System.Diagnostics.Stopwatch.StartNew();
        ShellText.Rewrite(script, new ShellReferences(new Dictionary<string, string> { ["v"] = "1" }));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), watch.Elapsed.ToString());
    }
}
