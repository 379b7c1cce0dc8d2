using System.Security.Cryptography;
using System.Text;
using Porpoise.Access.Secrets;

namespace Porpoise.Access.Tests.Secrets;

public sealed class MasterKeyTests
{
    private static readonly byte[] Old = [.. Enumerable.Range(0, MasterKey.Length).Select(i => (byte)i)];
    private static readonly byte[] New = [.. Enumerable.Range(100, MasterKey.Length).Select(i => (byte)i)];

    [Fact]
    public void The_first_key_encrypts_and_each_decrypts()
    {
        using var before = new MasterKey(Old);
        using var both = new MasterKey([New, Old]);
        using var after = new MasterKey(New);
        var (old, fresh) = (before.Encrypt("secret – 密", "row"), both.Encrypt("secret – 密", "row"));
        Assert.Equal("secret – 密", Encoding.UTF8.GetString(both.Decrypt(old, "row")));
        Assert.Equal("secret – 密", Encoding.UTF8.GetString(both.Decrypt(fresh, "row")));
        Assert.Equal("secret – 密", Encoding.UTF8.GetString(after.Decrypt(fresh, "row")));
        Assert.Equal((false, true), (both.IsUnderFirst(old), both.IsUnderFirst(fresh)));
        Assert.Throws<CryptographicException>(() => after.Decrypt(old, "row"));
        Assert.Throws<CryptographicException>(() => before.Decrypt(fresh, "row"));
    }

    [Fact]
    public void A_secret_belongs_to_its_row_and_no_byte_of_it_may_change()
    {
        using var keys = new MasterKey([New, Old]);
        var cipher = keys.Encrypt("secret", "row");
        Assert.NotEqual(cipher, keys.Encrypt("secret", "row"));
        Assert.ThrowsAny<CryptographicException>(() => keys.Decrypt(cipher, "other row"));
        for (var i = 0; i < cipher.Length; i++)
        {
            var changed = cipher.ToArray();
            changed[i] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => keys.Decrypt(changed, "row"));
            Assert.ThrowsAny<CryptographicException>(() => keys.Decrypt(cipher.AsSpan(0, i), "row"));
        }
    }

    [Fact]
    public void Keys_must_be_keys()
    {
        Assert.Throws<ArgumentException>(() => new MasterKey(Array.Empty<byte[]>()));
        Assert.Throws<ArgumentException>(() => new MasterKey(new byte[16]));
        Assert.Throws<ArgumentException>(() => new MasterKey([Old, New, Old]));
        Assert.Throws<ArgumentException>(() => new MasterKey([.. Enumerable.Range(0, MasterKey.KeysMax + 1).Select(i => RandomNumberGenerator.GetBytes(MasterKey.Length))]));
    }

    [Fact]
    public void A_file_holds_a_key_a_line()
    {
        using var keys = MasterKeyFile.Read($"\n {Convert.ToBase64String(New)} \r\n\n{Convert.ToBase64String(Old)}");
        using var old = new MasterKey(Old);
        using var fresh = new MasterKey(New);
        Assert.Equal(2, keys.Count);
        keys.Decrypt(old.Encrypt("x", "row"), "row");
        Assert.True(keys.IsUnderFirst(fresh.Encrypt("x", "row")));
    }

    [Theory]
    [InlineData("", "holds no key")]
    [InlineData("\n \n", "holds no key")]
    [InlineData("OLD\n!!!", "Line 2 is not a key")]
    [InlineData("OLD\n\nAAAA", "Line 3 is not a key")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g", "Line 1 is not a key")]
    [InlineData("OLD\nOLD", "Line 2 repeats a key")]
    public void What_is_wrong_with_a_file_is_said_without_its_keys(string text, string said)
    {
        var old = Convert.ToBase64String(Old);
        var e = Assert.Throws<FormatException>(() => MasterKeyFile.Read(text.Replace("OLD", old, StringComparison.Ordinal)));
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(old, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fresh_key_comes_before_the_others_until_there_are_too_many()
    {
        var text = "";
        for (var i = 0; i < MasterKey.KeysMax; i++)
        {
            var more = MasterKeyFile.AddKey(text);
            Assert.EndsWith(text, more, StringComparison.Ordinal);
            using var keys = MasterKeyFile.Read(more);
            Assert.Equal(i + 1, keys.Count);
            text = more;
        }

        Assert.Contains("8 keys already", Assert.Throws<FormatException>(() => MasterKeyFile.AddKey(text)).Message, StringComparison.Ordinal);
    }
}
