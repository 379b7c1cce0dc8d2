using Porpoise.Core.Parameters;
using Porpoise.Core.Tasks;

namespace Porpoise.Worker.Tests.Parameters;

/// <summary>Where a shell reads a value once more, as an expression: numbers count, and what could be run stops the script instead.</summary>
public class ShellExpressionTests : WorkerTest
{
    private const string Index = "a[$(touch X)]";

    [Theory]
    [InlineData("/bin/bash", "echo $((${n} * 2))", "14\n")]
    [InlineData("/bin/sh", "echo $((${n} * 2)) $((n))", "14 7\n")]
    [InlineData("/bin/bash", "((${n} > 3)) && echo yes; [[ ${n} -gt 3 ]] && echo too; let x=${n}+1; echo $x", "yes\ntoo\n8\n")]
    [InlineData("/bin/bash", "l=(a b c); l[${n}]=${word}; echo \"${l[${n}]} ${l[@]:0:${n}}\"; declare -A m; m[${word}]=1; echo \"${m[${word}]} ${!m[@]}\"", "two words a b c two words\n1 two words\n")]
    [InlineData("/bin/bash", "case ${word} in two*) echo starts;; esac; case x in ${star}) echo wrong;; *) echo literal;; esac", "starts\nliteral\n")]
    [InlineData("/bin/bash", "for w in $word; do echo $w; done; set -- ${word}; echo $#; echo ${#word} ${word%% *} ${nothing:-default}", "two\nwords\n1\n9 two default\n")]
    [InlineData("/bin/bash", "printf '%s\\n' $'a\\t${word}' \"$(echo \"${word}\")\" \"`echo \\\"${word}\\\"`\"; x=$(cat <<'E'\n$n ${word}\nE\n); echo \"$x\"", "a\ttwo words\ntwo words\ntwo words\n$n two words\n")]
    [InlineData("/bin/sh", "cat <<-'A B' - <<\\E\n\t$x ${word}\n\tA B\n\\${word}\nE\n", "\\two words\n")]
    [InlineData("/bin/bash", "echo ${biz.date} '${biz.date}' \"${biz.date}\"", "2026-01-02 2026-01-02 2026-01-02\n")]
    public async Task A_script_says(string shell, string script, string output)
    {
        Assert.Equal(new AttemptOutcome.Exited(0), await RunAsync(shell, script + "\ntrue\n"));
        Assert.Equal(output, ReadLog());
    }

    [Theory]
    [InlineData("/bin/bash", "echo $((${index}))")]
    [InlineData("/bin/sh", "echo $((${index}))")]
    [InlineData("/bin/bash", "echo $((index + 1))")]
    [InlineData("/bin/bash", "((index++))")]
    [InlineData("/bin/bash", "((pointer++))")]
    [InlineData("/bin/bash", "[[ ${index} -eq 1 ]]")]
    [InlineData("/bin/bash", "[[ 1 -eq \"${index}\" ]]")]
    [InlineData("/bin/bash", "l=(); echo ${l[${index}]}")]
    [InlineData("/bin/bash", "l[${index}]=1")]
    [InlineData("/bin/bash", "x=abc; echo ${x:${index}:1}")]
    [InlineData("/bin/bash", "let x=${index}")]
    [InlineData("/bin/bash", "for ((i=${index}; i<1; i++)); do :; done")]
    [InlineData("/bin/bash", "echo $[${index}]")]
    public async Task A_value_that_could_be_run_stops_the_script(string shell, string script)
    {
        var outcome = Assert.IsType<AttemptOutcome.Exited>(await RunAsync(shell, script + "\necho went on\n"));
        Assert.NotEqual(0, outcome.Code);
        Assert.Matches("1: PORPOISE_NO_NUMBER: the value of (index|pointer) is not a whole number\n$", ReadLog());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Root, HostileValues.Trace, SearchOption.AllDirectories));
    }

    private Task<AttemptOutcome> RunAsync(string shell, string script)
    {
        var values = new Dictionary<string, string> { ["n"] = "7", ["word"] = "two words", ["star"] = "*", ["index"] = Index, ["pointer"] = "index", ["biz.date"] = "2026-01-02" };
        NewWorker(options => options with { TaskShell = shell }).Start(Order(ShellParameters.Put(values, script)));
        return Reports.OfAsync(Key);
    }
}
