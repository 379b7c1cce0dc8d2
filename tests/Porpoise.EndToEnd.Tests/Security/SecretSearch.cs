using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Porpoise.EndToEnd.Tests.Security;

/// <summary>Looks for secrets in bytes, as they are and in the forms that programs give to texts: UTF-16, JSON, percent escapes, hexadecimal, and base64 wherever in it they begin.</summary>
internal sealed class SecretSearch
{
    private readonly List<(string Name, List<byte[]> Forms)> _secrets = [];

    public void Add(string name, string secret)
    {
        Assert.True(secret.Length >= 8, $"{name} is too short to be told from chance.");
        var bytes = Encoding.UTF8.GetBytes(secret);
        _secrets.Add((name, [bytes, Encoding.Unicode.GetBytes(secret), Ascii(JsonEncodedText.Encode(secret).Value), Encoding.UTF8.GetBytes(JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value), Ascii(Uri.EscapeDataString(secret)), Ascii(Convert.ToHexString(bytes)), Ascii(Convert.ToHexStringLower(bytes)), .. Base64(bytes)]));
    }

    /// <summary>The names of those that are in there.</summary>
    public IEnumerable<string> FindIn(byte[] bytes) => _secrets.Where(s => s.Forms.Any(form => bytes.AsSpan().IndexOf(form) >= 0)).Select(s => s.Name);

    public IEnumerable<string> FindIn(string text) => FindIn(Encoding.UTF8.GetBytes(text));

    /// <summary>Without the characters at either end, which depend on the neighbours.</summary>
    private static IEnumerable<byte[]> Base64(byte[] bytes)
    {
        for (var before = 0; before < 3; before++)
        {
            var text = Convert.ToBase64String([.. new byte[before], .. bytes]).TrimEnd('=');
            yield return Ascii(text[(before == 0 ? 0 : before + 1)..^1]);
        }
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
