using Porpoise.Core.Environments;

namespace Porpoise.Core.Tests.Environments;

public sealed class EnvironmentConfigTests
{
    private static readonly Dictionary<string, string> Given = new() { ["PATH"] = "/bin", ["HOME"] = "/work" };

    [Theory]
    [InlineData("export A=1", "1")]
    [InlineData("A=1", "1")]
    [InlineData("  export  A=1  # why", "1")]
    [InlineData("export A=", "")]
    [InlineData("export A='two words'", "two words")]
    [InlineData("export A=\"it's\"", "it's")]
    [InlineData("export A='$(x) `y` $z \\'", "$(x) `y` $z \\")]
    [InlineData("export A=\"\\$x \\\\ \\n\"", "$x \\ \\n")]
    [InlineData("export A=a\\ b", "a b")]
    [InlineData("export A=/opt:$PATH", "/opt:/bin")]
    [InlineData("export A=\"${HOME}x\"'$HOME'", "/workx$HOME")]
    [InlineData("export B=1\nexport A=${B}2$B", "121")]
    [InlineData("export A=1\nexport A=${A}2", "12")]
    [InlineData("# A=1\n\n\r\nexport A=a=b#c\r\n", "a=b#c")]
    public void A_line_sets_a_variable(string config, string value)
    {
        var (variables, fault) = EnvironmentConfig.Read(config);
        Assert.Equal("", fault);
        Assert.Equal(value, variables!.ApplyTo(Given)["A"]);
    }

    [Theory]
    [InlineData("A", "line 1: a line is 'export NAME=value'")]
    [InlineData("export A=1\nsource x", "line 2: a line is")]
    [InlineData("export 1A=1", "line 1: a line is")]
    [InlineData("export A=$(id)", "after $ stands the name of a variable")]
    [InlineData("export A=\"`id`\"", "commands are not run")]
    [InlineData("export A=1; rm x", "; is put between quotes")]
    [InlineData("export A=a b", "a value with blanks")]
    [InlineData("export A='x", "is not closed")]
    [InlineData("export A=\\", "a backslash cannot stand at the end")]
    [InlineData("export A=~/x", "without ~")]
    [InlineData("export A=$B", "nothing sets $B")]
    [InlineData("export A=${B:-1}", "after $ stands")]
    [InlineData("export BASH_ENV=x", "BASH_ENV cannot be set")]
    [InlineData("export HOME=x", "HOME cannot be set")]
    [InlineData("export PORPOISE_TAG=x", "PORPOISE_TAG cannot be set")]
    [InlineData("export A=\0", "NUL")]
    public void Anything_else_is_refused(string config, string says)
    {
        var (variables, fault) = EnvironmentConfig.Read(config);
        Assert.Null(variables);
        Assert.Contains(says, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_do_not_grow_without_bound()
    {
        var config = "export A=0123456789\n" + string.Concat(Enumerable.Repeat("export A=$A$A\n", 30));
        Assert.Contains("32768 characters in their values", EnvironmentConfig.Read(config).Fault, StringComparison.Ordinal);
        Assert.Contains("there may be", EnvironmentConfig.Read(new string('#', EnvironmentConfig.LengthMax + 1)).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_attempt_has_anyway_stays() => Assert.Equal("/bin", EnvironmentVariables.None.ApplyTo(Given)["PATH"]);
}
