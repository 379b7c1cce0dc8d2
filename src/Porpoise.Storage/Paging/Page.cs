namespace Porpoise.Storage.Paging;

/// <summary>Which part of a list is wanted.</summary>
/// <param name="Offset">Rows to pass over.</param>
/// <param name="Limit">Rows to return at most.</param>
public readonly record struct PageRequest(long Offset, int Limit)
{
    /// <summary>Rows that a page has at most, whatever is asked for.</summary>
    public const int LimitMax = 1_000;

    /// <summary>The same page, without what no list has.</summary>
    public PageRequest Bounded => new(Math.Max(Offset, 0), Math.Clamp(Limit, 0, LimitMax));
}

/// <summary>A part of a list.</summary>
/// <param name="Rows">In the list's order.</param>
/// <param name="Total">How many rows the whole list has.</param>
public sealed record Page<T>(IReadOnlyList<T> Rows, long Total);
