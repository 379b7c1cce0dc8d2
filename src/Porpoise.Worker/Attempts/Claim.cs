using System.Buffers.Text;
using System.Text;
using Porpoise.Worker.Processes;

namespace Porpoise.Worker.Attempts;

/// <summary>What the claim file of an attempt says: whether it was started, and by whom.</summary>
internal abstract record Claim
{
    public static readonly byte[] RevokedText = "revoked\n"u8.ToArray();

    private Claim()
    {
    }

    /// <summary>No claim: nothing started, but a shim may still be on its way.</summary>
    public sealed record Missing : Claim;

    /// <summary>Taken by the worker itself, so that no shim can.</summary>
    public sealed record Revoked : Claim;

    /// <summary>Claimed by a shim that has not said yet who it is. It starts nothing before it has.</summary>
    public sealed record Unsigned : Claim;

    /// <summary>Claimed by this shim in this boot of the machine.</summary>
    public sealed record Signed(string BootId, ProcessIdentity Shim) : Claim;

    /// <summary>Reads the file's content. Only a whole line counts: a full disk can leave a piece of one.</summary>
    public static Claim Parse(ReadOnlySpan<byte> content)
    {
        if (content.SequenceEqual(RevokedText))
        {
            return new Revoked();
        }

        var blank = content.IndexOf((byte)' ');
        return blank > 0 && content[^1] == '\n' && ProcessStat.Parse(content[(blank + 1)..]) is { } stat
            ? new Signed(Encoding.ASCII.GetString(content[..blank]), stat.Identity)
            : new Unsigned();
    }

    /// <summary>The exit code in the file <c>exit</c>, and behind it a word if processes of the script may still run; null if it is not wholly written.</summary>
    public static (int Code, bool MayHaveLeft)? ParseExit(ReadOnlySpan<byte> content) =>
        content.Length > 1 && content[^1] == '\n' && Utf8Parser.TryParse(content, out int code, out var used) && (used == content.Length - 1 || content[used] == ' ')
            ? (code, used < content.Length - 1)
            : null;
}

/// <summary>What the shim wrote when its script had ended.</summary>
/// <param name="Code">The script's exit code.</param>
/// <param name="MayHaveLeft">Whether processes that the script started may still run.</param>
/// <param name="At">When it was written.</param>
internal readonly record struct ScriptExit(int Code, bool MayHaveLeft, DateTimeOffset At);
