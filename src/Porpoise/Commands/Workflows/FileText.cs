using System.Text;

namespace Porpoise.Commands.Workflows;

/// <summary>
/// The text of a file. What is not UTF-8 is refused, because a character that was replaced would go into scripts and names without a word; a byte order mark may say that it
/// is UTF-16 or UTF-32.
/// </summary>
internal static class FileText
{
    public static NamedFile Decode(string path, ReadOnlyMemory<byte> bytes)
    {
        var (encoding, mark) = EncodingOf(bytes.Span);
        var text = bytes[mark..];
        try
        {
            return new NamedFile(path, encoding.GetString(text.Span));
        }
        catch (DecoderFallbackException e)
        {
            // What comes before the fault can be read, and says where it is.
            var before = Lenient(encoding).GetString(text.Span[..Math.Clamp(e.Index, 0, text.Length)]);
            var line = 1 + before.Count(c => c == '\n');
            return new NamedFile(path, "", new FileFault(
                path, line, before.Length - before.LastIndexOf('\n'), "", $"This is not {encoding.WebName.ToUpperInvariant()}{(mark == 0 ? "; save the file as UTF-8" : ", as the file's first bytes say that it is")}."));
        }
    }

    private static (Encoding Encoding, int Mark) EncodingOf(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), 3),
        [0xFF, 0xFE, 0, 0, ..] => (new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true), 4),
        [0, 0, 0xFE, 0xFF, ..] => (new UTF32Encoding(bigEndian: true, byteOrderMark: true, throwOnInvalidCharacters: true), 4),
        [0xFF, 0xFE, ..] => (new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true), 2),
        [0xFE, 0xFF, ..] => (new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true), 2),
        _ => (new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), 0),
    };

    private static Encoding Lenient(Encoding encoding) => Encoding.GetEncoding(encoding.CodePage, EncoderFallback.ReplacementFallback, DecoderFallback.ReplacementFallback);
}
