namespace Porpoise.Core.Policies;

/// <summary>
/// Patterns of the RAM language: <c>*</c> stands for any run of characters, also an empty one, <c>?</c> for exactly one.
/// Letters are compared with their case. A character outside the basic plane is one character, though it is two of C#'s.
/// </summary>
public static class Wildcard
{
    /// <summary>True when the pattern fits the whole text. Costs at most the product of both lengths, whatever the pattern.</summary>
    public static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        var (p, t, star, retry) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                retry = t;
            }
            else if (p < pattern.Length && pattern[p] == '?')
            {
                p++;
                t += CharacterAt(text, t);
            }
            else if (p < pattern.Length && pattern[p] == text[t])
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                // Only the last star ever needs to take more: what an earlier one could take, this one can. When it takes the first half
                // of a character, the second half is left as one, so that counts stay right; and no pattern has a half to fit it.
                p = star + 1;
                t = ++retry;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }

        return p == pattern.Length;
    }

    /// <summary>How many units the character at a place takes.</summary>
    private static int CharacterAt(ReadOnlySpan<char> text, int at) => at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
}
