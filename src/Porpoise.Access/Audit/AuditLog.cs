using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Porpoise.Storage;
using Porpoise.Storage.Audit;

namespace Porpoise.Access.Audit;

/// <summary>
/// Takes rows from all calls and writes them in their order, many in one commit. Ordinary calls do not wait for theirs: what they changed says by itself who
/// changed it. Administration waits (<see cref="AddDurablyAsync"/>).
/// </summary>
public sealed partial class AuditLog : IAsyncDisposable
{
    /// <summary>Rows that wait to be written. Beyond that callers wait with them.</summary>
    public const int WaitingMax = 10_000;

    private const int BatchMax = 500;

    private readonly IAuditStore _store;
    private readonly ILogger<AuditLog> _log;
    private readonly Channel<Entry> _entries = Channel.CreateBounded<Entry>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });
    private readonly Task _loop;

    public AuditLog(IAuditStore store, ILogger<AuditLog> log)
    {
        _store = store;
        _log = log;
        _loop = WriteAllAsync();
    }

    /// <summary>Completes when the row is on its way.</summary>
    public ValueTask AddAsync(AuditRow row) => _entries.Writer.TryWrite(new Entry(row, null)) ? default : _entries.Writer.WriteAsync(new Entry(row, null));

    /// <summary>Completes when the row is durable.</summary>
    /// <exception cref="StoreUnavailableException">It could not be written.</exception>
    public async Task AddDurablyAsync(AuditRow row)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _entries.Writer.WriteAsync(new Entry(row, written));
        await written.Task;
    }

    /// <summary>Writes what waits, and takes no more.</summary>
    public async ValueTask DisposeAsync()
    {
        _entries.Writer.TryComplete();
        await _loop;
    }

    private async Task WriteAllAsync()
    {
        var batch = new List<Entry>(BatchMax);
        while (await _entries.Reader.WaitToReadAsync())
        {
            while (batch.Count < BatchMax && _entries.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            await WriteAsync(batch);
            batch.Clear();
        }
    }

    private async Task WriteAsync(List<Entry> batch)
    {
        try
        {
            await _store.AppendAuditAsync([.. batch.Select(e => e.Row)]);
            batch.ForEach(e => e.Written?.TrySetResult());
        }
        catch (StoreUnavailableException unavailable)
        {
            // The store takes no writes, so nothing is being changed either. What was tried meanwhile stands in the server's log instead.
            foreach (var (row, written) in batch)
            {
                LogUnwritten(row.At, row.Who, row.Credential, row.From, row.Action, row.On, row.Outcome, row.Code);
                written?.TrySetException(unavailable);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Not in the audit log, as the store takes no writes: {At:O} {Who} {Credential} from {From}: {Action} {On}: {Outcome} {Code}")]
    private partial void LogUnwritten(DateTimeOffset at, string who, string credential, string from, string action, string on, AuditOutcome outcome, string code);

    private readonly record struct Entry(AuditRow Row, TaskCompletionSource? Written);
}
