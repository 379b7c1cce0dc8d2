using System.Collections.Concurrent;
using Porpoise.Core.Environments;
using Porpoise.Storage.Environments;
using Porpoise.Storage.Identities;

namespace Porpoise.Engine.Environments;

/// <summary>The environments, in memory: every attempt may ask for one. They are few, and all changes come through here, one after another.</summary>
public sealed class EnvironmentCatalog(IEnvironmentStore store) : IDisposable
{
    private readonly ConcurrentDictionary<EnvironmentCode, KnownEnvironment> _known = new();
    private readonly ChangeGate _gate = new();

    public void Dispose() => _gate.Dispose();

    public async Task LoadAsync()
    {
        foreach (var row in await store.ListEnvironmentsAsync())
        {
            Put(row);
        }
    }

    /// <summary>In the order in which they were created.</summary>
    public IReadOnlyList<EnvironmentRow> List() => [.. _known.Values.Select(k => k.Row).OrderBy(r => r.Code.Value)];

    /// <summary>Null: there is no such environment.</summary>
    public EnvironmentRow? Find(EnvironmentCode code) => _known.GetValueOrDefault(code)?.Row;

    /// <summary>What it sets; nothing for none. Null: there is no such environment (any more).</summary>
    public EnvironmentVariables? VariablesOf(EnvironmentCode code) => code.IsNone ? EnvironmentVariables.None : _known.GetValueOrDefault(code)?.Variables;

    public Task<SaveEnvironmentResult> CreateAsync(EnvironmentCode code, EnvironmentSettings settings, string by, DateTimeOffset at, NonceRow? nonce) =>
        SaveAsync(() => store.CreateEnvironmentAsync(code, settings, by, at, nonce));

    /// <param name="change">Makes the settings from those that there are, with nobody else's change in between.</param>
    public Task<SaveEnvironmentResult> UpdateAsync(EnvironmentCode code, Func<EnvironmentSettings, EnvironmentSettings> change, DateTimeOffset at, NonceRow? nonce) => SaveAsync(() =>
        Find(code) is { } now
            ? store.UpdateEnvironmentAsync(code, change(now.Settings), at, nonce)
            : Task.FromResult<SaveEnvironmentResult>(new SaveEnvironmentResult.NotFound()));

    public Task<DeleteEnvironmentResult> DeleteAsync(EnvironmentCode code, NonceRow? nonce) => _gate.RunAsync(async () =>
    {
        var result = await store.DeleteEnvironmentAsync(code, nonce);
        if (result is DeleteEnvironmentResult.Deleted)
        {
            _known.TryRemove(code, out _);
        }

        return result;
    });

    private Task<SaveEnvironmentResult> SaveAsync(Func<Task<SaveEnvironmentResult>> save) => _gate.RunAsync(async () =>
    {
        var result = await save();
        if (result is SaveEnvironmentResult.Saved saved)
        {
            Put(saved.Environment);
        }

        return result;
    });

    /// <summary>A stored config that this version cannot read sets nothing that an attempt could rely on: it counts as missing.</summary>
    private void Put(EnvironmentRow row) => _known[row.Code] = new KnownEnvironment(row, EnvironmentConfig.Read(row.Settings.Config).Variables);

    private sealed record KnownEnvironment(EnvironmentRow Row, EnvironmentVariables? Variables);
}
