using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Porpoise.Api.Errors;

namespace Porpoise.Api.Security;

/// <summary>
/// How many connections are served at once. Some more are taken, so that their callers are told why and health checks go on; each ends with its first answer. The web server itself
/// closes what comes beyond those without a word.
/// </summary>
/// <param name="max">Connections that are served.</param>
public sealed class ConnectionLimit(int max)
{
    /// <summary>Connections beyond the limit that are told so.</summary>
    public const int SpareMax = 256;

    private static readonly object RefusedMark = new();

    private int _open;

    public int Max => max;

    /// <summary>Counts the connections of an endpoint; comes first among what handles them.</summary>
    public ConnectionDelegate Count(ConnectionDelegate next) => async connection =>
    {
        try
        {
            if (Interlocked.Increment(ref _open) > max)
            {
                connection.Items[RefusedMark] = true;
            }

            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    };

    /// <exception cref="RefusalException">The call came over a connection beyond the limit.</exception>
    public void Check(HttpContext http)
    {
        if (http.Features.Get<IConnectionItemsFeature>()?.Items.ContainsKey(RefusedMark) is true)
        {
            http.Response.Headers.Connection = "close";
            throw new RefusalException(new Refusal(ErrorCodes.TooManyConnections, $"The server has {max} connections already, which is its limit (--connections).") { RetryAfter = TimeSpan.FromSeconds(1) });
        }
    }
}
