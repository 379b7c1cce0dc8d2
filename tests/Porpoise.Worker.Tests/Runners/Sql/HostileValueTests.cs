using System.Text;
using Porpoise.Worker.Tests.Databases;

namespace Porpoise.Worker.Tests.Runners.Sql;

/// <summary>Whatever stands in a value: it comes out byte for byte wherever a value can stand, and nothing of it is run.</summary>
public sealed class HostileValueTests(DatabaseServers servers) : SqlTestBench(servers)
{
    private const int NameBytesMax = 63;

    private static readonly string[] Texts =
    [
        "'; touch X #", "$(touch X)", "\n", "\\", "\"\"\"", "工", new string('长', 200 * 1024 / 3), "'", "''", "\\'", "\\\\'", "'\\", "`", "]", "[", "*/ drop table victim; /*", "-- ", "\n drop table victim;\n",
        "'; drop table victim; --", "\"; drop table victim; --", "`; drop table victim; --", "\\'; drop table victim; -- ", "$$; drop table victim; $$", "'); drop table victim; --", "${v}", "!{v}", "@x", ":x", "?", "$1",
        "{fn x}", "%s", "\r\n", "\t\b", " ", "", "null", "0x41", "1; drop table victim", "\u2028\u00a0\ufeff", "😀", "E'\\'' || version()", "'; copy (select 1) to program 'touch X'; --",
    ];

    public static TheoryData<Engine, int> Cells { get; } = new(Enum.GetValues<Engine>().SelectMany(engine => Enumerable.Range(0, Texts.Length).Select(i => (engine, i))).ToArray());

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_value_comes_out_as_it_went_in_wherever_it_stands(Engine engine, int text)
    {
        var victim = NewName();
        var value = Texts[text].Replace("victim", victim, StringComparison.Ordinal);
        var script = $$"""
            create table {{victim}} (a text);
            insert into {{victim}} values ('here');
            -- a comment with ${v} in it
            /* another one: ${v} */
            select ${v} as bare, '${v}' as quoted, '<${v}|${v}>' as twice, {{(engine == Engine.MariaDb ? "\"${v}\"" : "'${v}'")}} as other /* ${v} */
            """;
        var ran = await RunAsync(engine, script, Values(value), [.. ((string[])["bare", "quoted", "twice", "other"]).Select(o => JobBench.Out(o))]);
        var outputs = ran.Succeeded().Outputs;
        Assert.Equal(value, outputs["bare"]);
        Assert.Equal(value, outputs["quoted"]);
        Assert.Equal($"<{value}|{value}>", outputs["twice"]);
        Assert.Equal(value, outputs["other"]);
        await AssertUnharmedAsync(engine, victim);
    }

    /// <summary>Between the quotes of names a value is a name, and nothing more.</summary>
    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_value_that_is_a_name_is_only_that(Engine engine, int text)
    {
        var victim = NewName();
        var value = Texts[text].Replace("victim", victim, StringComparison.Ordinal);
        var quote = engine == Engine.MariaDb ? '`' : '"';
        var script = $"create table {victim} (a text); insert into {victim} values ('here'); select a as {quote}n${{v}}{quote} from {victim}";
        var ran = await RunAsync(engine, script, Values(value));
        var bytes = Encoding.UTF8.GetByteCount(value) + 1;
        if (ran.Fault is { } fault)
        {
            // Too long, or with characters that no name can have: then it is refused, before or in the database.
            Assert.True(bytes > NameBytesMax || engine == Engine.MariaDb, fault);
        }
        else
        {
            Assert.Contains("here", ran.Log, StringComparison.Ordinal);
        }

        await AssertUnharmedAsync(engine, victim);
    }

    /// <summary>A setting of the session changes what a backslash is; the values are as safe as before.</summary>
    [Theory]
    [InlineData(Engine.MariaDb, "set sql_mode = 'NO_BACKSLASH_ESCAPES'")]
    [InlineData(Engine.MariaDb, "set sql_mode = 'ANSI_QUOTES'")]
    [InlineData(Engine.MariaDb, "set sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES'")]
    [InlineData(Engine.PostgreSql, "set standard_conforming_strings = off")]
    public async Task Settings_that_change_what_a_backslash_is_are_known(Engine engine, string setting)
    {
        foreach (var value in Texts.Where(t => t.Length < 100))
        {
            var script = $"{setting}; select ${{v}} as bare, '${{v}}' as quoted, 'a' as \"x\"";
            var outputs = (await RunAsync(engine, script, Values(value), JobBench.Out("bare"), JobBench.Out("quoted"))).Succeeded().Outputs;
            Assert.Equal((value, value), (outputs["bare"], outputs["quoted"]));
        }
    }

    [Theory]
    [InlineData(Engine.MariaDb, "set names gbk")]
    [InlineData(Engine.PostgreSql, "set client_encoding = 'SJIS'")]
    public async Task Encodings_in_which_a_byte_may_be_two_things_are_refused(Engine engine, string setting) =>
        Assert.Contains("leave that setting alone", (await RunAsync(engine, $"{setting}; select '${{v}}' as a", Values("工\\"))).Failed(), StringComparison.Ordinal);

    [Theory]
    [InlineData("select E'a\\'${v}' as a", "a'")]
    [InlineData("select E'\\\\'\n'${v}' as a", "\\")]
    [InlineData("select E'a' -- more\n  '${v}' as a", "a")]
    public async Task Escaped_texts_and_what_goes_on_with_them_are_known(string sql, string before)
    {
        foreach (var value in (string[])["\\'; drop table x; --", "\\", "'", "工"])
        {
            Assert.Equal(before + value, (await RunAsync(Engine.PostgreSql, sql, Values(value), JobBench.Out("a"))).Succeeded().Outputs["a"]);
        }
    }

    [Theory]
    [InlineData(Engine.PostgreSql, "do $$ begin perform '${v}'; end $$")]
    [InlineData(Engine.PostgreSql, "select $tag$ ${v} $tag$")]
    [InlineData(Engine.PostgreSql, "select U&'${v}'")]
    [InlineData(Engine.DuckDb, "select $$${v}$$")]
    [InlineData(Engine.MariaDb, "select 1 /*! + ${v} */")]
    [InlineData(Engine.MariaDb, "select 1 /*M!100100 + ${v} */")]
    public async Task Where_a_value_could_become_code_it_is_refused(Engine engine, string sql) =>
        Assert.Contains("could become code", (await RunAsync(engine, sql, Values("x"))).Failed(), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Engines), MemberType = typeof(SqlTestBench))]
    public async Task A_name_of_the_database_is_taken_from_a_value_only_if_it_is_one(Engine engine)
    {
        var table = NewName();
        var values = new Dictionary<string, string> { ["t"] = table, ["bad"] = table + "; drop table x", ["quoted"] = "\"a\"", ["empty"] = "" };
        (await RunAsync(engine, "create table !{t} (a int); insert into !{t} values (1); select a from !{t}", values)).Succeeded();
        foreach (var name in (string[])["bad", "quoted", "empty"])
        {
            Assert.Contains($"!{{{name}}} stands for a name", (await RunAsync(engine, $"select * from !{{{name}}}", values)).Failed(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Engines), MemberType = typeof(SqlTestBench))]
    public async Task Values_have_the_types_of_their_declarations(Engine engine)
    {
        var values = new Dictionary<string, string> { ["i"] = "-7", ["d"] = "1.5e2", ["yes"] = "true", ["list"] = "[\"a'b\",\"c\"]", ["none"] = "[]", ["bad"] = "1; drop table x" };
        Porpoise.Core.Parameters.Parameter[] local =
        [
            JobBench.In("i", "INTEGER"), JobBench.In("d", "DOUBLE"), JobBench.In("yes", "BOOLEAN"), JobBench.In("list", "LIST"), JobBench.In("none", "LIST"), JobBench.In("bad", "INTEGER"),
            JobBench.Out("a"), JobBench.Out("b"), JobBench.Out("c"),
        ];
        var outputs = (await RunAsync(engine, "select 1 -${i} as a, case when 'a''b' in (${list}) and ${yes} then 'in' else 'out' end as b, case when 'x' in (${none}) then 1 else 2 end as c where ${d} > 149", values, local)).Succeeded().Outputs;
        Assert.Equal(("8", "in", "2"), (outputs["a"], outputs["b"], outputs["c"]));
        Assert.Contains("declared as INTEGER", (await RunAsync(engine, "select ${bad}", values, local)).Failed(), StringComparison.Ordinal);
        Assert.Contains("NUL", (await RunAsync(engine, "select ${v}", Values("a\0b"))).Failed(), StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Values(string value) => new() { ["v"] = value };

    private async Task AssertUnharmedAsync(Engine engine, string victim)
    {
        var left = (await RunAsync(engine, $"select a from {victim}; drop table {victim}", null, JobBench.Out("a"))).Succeeded();
        Assert.Equal("here", left.Outputs["a"]);
        Assert.Empty(Directory.EnumerateFiles(Folder, "X"));
        Assert.False(File.Exists("X"));
    }
}
