namespace Porpoise.Engine;

/// <summary>Lets changes happen one after another, each with what belongs to it: a catalog must not publish an older row over a newer one.</summary>
internal sealed class ChangeGate : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);

    public void Dispose() => _gate.Dispose();

    public async Task<T> RunAsync<T>(Func<Task<T>> changeAsync)
    {
        await _gate.WaitAsync();
        try
        {
            return await changeAsync();
        }
        finally
        {
            _gate.Release();
        }
    }
}
