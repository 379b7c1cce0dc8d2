using Porpoise.Core.Parameters;

namespace Porpoise.Core.Tests.Parameters;

/// <summary>The text that comes out; that a real shell reads it as it is meant is tested with the worker.</summary>
public sealed class ShellParametersTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("_a1")]
    [InlineData("bizdate")]
    [InlineData("PSYCHO")]
    [InlineData("PS")]
    [InlineData("Path")]
    [InlineData("LD")]
    [InlineData("if")]
    public void A_name_that_a_shell_gives_no_meaning_can_be_used(string name) => Assert.True(ShellParameters.IsUsableName(name));

    [Theory]
    [InlineData("")]
    [InlineData("1a")]
    [InlineData("a-b")]
    [InlineData("a.b")]
    [InlineData("a b")]
    [InlineData("a=b")]
    [InlineData("a;b")]
    [InlineData("日")]
    [InlineData("a\n")]
    [InlineData("PATH")]
    [InlineData("IFS")]
    [InlineData("HOME")]
    [InlineData("TMPDIR")]
    [InlineData("LANG")]
    [InlineData("LC_ALL")]
    [InlineData("LD_PRELOAD")]
    [InlineData("SHELLOPTS")]
    [InlineData("BASHOPTS")]
    [InlineData("BASH_ENV")]
    [InlineData("ENV")]
    [InlineData("PORPOISE_TAG")]
    [InlineData("PS4")]
    [InlineData("UID")]
    [InlineData("EUID")]
    [InlineData("PPID")]
    [InlineData("_")]
    public void A_name_with_a_meaning_of_its_own_or_no_name_at_all_cannot(string name) => Assert.False(ShellParameters.IsUsableName(name));

    [Fact]
    public void A_script_without_parameters_stays_as_it_is() => Assert.Equal("#!/bin/sh\ntrue", Assign("#!/bin/sh\ntrue"));

    [Fact]
    public void Assignments_stand_before_the_first_line_in_the_order_of_the_names() =>
        Assert.Equal("a='1'; b='two words'; #!/bin/sh\necho $a", Assign("#!/bin/sh\necho $a", ("b", "two words"), ("a", "1")));

    [Fact]
    public void Quotes_are_taken_out_of_the_quotes() => Assert.Equal(@"a='it'\''s'; x", Assign("x", ("a", "it's")));

    [Fact]
    public void A_line_break_in_a_value_is_none_in_the_script() =>
        Assert.Equal("PORPOISE_LF=${IFS#??}; a='1'\"$PORPOISE_LF\"'2'; unset PORPOISE_LF; x\ny", Assign("x\ny", ("a", "1\n2")));

    [Fact]
    public void What_a_variable_cannot_hold_is_left_out() => Assert.Equal("a='12'; x", Assign("x", ("a", "1\02")));

    [Fact]
    public void Names_that_are_the_shells_own_are_left_to_it() => Assert.Equal("a='1'; echo ${PATH}", Assign("echo ${PATH}", ("PATH", "/tmp"), ("a", "1")));

    [Fact]
    public void Names_that_no_variable_can_have_get_one_where_they_are_referred_to() =>
        Assert.Equal("a='1'; PORPOISE_P1='2'; PORPOISE_P2='3'; echo \"${PORPOISE_P1}\" \"x ${PORPOISE_P2} ${PORPOISE_P1}\"", Assign("echo ${b.c} \"x ${日} ${b.c}\"", ("a", "1"), ("b.c", "2"), ("日", "3"), ("d-e", "4")));

    private static string Assign(string script, params (string Name, string Value)[] values) => ShellParameters.Put(values.ToDictionary(v => v.Name, v => v.Value), script);
}
