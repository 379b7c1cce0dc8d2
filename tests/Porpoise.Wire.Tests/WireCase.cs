using Porpoise.LiveServer.Servers;

namespace Porpoise.Wire.Tests;

/// <summary>One call whose answer is fixed in a golden text.</summary>
/// <param name="Operation">The golden file that it is in.</param>
/// <param name="Name">The section of that file; unique in it.</param>
/// <param name="Dialect">How it is called.</param>
/// <param name="Expected">What comes of it.</param>
/// <param name="MakeAsync">Prepares what the call needs, and makes it.</param>
public sealed record WireCase(string Operation, string Name, Dialect Dialect, Expected Expected, Func<Scene, Task<Exchange>> MakeAsync)
{
    /// <summary>The file, without its folder.</summary>
    public string File => $"{Operation}.{(Dialect == Dialect.Cloud ? "cloud" : "dolphin")}.txt";

    public override string ToString() => $"{Operation}.{Dialect}: {Name}";
}
