namespace Porpoise.Storage;

/// <summary>
/// The store could not do it now, for a reason outside the request: disk full, I/O error, shutting down. Whether a write that fails so was
/// carried out is unknown; the rows decide. The message says the reason, fit for the caller.
/// </summary>
public sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException()
    {
    }

    public StoreUnavailableException(string message)
        : base(message)
    {
    }

    public StoreUnavailableException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
