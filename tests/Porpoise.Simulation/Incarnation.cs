namespace Porpoise.Simulation;

/// <summary>One life of the server process. After its death whatever it still does has no effect; as a zombie it goes on for a while beside its successor.</summary>
public sealed class Incarnation
{
    private static readonly Task Never = new TaskCompletionSource().Task;

    public bool IsAlive { get; private set; } = true;

    /// <summary>Declared dead by others, though it still runs: paused, or cut off.</summary>
    public bool IsZombie { get; private set; }

    public void Die() => IsAlive = false;

    public void BecomeZombie() => IsZombie = true;

    /// <summary>Does not complete for the dead: their code stops here.</summary>
    public Task GateAsync() => IsAlive ? Task.CompletedTask : Never;

    /// <summary>Does not complete for the dead nor for zombies.</summary>
    public Task OnlyOwnerAsync() => IsAlive && !IsZombie ? Task.CompletedTask : Never;

    /// <summary>The dead process is gone for good: from now on not even its last breath is drawn.</summary>
    public void Bury() => IsBuried = !IsAlive;

    public bool IsBuried { get; private set; }
}
