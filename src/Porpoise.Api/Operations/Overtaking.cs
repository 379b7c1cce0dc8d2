using Porpoise.Api.Errors;

namespace Porpoise.Api.Operations;

/// <summary>A change is made from what there is. When somebody else has changed it before the write, the call is read again on top of that.</summary>
internal static class Overtaking
{
    /// <summary>How often.</summary>
    public const int TriesMax = 50;

    public static RefusalException Refuse(string what) =>
        new(new Refusal(ErrorCodes.TooManyCalls, $"Others change the {what} all the time; nothing was saved. {ErrorCodes.TooManyCalls.Remedy}") { RetryAfter = TimeSpan.FromSeconds(1) });
}
