using CsCheck;
using Porpoise.Api.Operations;

namespace Porpoise.Api.Tests.Operations;

public sealed class PercentEncodingTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("a=b&c=d", true)]
    [InlineData("100%", true)]
    [InlineData("%", true)]
    [InlineData("%4", true)]
    [InlineData("%zz%E4%BD%A0", true)]
    [InlineData("%e4%bd%a0", true)]
    [InlineData("%E4%BD", false)]
    [InlineData("%E4%BDx%A0", false)]
    [InlineData("%FF", false)]
    [InlineData("%C0%80", false)]
    [InlineData("%ED%A0%80", false)]
    [InlineData("%F4%90%80%80", false)]
    public void Escapes_are_UTF8_or_not(string text, bool expected) => Assert.Equal(expected, PercentEncoding.IsUtf8(text));

    [Fact]
    public void Whatever_is_escaped_as_UTF8_is_taken() => Gen.String.Sample(text => Assert.True(PercentEncoding.IsUtf8(Uri.EscapeDataString(text))));

    [Fact]
    public void Bytes_are_taken_exactly_when_they_are_UTF8() => Gen.Byte.Array[0, 8].Sample(bytes =>
        Assert.Equal(System.Text.Unicode.Utf8.IsValid(bytes), PercentEncoding.IsUtf8(string.Concat(bytes.Select(b => "%" + Convert.ToHexString([b]))))));
}
