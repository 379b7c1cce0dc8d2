using System.Buffers.Text;
using System.Text;

namespace Porpoise.Bench.Load;

/// <summary>One answer of the server, valid until the connection's next request.</summary>
internal readonly ref struct Answer(int status, ReadOnlySpan<byte> body)
{
    public int Status { get; } = status;

    public ReadOnlySpan<byte> Body { get; } = body;

    /// <summary>The id in the answer to a start: <c>"data":[ID]</c>.</summary>
    public int RunId()
    {
        var at = Body.IndexOf("\"data\":["u8);
        return Status == 200 && at >= 0 && Utf8Parser.TryParse(Body[(at + 8)..], out int id, out _) ? id : throw Unexpected();
    }

    /// <summary>Throws unless the answer says that the run succeeded.</summary>
    public void RequireSuccess()
    {
        if (Status != 200 || Body.IndexOf("\"state\":\"SUCCESS\""u8) < 0)
        {
            throw Unexpected();
        }
    }

    /// <summary>Throws unless the answer is one that has something to say: success, and a list that is not empty.</summary>
    public void RequireData()
    {
        if (Status != 200 || Body.IndexOf("\"code\":0"u8) < 0 || Body.IndexOf("\"data\":"u8) < 0 || Body.IndexOf("\"total\":0,"u8) >= 0)
        {
            throw Unexpected();
        }
    }

    public InvalidDataException Unexpected() => new($"The server answered {Status}: {Encoding.UTF8.GetString(Body)}");
}
