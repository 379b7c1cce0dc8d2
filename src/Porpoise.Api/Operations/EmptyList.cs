using System.Text.Json.Serialization;

namespace Porpoise.Api.Operations;

/// <summary>Answers of lists of which nothing can exist yet.</summary>
internal static class EmptyList
{
    public static readonly Answer All = Answer.Of<IReadOnlyList<string>>([], EmptyListJson.Default.IReadOnlyListString);

    public static Answer Page(Call call) => Answer.Of(DolphinPage.Empty<string>(PageWish.Read(call.Parameters)), EmptyListJson.Default.DolphinPageString);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(DolphinPage<string>))]
internal sealed partial class EmptyListJson : JsonSerializerContext;
