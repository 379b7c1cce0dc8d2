namespace Porpoise.Commands.Calls;

/// <summary>The command line cannot be carried out as it is; the message tells a person what would be right.</summary>
internal sealed class UsageException : Exception
{
    public UsageException()
    {
    }

    public UsageException(string message)
        : base(message)
    {
    }

    public UsageException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
