namespace Porpoise.Client;

/// <summary>Rows of a list.</summary>
/// <param name="TotalList">The rows of this page.</param>
/// <param name="Total">Rows of the whole list.</param>
/// <param name="PageNo">From 1.</param>
/// <param name="PageSize">At most 1,000.</param>
public sealed record Page<T>(IReadOnlyList<T> TotalList, long Total, int PageNo, int PageSize);

/// <summary>Which rows of a list are wanted.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Size">At most 1,000.</param>
public sealed record PageChoice(int Number = 1, int Size = PageChoice.SizeDefault)
{
    public const int SizeDefault = 100;
    public const int SizeMax = 1_000;
}
