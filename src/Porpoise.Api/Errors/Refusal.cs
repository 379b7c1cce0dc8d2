using Porpoise.Access.Signatures;

namespace Porpoise.Api.Errors;

/// <summary>A call that is answered with an error: which one, and the text for people.</summary>
/// <param name="Code">From <see cref="ErrorCodes"/>.</param>
/// <param name="Message">What is wrong, where, and what would be right.</param>
public sealed record Refusal(ErrorCode Code, string Message)
{
    /// <summary>Set when the cloud dialect answers with a gateway error of its own instead of the code's.</summary>
    public GatewayError? Gateway { get; init; }

    /// <summary>Set when policies deny the call.</summary>
    public AccessDenied? Denied { get; init; }

    /// <summary>Tells the client when to come back.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>Ends the handling of a call with a refusal; caught at one place, the request pipeline.</summary>
public sealed class RefusalException : Exception
{
    public RefusalException()
        : this(new Refusal(ErrorCodes.Internal, ErrorCodes.Internal.Text))
    {
    }

    public RefusalException(string message)
        : this(new Refusal(ErrorCodes.Internal, message))
    {
    }

    public RefusalException(string message, Exception inner)
        : base(message, inner) => Refusal = new Refusal(ErrorCodes.Internal, message);

    public RefusalException(Refusal refusal)
        : base(refusal.Message) => Refusal = refusal;

    public RefusalException(ErrorCode code, string message)
        : this(new Refusal(code, message))
    {
    }

    public Refusal Refusal { get; }
}
