using Porpoise.Storage.Paging;

namespace Porpoise.Api.Operations;

/// <summary>Which page of a list a caller wants: <c>pageNo</c> counts from 1, <c>pageSize</c> rows each.</summary>
internal readonly record struct PageWish(int Number, int Size)
{
    /// <summary>Rows in one answer. DolphinScheduler's UI asks for 2147483647 where it wants all of them; the answer says what it got.</summary>
    public const int SizeMax = PageRequest.LimitMax;

    private const int SizeDefault = 10;

    public long Start => (long)(Number - 1) * Size;

    public PageRequest Request => new(Start, Size);

    /// <param name="sizeMax">Rows in one answer, where rows are so large that it must be fewer than <see cref="SizeMax"/>.</param>
    public static PageWish Read(Parameters parameters, int sizeMax = SizeMax) =>
        new(parameters.Int("pageNo", 1) ?? 1, Math.Min(parameters.Int("pageSize", 1) ?? SizeDefault, sizeMax));
}

/// <summary>A page of a list as DolphinScheduler answers it.</summary>
/// <param name="Total">Rows of the whole list.</param>
/// <param name="TotalPage">Never below 1.</param>
/// <param name="Start">Rows before this page.</param>
internal sealed record DolphinPage<T>(IReadOnlyList<T> TotalList, long Total, long TotalPage, int PageSize, int CurrentPage, int PageNo, long Start);

/// <summary>Makes pages.</summary>
internal static class DolphinPage
{
    public static DolphinPage<T> Of<T>(PageWish wish, IReadOnlyList<T> rows, long total) =>
        new(rows, total, Math.Max(1, (total + wish.Size - 1) / wish.Size), wish.Size, wish.Number, wish.Number, wish.Start);

    public static DolphinPage<T> Empty<T>(PageWish wish) => Of<T>(wish, [], 0);

    /// <summary>The wanted page of a list that is in memory as a whole.</summary>
    public static DolphinPage<T> Cut<T>(PageWish wish, IReadOnlyCollection<T> all) =>
        Of(wish, [.. all.Skip((int)Math.Min(wish.Start, all.Count)).Take(wish.Size)], all.Count);
}
