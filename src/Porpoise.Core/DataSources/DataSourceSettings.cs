using System.Globalization;

namespace Porpoise.Core.DataSources;

/// <summary>What people say of a data source, but its password.</summary>
/// <param name="Name">Unique in the workspace.</param>
/// <param name="Type">Which database.</param>
/// <param name="Note">For people; may be empty.</param>
/// <param name="Host">Name or address; empty for a file.</param>
/// <param name="Port">0 for a file.</param>
/// <param name="Database">Its name, or the file's path.</param>
/// <param name="User">May be empty.</param>
/// <param name="Options">Other things to connect with, of the list in <see cref="DataSourceOptions"/>, as that writes them.</param>
public sealed record DataSourceSettings(string Name, DataSourceType Type, string Note, string Host, int Port, string Database, string User, string Options)
{
    private const int NameLengthMax = 100;
    private const int TextLengthMax = 1_000;

    /// <summary>Where it is, for people.</summary>
    public string Place => Type == DataSourceType.Sqlite ? Database : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}/{Database}");

    /// <summary>Null: sound. Otherwise the parameter that is not, and what it takes.</summary>
    public (string Parameter, string Takes)? FindFault()
    {
        var isFile = Type == DataSourceType.Sqlite;
        return this switch
        {
            _ when Name.Length is 0 or > NameLengthMax || Name.Trim() != Name || Name.Any(char.IsControl) => ("name", $"1 to {NameLengthMax} characters, without blanks at its ends and without control characters"),
            _ when Note.Length > TextLengthMax => ("note", $"at most {TextLengthMax} characters"),
            _ when IsBad(Database) || (isFile && !Database.StartsWith('/')) => ("database", isFile ? "the absolute path of the file" : "the name of a database, without control characters"),
            _ when IsBad(User) => ("userName", $"at most {TextLengthMax} characters, without control characters"),
            { Host.Length: > 0 } or { Port: not 0 } when isFile => ("host", "nothing: a file has neither host nor port"),
            _ when !isFile && (Host.Length == 0 || IsBad(Host) || Host.Any(c => char.IsWhiteSpace(c) || ";,/\\@".Contains(c, StringComparison.Ordinal))) => ("host", "the name or address of one machine"),
            _ when !isFile && Port is < 1 or > 65_535 => ("port", "a number from 1 to 65535"),
            _ => DataSourceOptions.FindFault(Type, Options) is { } fault ? ("other", fault) : null,
        };
    }

    private static bool IsBad(string text) => text.Length > TextLengthMax || text.Any(char.IsControl);
}
