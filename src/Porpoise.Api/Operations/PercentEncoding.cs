using System.Buffers;
using System.Text.Unicode;

namespace Porpoise.Api.Operations;

/// <summary>
/// Looks at the escapes (<c>%XX</c>) of a query or a form. The platform's decoder leaves those that are not UTF-8 as they stand, and text in
/// another encoding would be kept as percent signs without anybody being told.
/// </summary>
internal static class PercentEncoding
{
    /// <summary>True when the escapes decode to UTF-8. A percent sign that begins no escape stands for itself.</summary>
    public static bool IsUtf8(ReadOnlySpan<char> text)
    {
        if (!text.Contains('%'))
        {
            return true;
        }

        var bytes = ArrayPool<byte>.Shared.Rent(text.Length);
        try
        {
            var length = 0;
            for (var i = 0; i < text.Length; i++)
            {
                if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
                {
                    bytes[length++] = (byte)((ValueOf(text[i + 1]) << 4) | ValueOf(text[i + 2]));
                    i += 2;
                }
                else
                {
                    bytes[length++] = (byte)'x'; // whatever it is, it ends a sequence of escapes
                }
            }

            return Utf8.IsValid(bytes.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static int ValueOf(char hexDigit) => hexDigit <= '9' ? hexDigit - '0' : (hexDigit | 0x20) - 'a' + 10;
}
