namespace Porpoise.Client;

/// <summary>A call that was not done: the server said why, or could not be asked.</summary>
public sealed class PorpoiseException : Exception
{
    /// <summary>The <see cref="Code"/> when no server answered.</summary>
    public const string Unreachable = "Unreachable";

    /// <summary>The <see cref="Code"/> when something answered that is no Porpoise server.</summary>
    public const string NotPorpoise = "NotPorpoise";

    /// <inheritdoc/>
    public PorpoiseException()
        : this("The call was not done.")
    {
    }

    /// <inheritdoc/>
    public PorpoiseException(string message)
        : this("", message)
    {
    }

    /// <inheritdoc/>
    public PorpoiseException(string message, Exception inner)
        : base(message, inner) => Code = "";

    /// <param name="code">The server's number or gateway code, or one of the constants here.</param>
    /// <param name="message">For people.</param>
    /// <param name="inner">What led to it.</param>
    public PorpoiseException(string code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>A number such as <c>50001</c>, or a gateway's code such as <c>NoPermission</c>; docs/reference/errors.md has them all.</summary>
    public string Code { get; }

    /// <summary>The HTTP status of the answer; null when there was none. Errors of the service itself come with 200.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>Names the call in the server's log and in its audit log.</summary>
    public string? RequestId { get; init; }

    /// <summary>What a policy would have to allow, when policies denied the call.</summary>
    public string? DeniedAction { get; init; }

    /// <summary>The caller is known, and may not do that.</summary>
    public bool IsDenied => DeniedAction is not null || Code is "NoPermission" or "1400009" or "1500005";

    /// <summary>The reasons of a denial, for whoever may decode them.</summary>
    public string? DiagnosticMessage { get; init; }
}
