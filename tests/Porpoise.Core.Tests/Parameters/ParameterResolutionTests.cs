using System.Diagnostics;
using System.Globalization;
using CsCheck;
using Porpoise.Core.Parameters;

namespace Porpoise.Core.Tests.Parameters;

public sealed class ParameterResolutionTests
{
    private static readonly Dictionary<string, string> NoStart = [];

    /// <summary>Start, local and global value (a hyphen: none), and which one wins.</summary>
    [Theory]
    [InlineData("s", "l", "i", "g", "s")]
    [InlineData("", "l", "i", "g", "")]
    [InlineData("-", "l", "i", "g", "l")]
    [InlineData("-", "", "i", "g", "i")]
    [InlineData("-", "-", "i", "g", "i")]
    [InlineData("-", "-", "", "g", "")]
    [InlineData("-", "", "-", "g", "g")]
    [InlineData("-", "-", "-", "g", "g")]
    [InlineData("-", "", "-", "-", "")]
    [InlineData("s", "-", "-", "-", "s")]
    [InlineData("-", "-", "-", "", "")]
    public void The_strongest_value_wins(string start, string local, string inherited, string global, string expected)
    {
        var values = ParameterResolution.Resolve(
            start == "-" ? NoStart : new Dictionary<string, string> { ["x"] = start },
            local == "-" ? [] : [In("x", local)],
            inherited == "-" ? InheritedValues.None : Inherited("x", inherited),
            global == "-" ? [] : [In("x", global)]);
        Assert.Equal(expected, Assert.Single(values).Value);
    }

    [Fact]
    public void What_a_task_gave_is_data_and_may_be_referred_to()
    {
        var values = ParameterResolution.Resolve(NoStart, [In("y", "<${x}>")], Inherited("x", "${z} ${y}"), [In("z", "never")]);
        Assert.Equal(("${z} ${y}", "<${z} ${y}>"), (values["x"], values["y"]));
    }

    [Fact]
    public void Nothing_given_is_nothing() => Assert.Empty(ParameterResolution.Resolve(NoStart, [], InheritedValues.None, []));

    [Fact]
    public void What_a_node_gives_to_others_is_not_a_value() =>
        Assert.Equal("g", Resolve([new Parameter("x", ParameterDirection.Out, "VARCHAR", "l")], [In("x", "g")])["x"]);

    [Fact]
    public void Of_two_with_one_name_the_later_counts() => Assert.Equal(("2", "4"), (Resolve([], [In("x", "1"), In("x", "2")])["x"], Resolve([In("x", "3"), In("x", "4")], [])["x"]));

    [Theory]
    [InlineData("${a}", "A")]
    [InlineData("x${a}y${b}z", "xAyBAz")]
    [InlineData("${a}${a}", "AA")]
    [InlineData("${c}", "<BA>")]
    [InlineData("$a", "$a")]
    [InlineData("$${a}", "$A")]
    [InlineData("${}", "${}")]
    [InlineData("${unknown}", "${unknown}")]
    [InlineData("${ a }", "${ a }")]
    [InlineData("${a", "${a")]
    [InlineData("}${a}{", "}A{")]
    [InlineData("${${a}}", "${A}")]
    [InlineData("${unknown ${a}", "${unknown A")]
    [InlineData("${A}", "${A}")]
    [InlineData("${empty}|", "|")]
    [InlineData("${name-with.dots}", "D")]
    public void References_are_replaced(string text, string expected) =>
        Assert.Equal(expected, Resolve([], [In("a", "A"), In("b", "B${a}"), In("c", "<${b}>"), In("empty", ""), In("name-with.dots", "D"), In("x", text)])["x"]);

    [Fact]
    public void A_reference_means_the_strongest_value_of_its_name_wherever_it_stands() =>
        Assert.Equal("of 2026-01-02", ParameterResolution.Resolve(new Dictionary<string, string> { ["day"] = "2026-01-02" }, [In("day", "local")], InheritedValues.None, [In("title", "of ${day}"), In("day", "global")])["title"]);

    [Fact]
    public void A_value_that_refers_to_its_own_name_means_the_next_weaker_one()
    {
        var values = ParameterResolution.Resolve(new Dictionary<string, string> { ["x"] = "${x}+start" }, [In("x", "${x}+local"), In("y", "${y}")], InheritedValues.None, [In("x", "global"), In("y", "of all")]);
        Assert.Equal(("global+local+start", "of all"), (values["x"], values["y"]));
    }

    [Fact]
    public void A_reference_that_leads_back_to_itself_stays_as_it_is()
    {
        var values = Resolve([], [In("a", "1${b}"), In("b", "2${c}"), In("c", "3${a}"), In("self", "4${self}"), In("outside", "5${b}")]);
        Assert.Equal(("123${a}", "231${b}", "312${c}", "4${self}", "5231${b}"), (values["a"], values["b"], values["c"], values["self"], values["outside"]));
    }

    [Fact]
    public void References_are_followed_to_a_certain_depth_from_wherever_one_begins()
    {
        const int Length = 100;
        var values = Resolve([], [.. Enumerable.Range(0, Length).Select(i => In(Name(i), i == Length - 1 ? "end" : $"${{{Name(i + 1)}}}"))]);
        Assert.Equal("end", values[Name(Length - ParameterResolution.DepthMax)]);
        Assert.Equal($"${{{Name(ParameterResolution.DepthMax)}}}", values[Name(0)]);
    }

    /// <summary>Thirty names, each ten times the one before: a number with thirty digits.</summary>
    [Fact]
    public void What_grows_without_end_is_bounded()
    {
        var bomb = Enumerable.Range(0, 30).Select(i => In(Name(i), string.Concat(Enumerable.Repeat(i == 29 ? "ha" : $"${{{Name(i + 1)}}}", 10)))).ToList();
        var watch = Stopwatch.StartNew();
        var values = Resolve([], bomb);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), "It took too long."); // it takes milliseconds; unbounded, it would never end
        var literal = bomb.Sum(p => p.Value.Length);
        Assert.InRange(values.Values.Sum(v => v.Length), literal, literal + ParameterResolution.ReplacedMax);
    }

    [Fact]
    public void What_is_cut_costs_no_more_than_what_is_not()
    {
        var crowd = Enumerable.Range(0, 40).Select(i => In(Name(i), string.Concat(Enumerable.Range(0, 40).Select(j => $"${{{Name(j)}}}")))).ToList(); // all of them refer to all
        var watch = Stopwatch.StartNew();
        var values = Resolve([], crowd);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), "It took too long.");
        Assert.True(values.Values.Sum(v => (long)v.Length) <= ParameterResolution.ReplacedMax + crowd.Sum(p => p.Value.Length));
    }

    [Fact]
    public void Whatever_is_written_comes_to_an_end_and_texts_without_references_stay()
    {
        var text = Gen.OneOfConst("${a}", "${b}", "${c}", "${", "}", "$", "x", "工", "${nobody}").Array[0, 12].Select(string.Concat);
        Gen.Select(text, text, text, text).Sample((a, b, c, local) =>
        {
            var values = ParameterResolution.Resolve(new Dictionary<string, string> { ["c"] = c }, [In("a", local)], InheritedValues.None, [In("a", a), In("b", b)]);
            Assert.Equal(["a", "b", "c"], values.Keys.Order());
            foreach (var (name, literal) in new[] { ("b", b), ("c", c) }.Where(v => !v.Item2.Contains("${", StringComparison.Ordinal)))
            {
                Assert.Equal(literal, values[name]);
            }
        });
    }

    private static Parameter In(string name, string value) => new(name, ParameterDirection.In, "VARCHAR", value);

    private static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"n{i}");

    private static InheritedValues Inherited(string name, string value) => InheritedValues.None.With(new Dictionary<string, string> { [name] = value }, DateTimeOffset.UnixEpoch, 0);

    private static IReadOnlyDictionary<string, string> Resolve(IReadOnlyList<Parameter> local, IReadOnlyList<Parameter> global) => ParameterResolution.Resolve(NoStart, local, InheritedValues.None, global);
}
