using Porpoise.Worker.Runners;
using Porpoise.Worker.Runners.Sql;

namespace Porpoise.Worker.Tests.Runners.Sql;

/// <summary>Where one statement ends and the next begins.</summary>
public sealed class SqlScriptTests
{
    private static readonly Dictionary<string, SqlDialect> Dialects = new()
    {
        ["pg"] = SqlDialect.PostgreSql, ["my"] = SqlDialect.MySql, ["ms"] = SqlDialect.SqlServer, ["lite"] = SqlDialect.Sqlite, ["duck"] = SqlDialect.DuckDb,
    };

    [Theory]
    [InlineData("pg my lite duck", "a; b;c", "a|b|c")]
    [InlineData("pg my lite duck", ";; a ;\n;-- only; a comment\n;/* ; */", "a")]
    [InlineData("pg my lite duck", "a ';' b; c \";\" d", "a ';' b|c \";\" d")]
    [InlineData("pg my lite duck", "a 'it''s; fine'; b", "a 'it''s; fine'|b")]
    [InlineData("pg my lite duck", "a /* ; */ b; c -- ; d\n e; f", "a /* ; */ b|c -- ; d\n e|f")]
    [InlineData("pg my lite duck", "create rule r as on insert to t do (a; b); c", "create rule r as on insert to t do (a; b)|c")]
    [InlineData("pg ms duck", "a /* /* ; */ ; */ b", "a /* /* ; */ ; */ b")]
    [InlineData("my lite", "a /* /* ; */ ; b", "a /* /* ; */|b")]
    [InlineData("pg lite duck", "a 'b\\'; c", "a 'b\\'|c")]
    [InlineData("my", "a 'b\\'; c'; d", "a 'b\\'; c'|d")]
    [InlineData("my", "a \"b\\\"; c\"; d", "a \"b\\\"; c\"|d")]
    [InlineData("my lite", "a `;` b; c", "a `;` b|c")]
    [InlineData("lite", "a [;] b; c", "a [;] b|c")]
    [InlineData("my", "a # ; b\n c; d", "a # ; b\n c|d")]
    [InlineData("my", "a --; b", "a --|b")]
    [InlineData("pg lite duck", "a --; b", "a --; b")]
    [InlineData("my", "a /*! ; */ b; c", "a /*! ; */ b|c")]
    [InlineData("pg duck", "a $$ ; $$; b $x$ $$ ; $y$ $x$; c", "a $$ ; $$|b $x$ $$ ; $y$ $x$|c")]
    [InlineData("pg", "a b$1$ ; c$1$", "a b$1$|c$1$")]
    [InlineData("pg duck", "a E'\\';'; b", "a E'\\';'|b")]
    [InlineData("pg", "a typE'\\'; b", "a typE'\\'|b")]
    [InlineData("my", "create procedure p() begin if a then b; end if; case when c then d; end case; loop e; end loop; end; f", "create procedure p() begin if a then b; end if; case when c then d; end case; loop e; end loop; end|f")]
    [InlineData("my", "create definer = x@y trigger t before insert on u for each row begin set a = case b when 1 then 2 end; end; f", "create definer = x@y trigger t before insert on u for each row begin set a = case b when 1 then 2 end; end|f")]
    [InlineData("my", "begin not atomic a; b; end; c", "begin not atomic a; b; end|c")]
    [InlineData("pg my lite duck", "begin; a; commit", "begin|a|commit")]
    [InlineData("lite", "create trigger t after insert on u begin insert into v values (1); delete from w; end; x", "create trigger t after insert on u begin insert into v values (1); delete from w; end|x")]
    [InlineData("pg", "create or replace function f() returns int begin atomic select 1; select 2; end; x", "create or replace function f() returns int begin atomic select 1; select 2; end|x")]
    [InlineData("pg", "select case a when 1 then 2 end; b", "select case a when 1 then 2 end|b")]
    [InlineData("ms", "declare @a int; set @a = 1; select @a\ngo\nselect 2\n  GO  \nselect [;]", "declare @a int; set @a = 1; select @a|select 2|select [;]")]
    [InlineData("ms", "select 'a\ngo\nb'", "select 'a\ngo\nb'")]
    public void Statements_end_where_the_database_ends_them(string dialects, string script, string expected)
    {
        foreach (var name in dialects.Split(' '))
        {
            Assert.Equal(expected.Split('|'), Read(script, Dialects[name]).Select(s => s.Text));
        }
    }

    [Theory]
    [InlineData("a; 'b", "line 1")]
    [InlineData("a;\n\n \"b", "line 3")]
    [InlineData("a\n/* b", "line 2")]
    [InlineData("\n$x$ b", "line 2")]
    public void What_is_never_closed_is_said_with_its_line(string script, string place) =>
        Assert.Contains(place, Assert.Throws<JobException>(() => Read(script, SqlDialect.PostgreSql).ToList()).Message, StringComparison.Ordinal);

    [Fact]
    public void Each_statement_knows_its_line_and_shows_what_its_author_wrote()
    {
        var values = new Dictionary<string, JobValue> { ["v"] = new("VARCHAR", "x\n\ny"), ["n"] = new("INTEGER", "3") };
        var statements = Read("-- head\nselect ${v};\n\n  select ${n} + '${unknown}' -- tail", SqlDialect.PostgreSql, values).ToList();
        Assert.Equal([(2, "select ${v}"), (4, "select ${n} + '${unknown}'")], statements.Select(s => (s.Line, s.Shown)));
        Assert.Equal(["-- head\nselect 'x\n\ny'", "select 3 + '${unknown}' -- tail"], statements.Select(s => s.Text));
        Assert.Equal(["v"], statements[0].Names);
    }

    [Fact]
    public void A_separator_of_the_tasks_own_leaves_semicolons_alone() =>
        Assert.Equal(["a; b", "c ';;;'"], Read("a; b;;; c ';;;';;;", SqlDialect.MySql, separator: ";;;").Select(s => s.Text));

    [Theory]
    [InlineData("'a'${v}'b'", "'a' 'x' 'b'")]
    [InlineData("a${v}b", "a 'x' b")]
    [InlineData("--${v}", "--'x'")]
    [InlineData("(${v},${v})", "('x','x')")]
    public void A_value_does_not_run_into_what_stands_beside_it(string script, string expected) =>
        Assert.Equal(expected, Assert.Single(Read(script, SqlDialect.MySql, new Dictionary<string, JobValue> { ["v"] = new("VARCHAR", "x") })).Text);

    private static IEnumerable<SqlStatement> Read(string text, SqlDialect dialect, IReadOnlyDictionary<string, JobValue>? values = null, string separator = ";")
    {
        var script = new SqlScript(text, values ?? new Dictionary<string, JobValue>(), separator);
        while (script.Next(dialect) is { } statement)
        {
            yield return statement;
        }
    }
}
