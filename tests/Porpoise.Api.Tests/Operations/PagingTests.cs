using CsCheck;
using Porpoise.Api.Operations;

namespace Porpoise.Api.Tests.Operations;

public sealed class PagingTests
{
    [Fact]
    public void The_pages_of_a_list_are_the_list() => Gen.Select(Gen.Int[0, 200], Gen.Int[1, 50]).Sample((count, size) =>
    {
        int[] all = [.. Enumerable.Range(0, count)];
        var first = DolphinPage.Cut(new PageWish(1, size), all);
        Assert.Equal(Math.Max(1, (count + size - 1) / size), first.TotalPage);
        Assert.Equal(all, Enumerable.Range(1, (int)first.TotalPage).SelectMany(n => DolphinPage.Cut(new PageWish(n, size), all).TotalList));
        Assert.Empty(DolphinPage.Cut(new PageWish((int)first.TotalPage + 1, size), all).TotalList);
    });

    [Fact]
    public void The_last_page_there_could_be_does_not_overflow()
    {
        var wish = PageWish.Read(new Parameters(new Dictionary<string, string> { ["pageNo"] = "2147483647", ["pageSize"] = "2147483647" }));
        Assert.Equal((2147483646L * PageWish.SizeMax, PageWish.SizeMax), (wish.Request.Offset, wish.Request.Limit));
        Assert.Empty(DolphinPage.Cut(wish, [1, 2, 3]).TotalList);
    }
}
