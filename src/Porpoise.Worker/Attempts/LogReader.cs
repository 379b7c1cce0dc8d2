using System.Text;

namespace Porpoise.Worker.Attempts;

/// <summary>A log as a stream of bytes, also while it is written, from any place on. In place of a gap it gives the line that says so.</summary>
internal sealed class LogReader(string path, FileStream file) : Stream
{
    private LogGap _gap = LogGap.Read(path);
    private byte[] _said = [];
    private int _saidUpTo;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Length;

    /// <summary>In the file, so it jumps over a gap.</summary>
    public override long Position { get; set; }

    /// <summary>The next bytes; or, at a gap, 0 and the gap, which is behind the reader then.</summary>
    public int ReadOrPass(Span<byte> buffer, out LogGap gap)
    {
        while (true)
        {
            gap = _gap;
            if (gap.Length > 0 && Position >= gap.Start && Position < gap.End)
            {
                Position = gap.End;
                return 0;
            }

            var most = Position < gap.Start ? (int)Math.Min(buffer.Length, gap.Start - Position) : buffer.Length;
            file.Seek(Position, SeekOrigin.Begin);
            var read = file.Read(buffer[..most]);

            // Cut between two looks: then what was read may be a piece of the hole.
            _gap = LogGap.Read(path);
            if (_gap == gap)
            {
                Position += read;
                gap = LogGap.None;
                return read;
            }
        }
    }

    public override int Read(Span<byte> buffer)
    {
        if (_saidUpTo == _said.Length)
        {
            var read = ReadOrPass(buffer, out var gap);
            if (gap.Length == 0)
            {
                return read;
            }

            _said = Encoding.UTF8.GetBytes(gap.Describe());
            _saidUpTo = 0;
        }

        var said = Math.Min(buffer.Length, _said.Length - _saidUpTo);
        _said.AsSpan(_saidUpTo, said).CopyTo(buffer);
        _saidUpTo += said;
        return said;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException("A log is only read.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A log is only read.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
