using Porpoise.Core.Runs;

namespace Porpoise.Engine.Runs;

/// <summary>The store refused a write because the run has a newer owner.</summary>
public sealed class OwnershipLostException : Exception
{
    public OwnershipLostException()
    {
    }

    public OwnershipLostException(string message)
        : base(message)
    {
    }

    public OwnershipLostException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public OwnershipLostException(RunId run)
        : base($"Run {run} has a newer owner.")
    {
    }
}
