using System.Globalization;
using System.Security.Cryptography;

namespace Porpoise.Access.Secrets;

/// <summary>The text of the file with the master keys: one a line in base64, the one that encrypts first.</summary>
public static class MasterKeyFile
{
    /// <exception cref="FormatException">It holds no key, too many or one twice, or a line is no key; names the line, and never what it says.</exception>
    public static MasterKey Read(string text)
    {
        var keys = ReadKeys(text);
        return keys.Count > 0 ? new MasterKey(keys) : throw new FormatException("It holds no key.");
    }

    /// <summary>A fresh key, in front of those that were there.</summary>
    /// <exception cref="FormatException">As <see cref="Read"/>; also when there are as many keys as there may be.</exception>
    public static string AddKey(string text)
    {
        var keys = ReadKeys(text);
        if (keys.Count == MasterKey.KeysMax)
        {
            throw new FormatException(string.Create(
                CultureInfo.InvariantCulture, $"It holds {keys.Count} keys already. Start the server once, so that every secret is encrypted under the first, and remove the other lines."));
        }

        return string.Concat(keys.Prepend(RandomNumberGenerator.GetBytes(MasterKey.Length)).Select(static key => Convert.ToBase64String(key) + "\n"));
    }

    private static List<byte[]> ReadKeys(string text)
    {
        var keys = new List<byte[]>();
        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length > 0)
            {
                keys.Add(ReadKey(lines[i], i + 1));
                if (keys.Count > MasterKey.KeysMax)
                {
                    throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"It holds more than {MasterKey.KeysMax} keys."));
                }

                if (keys.FindIndex(key => key.AsSpan().SequenceEqual(keys[^1])) < keys.Count - 1)
                {
                    throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"Line {i + 1} repeats a key."));
                }
            }
        }

        return keys;
    }

    private static byte[] ReadKey(string line, int number)
    {
        var key = new byte[MasterKey.Length + 1];
        return Convert.TryFromBase64String(line, key, out var length) && length == MasterKey.Length
            ? key[..length]
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"Line {number} is not a key: {MasterKey.Length} bytes in base64."));
    }
}
