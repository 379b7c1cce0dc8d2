using Porpoise.Core.Parameters;

namespace Porpoise.Core.Tests.Parameters;

/// <summary>What stands instead of a reference at every kind of place. Known: v, whose value is a quote and a brace. What a real Python makes of it is tested with the worker.</summary>
public sealed class PythonTextTests
{
    [Theory]
    [InlineData("x = ${v}", @"x = '\x27\x7b'")]
    [InlineData("x = ${v}${v}", @"x = '\x27\x7b''\x27\x7b'")]
    [InlineData("f(${v}) # ${v} it's\ny = ${v}", "f('\\x27\\x7b') # ${v} it's\ny = '\\x27\\x7b'")]
    [InlineData("f${v}", @"f '\x27\x7b'")]
    [InlineData("x = ${unknown} ${v", "x = ${unknown} ${v")]
    [InlineData("'a ${v}'", @"'a \x27\x7b'")]
    [InlineData("\"a ${v}\"", @"""a \x27\x7b""")]
    [InlineData("'''it's\n${v}''' + ${v}", "'''it's\n\\x27\\x7b''' + '\\x27\\x7b'")]
    [InlineData("'a\\'${v}'", @"'a\'\x27\x7b'")]
    [InlineData("'a\\\\${v}'", @"'a\\\x27\x7b'")]
    [InlineData("'a\\${v}'", @"'a\x5c\x27\x7b'")]
    [InlineData("'# ${v}'", @"'# \x27\x7b'")]
    [InlineData("r'\\d${v}$'", @"r'\d' '\x27\x7b' r'$'")]
    [InlineData("r'\\${v}'", @"r'' '\x5c\x27\x7b' r''")]
    [InlineData("b'${v}'", @"b'\x27\x7b'")]
    [InlineData("Rb'${v}'", @"Rb'' b'\x27\x7b' Rb''")]
    [InlineData("f'${v}{x}{{'", @"f'\x27\x7b{x}{{'")]
    [InlineData("f'{x:${v}}' ${v}", @"f'{x:\x27\x7b}' '\x27\x7b'")]
    [InlineData("f'{g(${v})}'", "f'{g(bytes((39,123,)).decode())}'")]
    [InlineData("f'{d[\"a${v}\"]}'", "f'{d[(\"a\"+bytes((39,123,)).decode()+\"\")]}'")]
    [InlineData("f'{d[\"a\"]!r:>{w}}' ${v}", @"f'{d[""a""]!r:>{w}}' '\x27\x7b'")]
    [InlineData("f'''{\n'}'}${v}'''", "f'''{\n'}'}\\x27\\x7b'''")]
    [InlineData("x = 'never closed ${v}\ny = ${v}", "x = 'never closed \\x27\\x7b\ny = '\\x27\\x7b'")]
    [InlineData("print('${setValue(k=${v})}')", @"print('${setValue(k=\x27\x7b)}')")]
    [InlineData("s = 'a'; t = suffixr'${v}'", @"s = 'a'; t = suffixr'\x27\x7b'")]
    public void A_reference_becomes(string script, string expected) => Assert.Equal(expected, PythonText.Rewrite(script, new Dictionary<string, string> { ["v"] = "'{" }));

    [Theory]
    [InlineData("A", @"'\x41'")]
    [InlineData("\n\0", @"'\x0a\x00'")]
    [InlineData("é工🐬", @"'\xe9\u5de5\U0001f42c'")]
    [InlineData("", "''")]
    public void Every_character_is_an_escape(string value, string literal) => Assert.Equal(literal, PythonText.Rewrite("${v}", new Dictionary<string, string> { ["v"] = value }));

    [Fact]
    public void Half_a_character_is_what_UTF_8_makes_of_it() => Assert.Equal(@"'\ufffd'", PythonText.Rewrite("${v}", new Dictionary<string, string> { ["v"] = "\ud800" }));

    [Fact]
    public void Bytes_are_those_of_UTF_8() => Assert.Equal(@"b'\xe5\xb7\xa5'", PythonText.Rewrite("b'${v}'", new Dictionary<string, string> { ["v"] = "工" }));

    [Theory]
    [InlineData("f'{")]
    [InlineData("'")]
    [InlineData("f'{\"")]
    [InlineData("f'''{x:{")]
    [InlineData("${")]
    public void A_long_script_that_makes_no_sense_is_read_in_good_time(string piece)
    {
        var script = string.Concat(Enumerable.Repeat(piece, 200_000 / piece.Length)) + "${v}";
        var watch = System.Diagnostics.Stopwatch.StartNew();
        PythonText.Rewrite(script, new Dictionary<string, string> { ["v"] = "1" });
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), watch.Elapsed.ToString());
    }
}
