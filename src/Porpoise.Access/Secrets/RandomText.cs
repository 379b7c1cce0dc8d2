using System.Security.Cryptography;

namespace Porpoise.Access.Secrets;

/// <summary>Random names and secrets.</summary>
public static class RandomText
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static string Letters(int length) => RandomNumberGenerator.GetString(Alphanumeric, length);

    public static string Digits(int length) => RandomNumberGenerator.GetString("123456789", 1) + RandomNumberGenerator.GetString("0123456789", length - 1);

    public static string Hex(int length) => RandomNumberGenerator.GetHexString(length, lowercase: true);
}
