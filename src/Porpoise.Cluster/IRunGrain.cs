namespace Porpoise.Cluster;

/// <summary>The address of one run's driver in the cluster; the key is the run's id.</summary>
[Alias("porpoise.run")]
public interface IRunGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Brings an event to the driver. Completes when it is durable and its effects are performed. Null: done; otherwise why the store could
    /// not write it. A refusal is a value here, because an exception would cross the wire only as far as its type is known on the other side.
    /// </summary>
    [Alias("deliver")]
    Task<string?> DeliverAsync(RunMessage message);
}
