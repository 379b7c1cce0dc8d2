using System.Text.Json;
using System.Text.RegularExpressions;

namespace Porpoise.Worker.Runners.Sql;

/// <summary>
/// Writes values of parameters into statements: where code may stand, as one literal of the parameter's type; between quotes, with what would end the quotes
/// doubled. Nothing else is ever written, so a value cannot become code.
/// </summary>
internal static partial class SqlLiterals
{
    private const int ListMax = 10_000;

    /// <summary>Where code stands.</summary>
    /// <exception cref="JobException">The value is not of its type.</exception>
    public static string Write(string name, JobValue value, SqlDialect dialect) => value.Type.ToUpperInvariant() switch
    {
        "INTEGER" or "LONG" => Integer().IsMatch(value.Text.Trim()) ? Number(value.Text.Trim()) : throw NotOfType(name, value, "a whole number"),
        "FLOAT" or "DOUBLE" or "DECIMAL" => Decimal().IsMatch(value.Text.Trim()) ? Number(value.Text.Trim()) : throw NotOfType(name, value, "a number"),
        "BOOLEAN" => Boolean(name, value, dialect),
        "LIST" => List(name, value, dialect),
        _ => Text(name, value.Text, dialect),
    };

    /// <summary>Between quotes.</summary>
    /// <exception cref="JobException">The value cannot stand there.</exception>
    public static string Inside(SqlToken token, string name, string value, SqlDialect dialect)
    {
        Check(name, value);
        if (token.Kind == SqlTokenKind.Bracketed && dialect.HasPlainBrackets && value.Contains(']', StringComparison.Ordinal))
        {
            throw new JobException($"The value of the parameter {name} holds a ], which cannot stand between [ and ] here. Write \"${{{name}}}\" instead.");
        }

        var doubled = value.Replace(token.Quote.ToString(), new string(token.Quote, 2), StringComparison.Ordinal);
        return token.Kind == SqlTokenKind.Escaped ? doubled.Replace("\\", "\\\\", StringComparison.Ordinal) : doubled;
    }

    /// <summary>A name as it is, which <c>!{name}</c> asks for: up to three plain words with dots between them, and nothing else.</summary>
    /// <exception cref="JobException">The value is something else.</exception>
    public static string Name(string name, string value) => PlainName().IsMatch(value)
        ? value
        : throw new JobException($"!{{{name}}} stands for a name of the database, so the value of the parameter {name} has to be one: letters, digits and _, not beginning with a digit, up to three with dots between them. It is something else.");

    private static string Text(string name, string value, SqlDialect dialect)
    {
        Check(name, value);
        var doubled = value.Replace("'", "''", StringComparison.Ordinal);
        return dialect switch
        {
            { HasBackslashes: true } => $"'{doubled.Replace("\\", "\\\\", StringComparison.Ordinal)}'",
            { HasEscapeTexts: true } when value.Contains('\\', StringComparison.Ordinal) => $"E'{doubled.Replace("\\", "\\\\", StringComparison.Ordinal)}'",
            { HasNationalTexts: true } => $"N'{doubled}'",
            _ => $"'{doubled}'",
        };
    }

    /// <summary>Never a sign at the beginning: after another one it would begin a comment.</summary>
    private static string Number(string text) => text[0] == '-' ? $"({text})" : text.TrimStart('+');

    private static string Boolean(string name, JobValue value, SqlDialect dialect) => value.Text.Trim().ToUpperInvariant() switch
    {
        "TRUE" or "1" => dialect.HasNoBooleans ? "1" : "TRUE",
        "FALSE" or "0" => dialect.HasNoBooleans ? "0" : "FALSE",
        _ => throw NotOfType(name, value, "true or false"),
    };

    /// <summary>For <c>in (${names})</c>: each element as a literal.</summary>
    private static string List(string name, JobValue value, SqlDialect dialect)
    {
        JsonElement list;
        try
        {
            list = JsonElement.Parse(value.Text);
        }
        catch (JsonException e)
        {
            throw new JobException($"The parameter {name} is a LIST, so its value has to be a JSON array; it is none.", e);
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > ListMax)
        {
            throw new JobException($"The parameter {name} is a LIST, so its value has to be a JSON array of at most {ListMax} elements.");
        }

        return list.GetArrayLength() == 0 ? "NULL" : string.Join(", ", list.EnumerateArray().Select(e => e.ValueKind switch
        {
            JsonValueKind.Null => "NULL",
            JsonValueKind.Number => Number(e.GetRawText()),
            JsonValueKind.True or JsonValueKind.False => Boolean(name, new JobValue("", e.GetRawText()), dialect),
            JsonValueKind.String => Text(name, e.GetString()!, dialect),
            _ => throw new JobException($"The parameter {name} is a LIST with an element that is a list or an object; those cannot stand in SQL."),
        }));
    }

    private static void Check(string name, string value)
    {
        if (value.Contains('\0', StringComparison.Ordinal))
        {
            throw new JobException($"The value of the parameter {name} holds a NUL character, which no SQL text can.");
        }
    }

    private static JobException NotOfType(string name, JobValue value, string what) =>
        new($"The parameter {name} is declared as {value.Type}, and its value is not {what}. Correct the value, or declare it as VARCHAR.");

    [GeneratedRegex(@"^[+-]?[0-9]{1,38}\z")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[+-]?[0-9]{1,308}(\.[0-9]{1,308})?([eE][+-]?[0-9]{1,3})?\z")]
    private static partial Regex Decimal();

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{Nd}_]{0,127}(\.[\p{L}_][\p{L}\p{Nd}_]{0,127}){0,2}\z")]
    private static partial Regex PlainName();
}
