namespace Porpoise.Commands.Calls;

/// <summary>What a command names is not there, as far as the answers of the server tell.</summary>
internal sealed class NotFoundException : Exception
{
    public NotFoundException()
    {
    }

    public NotFoundException(string message)
        : base(message)
    {
    }

    public NotFoundException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
