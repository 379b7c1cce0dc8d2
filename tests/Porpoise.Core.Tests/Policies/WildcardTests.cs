using System.Text;
using CsCheck;
using Porpoise.Core.Policies;

namespace Porpoise.Core.Tests.Policies;

public sealed class WildcardTests
{
    /// <summary>Few letters, so that patterns often fit; one of them takes two of C#'s characters.</summary>
    private static readonly Gen<string> Text = Gen.OneOfConst("a", "b", "A", "🐬").Array[0, 12].Select(string.Concat);
    private static readonly Gen<string> Pattern = Gen.OneOfConst("a", "b", "🐬", "*", "*", "?").Array[0, 9].Select(string.Concat);

    [Fact]
    public void The_matcher_agrees_with_a_naive_one()
    {
        var (fits, all) = (0, 0);
        Gen.Select(Pattern, Text).Sample(
            (pattern, text) =>
            {
                var expected = Fits([.. pattern.EnumerateRunes()], [.. text.EnumerateRunes()]);
                Interlocked.Add(ref fits, expected ? 1 : 0);
                Interlocked.Increment(ref all);
                return Wildcard.IsMatch(pattern, text) == expected;
            },
            iter: 50_000);
        Assert.InRange(fits, all / 20, all - (all / 20));
    }

    [Fact]
    public void A_text_with_some_of_its_characters_replaced_fits() => Gen.Select(Text, Gen.Int[0, 3].Array[12]).Sample(
        (text, dice) =>
        {
            var pattern = new StringBuilder();
            foreach (var (rune, die) in text.EnumerateRunes().Zip(dice))
            {
                pattern.Append(die switch { 0 => "*", 1 => "?", 2 => $"*{rune}", _ => rune.ToString() });
            }

            return Wildcard.IsMatch(pattern.ToString(), text);
        },
        iter: 20_000);

    /// <summary>A matcher that tries every star anew would not come back from this one.</summary>
    [Fact]
    public void Many_stars_cost_no_more_than_the_product_of_both_lengths() =>
        Assert.False(Wildcard.IsMatch(string.Concat(Enumerable.Repeat("*a", 2_000)) + "b", new string('a', 6_000)));

    private static bool Fits(ReadOnlySpan<Rune> pattern, ReadOnlySpan<Rune> text) => pattern switch
    {
        [] => text.IsEmpty,
        [{ Value: '*' }, .. var rest] => Fits(rest, text) || (!text.IsEmpty && Fits(pattern, text[1..])),
        [{ Value: '?' }, .. var rest] => !text.IsEmpty && Fits(rest, text[1..]),
        [var letter, .. var rest] => !text.IsEmpty && text[0] == letter && Fits(rest, text[1..]),
    };
}
