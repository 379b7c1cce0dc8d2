namespace Porpoise.Api.Errors;

/// <summary>One kind of error. The number never changes its meaning.</summary>
/// <param name="Number">The <c>code</c> of the envelope. Below 1500000 it is DolphinScheduler's; from there on it is our own.</param>
/// <param name="Name">For the reference.</param>
/// <param name="Text">What it means.</param>
/// <param name="Remedy">What to do about it.</param>
/// <param name="HttpStatus">The HTTP status of the answer. DolphinScheduler answers business errors with 200.</param>
public sealed record ErrorCode(int Number, string Name, string Text, string Remedy, int HttpStatus = 200);
