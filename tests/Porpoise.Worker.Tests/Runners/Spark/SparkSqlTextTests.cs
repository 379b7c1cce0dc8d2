using Porpoise.Worker.Runners;
using Porpoise.Worker.Runners.Spark;

namespace Porpoise.Worker.Tests.Runners.Spark;

/// <summary>Cutting Spark SQL into statements, and values in it.</summary>
public sealed class SparkSqlTextTests
{
    [Theory]
    [InlineData("select 1", "1:select 1")]
    [InlineData("select 1;\n\n;select 2;", "1:select 1|3:select 2")]
    [InlineData("select ';', \";\", `;`;select 2", "1:select ';', \";\", `;`|1:select 2")]
    [InlineData("select '\\';' ; select 2", "1:select '\\';'|1:select 2")]
    [InlineData("-- a;b\nselect 1 -- ;\n; select 2", "2:select 1|3:select 2")]
    [InlineData("/* ; /* ; */ ; */ select 1; /* x", "1:select 1")]
    [InlineData("select /*+ broadcast(t) */ 1", "1:select /*+ broadcast(t) */ 1")]
    [InlineData("select r'\\' ; select 2", "1:select r'\\'|1:select 2")]
    [InlineData("select 1 - -1 / 2", "1:select 1 - -1 / 2")]
    public void Statements_end_at_semicolons_that_are_none_of_a_text_or_comment(string text, string expected) =>
        Assert.Equal(expected.Split('|'), Split(text).Select(s => $"{s.Line}:{s.Text}"));

    [Theory]
    [InlineData("select ${v}", "select 'it\\'s \\\\ \"q\" `b` $\\u007bx} 工'")]
    [InlineData("select '${v}'", "select 'it\\'s \\\\ \"q\" `b` $\\u007bx} 工'")]
    [InlineData("select \"a${v}b\"", "select \"ait's \\\\ \\\"q\\\" `b` $\\u007bx} 工b\"")]
    [InlineData("select r'a${v}b'", "select r'a' 'it\\'s \\\\ \"q\" `b` $\\u007bx} 工' r'b'")]
    [InlineData("select `${name}`", "select `t_1`")]
    [InlineData("select ${number} - ${negative}", "select 10 - (-5)")]
    [InlineData("select ${flag}, ${day}", "select true, date '2026-11-27'")]
    [InlineData("select ${unknown}, '${unknown}'", "select ${unknown}, '${unknown}'")]
    [InlineData("select 1 -- ${v}", "select 1")]
    public void A_value_stays_what_it_is_wherever_it_stands(string text, string expected) => Assert.Equal(expected, Assert.Single(Split(text)).Text);

    [Theory]
    [InlineData("select `${v}`", "a name")]
    [InlineData("select ${wrong}", "no number")]
    [InlineData("  ; -- nothing", "no statement")]
    public void What_does_not_fit_is_refused_by_name(string text, string said) => Assert.Contains(said, Assert.Throws<JobException>(() => Split(text)).Message, StringComparison.Ordinal);

    private static IReadOnlyList<SqlStatement> Split(string text) => SparkSqlText.Split(text, new Dictionary<string, JobValue>
    {
        ["v"] = new("VARCHAR", "it's \\ \"q\" `b` ${x} 工"), ["name"] = new("VARCHAR", "t_1"), ["number"] = new("INTEGER", "10"), ["negative"] = new("DOUBLE", "-5"),
        ["flag"] = new("BOOLEAN", "TRUE"), ["day"] = new("DATE", "2026-11-27"), ["wrong"] = new("INTEGER", "1 or 1=1"),
    });
}
