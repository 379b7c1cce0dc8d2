using Porpoise.LiveServer.Servers;

namespace Porpoise.Wire.Tests;

/// <summary>The cases of one operation, in the order in which its golden files show them.</summary>
public sealed class CaseList(string operation)
{
    private readonly List<WireCase> _cases = [];

    public IReadOnlyList<WireCase> All => _cases;

    /// <summary>A case of both dialects with the same outcome.</summary>
    public void Add(string name, Expected expected, Func<Scene, Task<Exchange>> makeAsync) => Add(name, expected, expected, makeAsync);

    /// <summary>A case whose outcome the dialects see differently; null: the dialect has no such case.</summary>
    public void Add(string name, Expected? cloud, Expected? dolphin, Func<Scene, Task<Exchange>> makeAsync)
    {
        foreach (var (dialect, expected) in new[] { (Dialect.Cloud, cloud), (Dialect.Dolphin, dolphin) })
        {
            if (expected is not null)
            {
                _cases.Add(new WireCase(operation, name, dialect, expected, makeAsync));
            }
        }
    }
}
