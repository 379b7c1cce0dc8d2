namespace Porpoise.Core.Policies.Reading;

/// <summary>Collects faults. All count, the first of them are listed.</summary>
internal sealed class PolicyFaults
{
    /// <summary>Faults that are listed: a text of the greatest length could have thousands.</summary>
    private const int ListedMax = 32;

    private readonly List<PolicyFault> _listed = [];

    public int Count { get; private set; }

    public IReadOnlyList<PolicyFault> Listed => _listed;

    public void Add(string place, string message)
    {
        Count++;
        if (_listed.Count < ListedMax)
        {
            _listed.Add(new PolicyFault(place, message));
        }
    }
}
