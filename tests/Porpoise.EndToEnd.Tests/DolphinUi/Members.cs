using System.Globalization;
using System.Text.Json;

namespace Porpoise.EndToEnd.Tests.DolphinUi;

/// <summary>
/// What the UI reads from an object, one word a member: <c>name:kind</c>. Kinds: <c>int</c>, <c>code</c> (a number that JavaScript can hold), <c>text</c>, <c>time</c>
/// (yyyy-MM-dd HH:mm:ss), <c>bool</c>, <c>list</c>, <c>object</c>; with a question mark it may be null.
/// </summary>
public static class Members
{
    private const long CodeLimit = 1L << 53;

    public static void AssertAre(string members, JsonElement element)
    {
        Assert.True(element.ValueKind == JsonValueKind.Object, $"No object: {element}");
        foreach (var member in members.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, kind) = (member.Split(':')[0], member.Split(':')[1]);
            Assert.True(element.TryGetProperty(name, out var value), $"The member {name} is missing: {element}");
            Assert.True((kind.EndsWith('?') && value.ValueKind == JsonValueKind.Null) || Is(kind.TrimEnd('?'), value), $"{name} is no {kind}: {value.GetRawText()} in {element}");
        }
    }

    /// <summary>A page of a list, and each of its rows.</summary>
    public static IReadOnlyList<JsonElement> AssertPage(string members, JsonElement page, int pageNo, int pageSize)
    {
        AssertAre("totalList:list total:int totalPage:int pageSize:int currentPage:int", page);
        Assert.Equal(pageNo, page.GetProperty("currentPage").GetInt32());
        Assert.Equal(pageSize, page.GetProperty("pageSize").GetInt32());
        JsonElement[] rows = [.. page.GetProperty("totalList").EnumerateArray()];
        Assert.True(rows.Length <= pageSize && page.GetProperty("total").GetInt64() >= rows.Length, page.ToString());
        Assert.All(rows, r => AssertAre(members, r));
        return rows;
    }

    private static bool Is(string kind, JsonElement value) => kind switch
    {
        "int" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
        "code" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var code) && Math.Abs(code) < CodeLimit,
        "text" => value.ValueKind == JsonValueKind.String,
        "time" => value.ValueKind == JsonValueKind.String && DateTime.TryParseExact(value.GetString(), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "bool" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "list" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => throw new ArgumentException($"No kind of member: {kind}."),
    };
}
