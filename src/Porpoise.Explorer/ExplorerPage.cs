using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Porpoise.Explorer;

/// <summary>
/// The page at <c>/explorer</c>: every operation with a form to try it. Its files are in the program, and the browser is told to take nothing from anywhere else, so it works
/// without the internet and nothing can be slipped into it. It takes no credentials: whoever tries an operation brings their own, and the page keeps them in its memory only.
/// </summary>
public static class ExplorerPage
{
    public const string Path = "/explorer";

    private const string Security =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [""] = "text/plain; charset=utf-8",
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var name in typeof(ExplorerPage).Assembly.GetManifestResourceNames())
        {
            var file = new PageFile(name);
            routes.MapGet($"{Path}/{name}", (RequestDelegate)file.AnswerAsync);
            if (name == "index.html")
            {
                routes.MapGet(Path, (RequestDelegate)file.AnswerAsync);
            }
        }
    }

    /// <summary>One file of the page; read when it is first asked for.</summary>
    private sealed class PageFile(string name)
    {
        private readonly Lazy<(byte[] Bytes, string Tag)> _content = new(() =>
        {
            using var resource = typeof(ExplorerPage).Assembly.GetManifestResourceStream(name)!;
            using var copy = new MemoryStream();
            resource.CopyTo(copy);
            var bytes = copy.ToArray();
            return (bytes, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\"");
        });

        public async Task AnswerAsync(HttpContext http)
        {
            var (bytes, tag) = _content.Value;
            var headers = http.Response.Headers;
            headers.ContentSecurityPolicy = Security;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers.CacheControl = "no-cache";
            headers.ETag = tag;
            if (http.Request.Headers.IfNoneMatch == tag)
            {
                http.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            http.Response.ContentType = Types[System.IO.Path.GetExtension(name)];
            http.Response.ContentLength = bytes.Length;
            await http.Response.BodyWriter.WriteAsync(bytes, http.RequestAborted);
        }
    }
}
