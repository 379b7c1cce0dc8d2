using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Porpoise.Storage.DataSources;

namespace Porpoise.Access.Secrets;

/// <summary>Encrypts the passwords of data sources, each for its own row, and decrypts them for the one process that connects.</summary>
public static class DataSourcePasswords
{
    public static byte[] Encrypt(MasterKey masterKey, string password, int id) => masterKey.Encrypt(password, IdentityOf(id));

    /// <summary>Empty: the data source has none.</summary>
    /// <exception cref="CryptographicException">It is under none of the keys, or damaged; says whose.</exception>
    public static string Decrypt(MasterKey masterKey, DataSourceRow source)
    {
        try
        {
            return source.EncryptedPassword is { } cipher ? Encoding.UTF8.GetString(masterKey.Decrypt(cipher, IdentityOf(source.Id))) : "";
        }
        catch (CryptographicException e)
        {
            throw new CryptographicException(string.Create(CultureInfo.InvariantCulture, $"The password of the data source '{source.Settings.Name}' ({source.Id}) cannot be read: {e.Message}"), e);
        }
    }

    private static string IdentityOf(int id) => string.Create(CultureInfo.InvariantCulture, $"data-source/{id}");
}
