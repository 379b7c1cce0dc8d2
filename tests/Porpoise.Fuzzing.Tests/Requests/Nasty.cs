using System.Globalization;
using CsCheck;

namespace Porpoise.Fuzzing.Tests.Requests;

/// <summary>Values that programs trip over.</summary>
public static class Nasty
{
    private static readonly string[] Numbers =
    [
        "0", "1", "-1", "2", "10001", "2147483646", "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967296", "9007199254740991", "9007199254740992", "9223372036854775807",
        "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "99999999999999999999999999", "1.5", "0.1", "-0", "1e3", "1E400", "-1e-400", "1.0", "0x10",
    ];

    private static readonly string[] Words =
    [
        "", " ", "\t", "\n", "NaN", "Infinity", "-Infinity", "null", "undefined", "true", "false", "True", "yes", "on", "+5", " 5", "5 ", "1_000", "1,000", "٣", "１２", "½", "∞", "SS", "ss",
        "ONLINE", "offline", "PARALLEL", "SERIAL_WAIT", "SHELL", "NOOP", "EMR-SERVERLESS-SPARK", "default", "root_queue", "dev_queue", "[]", "{}", "[[]]", "{\"a\":", "\"", "'", "\\", "%", "%00", "${x}", "$[yyyyMMdd]",
        "'; drop table workflow; --", "../../etc/passwd", "<script>", "\u0000", "\u0001\u001f\u007f", "\u2028", "\ufeff", "\ufffe", "e\u0301", "😀", "你好", "0 0 0 * * ?", "0 0 * * *", "Asia/Shanghai", "Mars/Olympus",
        "2024-12-23 16:13:27", "0000-00-00 00:00:00", "9999-12-31 23:59:59", "2026-02-30 00:00:00",
    ];

    /// <summary>JSON values, and texts that are none.</summary>
    private static readonly string[] RawJson =
    [
        "null", "true", "false", "[]", "{}", "[null]", "[[]]", "[{}]", "{\"a\":1}", "{\"\":\"\"}", "{\"a\":1,\"a\":2}", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "\"\\uffff\"", "{\"\\ud800\":1}",
        "", "{", "}", "[", "]", ",", "nan", "NaN", "Infinity", "'x'", "\"", "\"\\x\"", "\"\n\"", "01", "1.", ".5", "1e", "+1", "//", "/* */", "[1,]", "{\"a\"}", "{\"a\":}", "tru",
    ];

    private static readonly Gen<string> AnyText = Gen.Char.Array[0, 40].Select(chars => new string(chars));

    /// <summary>Far beyond every limit of a name, and of a description.</summary>
    private static readonly Gen<string> LongText = Gen.Select(Gen.OneOfConst(199, 200, 201, 256, 4_000, 4_001, 60_000), Gen.OneOfConst('x', ' ', '你', '"'), (n, c) => new string(c, n));

    /// <summary>What a number might be written as.</summary>
    public static Gen<string> Number { get; } = Gen.Frequency(
        (3, Gen.OneOfConst(Numbers)),
        (1, Gen.Long.Select(n => n.ToString(CultureInfo.InvariantCulture))),
        (1, Gen.Double.Select(n => n.ToString("R", CultureInfo.InvariantCulture))));

    /// <summary>The value of a parameter.</summary>
    public static Gen<string> Text { get; } = Gen.Frequency((4, Gen.OneOfConst(Words)), (3, Number), (3, AnyText), (1, LongText));

    /// <summary>What stands where a JSON value should.</summary>
    public static Gen<string> Json { get; } = Gen.Frequency(
        (4, Gen.OneOfConst(RawJson)),
        (3, Number),
        (4, Text.Select(Quoted)),
        (1, Gen.Int[5, 3_000].Select(depth => new string('[', depth) + new string(']', depth))),
        (1, Gen.Int[5, 500].Select(depth => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth))));

    /// <summary>Bytes of a query or a form that no client writes.</summary>
    public static Gen<string> Encoded { get; } = Gen.OneOf(
        Gen.OneOfConst("%", "%%", "%zz", "%4", "%ff", "%c0%80", "%ed%a0%80", "%f5%80%80%80", "%e4%bd", "%00", "+", "%2", "&&&", "===", "=x", "a=b=c", "%u4f60", "a;b", "#", "?"),
        Gen.Byte.Array[1, 12].Select(bytes => string.Concat(bytes.Select(b => string.Create(CultureInfo.InvariantCulture, $"%{b:x2}")))));

    /// <summary>As a text of JSON, with half surrogate pairs left as escapes, which JSON can write and UTF-8 cannot.</summary>
    public static string Quoted(string text) => '"' + string.Concat(text.Select(c =>
        c is '"' or '\\' || c < ' ' || char.IsSurrogate(c) ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : c.ToString())) + '"';

    /// <summary>Whether a text can be written as UTF-8, so that what comes back can be compared with it.</summary>
    public static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }
}
