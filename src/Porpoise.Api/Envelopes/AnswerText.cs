using System.Buffers;
using System.IO.Pipelines;

namespace Porpoise.Api.Envelopes;

/// <summary>
/// An answer that is written aside before anything of it is sent: one that cannot be written out must not leave half of itself in front of the error.
/// It is kept in small pieces that are given back: one array for all of it is a large object each time, and those are collected late.
/// </summary>
internal sealed class AnswerText : IDisposable
{
    private static readonly PipeOptions Pieces = new(pauseWriterThreshold: 0, minimumSegmentSize: 16 * 1024, useSynchronizationContext: false);
    private readonly Pipe _pipe = new(Pieces);

    public IBufferWriter<byte> Writer => _pipe.Writer;

    /// <summary>Bytes that were written.</summary>
    public long Length => _pipe.Writer.UnflushedBytes;

    /// <summary>Sends all of it, once.</summary>
    public async Task SendAsync(PipeWriter target, CancellationToken ct)
    {
        await _pipe.Writer.CompleteAsync();
        var written = await _pipe.Reader.ReadAsync(ct);
        foreach (var piece in written.Buffer)
        {
            await target.WriteAsync(piece, ct);
        }
    }

    public void Dispose()
    {
        _pipe.Writer.Complete();
        _pipe.Reader.Complete();
    }
}
