using Porpoise.Core.Queues;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Queues;

namespace Porpoise.Engine.Queues;

/// <summary>The worker groups, in memory. They are few, and all changes come through here, one after another.</summary>
public sealed class WorkerGroupCatalog(IWorkerGroupStore store) : IDisposable
{
    private readonly ChangeGate _gate = new();
    private volatile IReadOnlyList<WorkerGroupRow> _groups = [];

    /// <summary>Raised with each group's name and slots when they are read or changed; a deleted one has 0.</summary>
    public event Action<string, int>? Changed;

    /// <summary>In the order in which they were created.</summary>
    public IReadOnlyList<WorkerGroupRow> All => _groups;

    public bool Has(string name) => _groups.Any(g => g.Settings.Name == name);

    public void Dispose() => _gate.Dispose();

    /// <summary>Reads the groups. The standard one is created with these slots if there is none yet.</summary>
    /// <param name="slots">Of the standard group.</param>
    /// <param name="isChosen">True: somebody named the number, and it counts also if the store has another one.</param>
    /// <param name="at">Now.</param>
    public async Task LoadAsync(int slots, bool isChosen, DateTimeOffset at)
    {
        _groups = await store.ListWorkerGroupsAsync();
        if (_groups.FirstOrDefault(g => g.Settings.Name == StandardWorkerGroup.Name) is not { } standard)
        {
            await CreateAsync(new WorkerGroupSettings(StandardWorkerGroup.Name, slots, "This machine."), at, nonce: null);
        }
        else if (isChosen && standard.Settings.Slots != slots)
        {
            await UpdateAsync(standard.Id, now => now with { Slots = slots }, at, nonce: null);
        }
    }

    public Task<SaveWorkerGroupResult> CreateAsync(WorkerGroupSettings settings, DateTimeOffset at, NonceRow? nonce) => SaveAsync(() => store.CreateWorkerGroupAsync(settings, at, nonce));

    /// <param name="change">Makes the settings from those that there are, with nobody else's change in between.</param>
    public Task<SaveWorkerGroupResult> UpdateAsync(int id, Func<WorkerGroupSettings, WorkerGroupSettings> change, DateTimeOffset at, NonceRow? nonce) => SaveAsync(() =>
        _groups.FirstOrDefault(g => g.Id == id) is { } now
            ? store.UpdateWorkerGroupAsync(id, change(now.Settings), at, nonce)
            : Task.FromResult<SaveWorkerGroupResult>(new SaveWorkerGroupResult.NotFound()));

    public Task<SaveWorkerGroupResult> DeleteAsync(int id, NonceRow? nonce) => SaveAsync(() => store.DeleteWorkerGroupAsync(id, nonce));

    private Task<SaveWorkerGroupResult> SaveAsync(Func<Task<SaveWorkerGroupResult>> saveAsync) => _gate.RunAsync(async () =>
    {
        var result = await saveAsync();
        if (result is SaveWorkerGroupResult.Saved { Group.Settings.Name: var name })
        {
            _groups = await store.ListWorkerGroupsAsync();
            Changed?.Invoke(name, _groups.FirstOrDefault(g => g.Settings.Name == name)?.Settings.Slots ?? 0);
        }

        return result;
    });
}
