using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Porpoise.Client;
using Spectre.Console;

namespace Porpoise.Commands.Calls;

/// <summary>A column of a table: its title, and what stands in it.</summary>
internal sealed record Column<T>(string Title, Func<T, object?> Cell);

/// <summary>Where a command's results go: data to standard output, as JSON or for people; everything else to standard error.</summary>
internal sealed class Output(bool isJson)
{
    private const string Nothing = "-";

    /// <summary>
    /// Tables are as wide as what stands in them. Squeezed to a terminal they lose columns and break words and secrets; a line that is too long the terminal itself goes on
    /// below, and copies as one.
    /// </summary>
    private const int Width = 100_000;

    private static readonly JsonWriterOptions JsonForm = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool IsJson => isJson;

    /// <summary>A result: as JSON if that was asked for, else as <paramref name="show"/> does it.</summary>
    public void Show<T>(T value, JsonTypeInfo<T> type, Action<T> show)
    {
        if (isJson)
        {
            WriteJson(json => JsonSerializer.Serialize(json, value, type));
        }
        else
        {
            show(value);
        }
    }

    /// <summary>A page of a list.</summary>
    public void Show<T>(Page<T> page, JsonTypeInfo<Page<T>> type, params Column<T>[] columns) => Show(page, type, p =>
    {
        Table(p.TotalList, columns);
        var seen = ((long)(p.PageNo - 1) * p.PageSize) + p.TotalList.Count;
        if (seen < p.Total)
        {
            Note(string.Create(CultureInfo.InvariantCulture, $"{seen} of {p.Total}; --page {p.PageNo + 1} shows more."));
        }
    });

    /// <summary>JSON as the server sent it.</summary>
    public void Json(JsonElement value) => WriteJson(value.WriteTo);

    /// <summary>The end of a command that has no data.</summary>
    public void Done(string what)
    {
        if (isJson)
        {
            Console.Out.WriteLine("{}");
        }
        else
        {
            Note(what);
        }
    }

    /// <summary>Rows for people.</summary>
    public void Table<T>(IReadOnlyList<T> rows, params Column<T>[] columns)
    {
        if (rows.Count == 0)
        {
            Note("None.");
            return;
        }

        var table = new Table().NoBorder();
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column.Title)).NoWrap().PadLeft(0).PadRight(2));
        }

        foreach (var row in rows)
        {
            table.AddRow(columns.Select(c => new Text(TextOf(c.Cell(row)))));
        }

        Write(table);
    }

    /// <summary>One thing for people: a line for each of its sides.</summary>
    public void Fields(params ReadOnlySpan<(string Name, object? Value)> fields)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(2)).AddColumn(new GridColumn().PadLeft(0).PadRight(0));
        foreach (var (name, value) in fields)
        {
            grid.AddRow(new Text(name), new Text(TextOf(value)));
        }

        Write(grid);
    }

    /// <summary>Text as it is.</summary>
    public void Text(string text) => Console.Out.WriteLine(text);

    /// <summary>A line of a program's log: as it is, and harmless where it goes to a terminal.</summary>
    public void Log(string line) => Console.Out.WriteLine(Console.IsOutputRedirected ? line : TerminalText.Harmless(line));

    /// <summary>Something beside the data; it may have words of a program's log in it, such as why a task failed.</summary>
    public void Note(string text) => Console.Error.WriteLine(Console.IsErrorRedirected ? text : TerminalText.Harmless(text));

    private static void WriteJson(Action<Utf8JsonWriter> write)
    {
        var text = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(text, JsonForm))
        {
            write(json);
        }

        Console.Out.WriteLine(Encoding.UTF8.GetString(text.WrittenSpan));
    }

    private static void Write(Spectre.Console.Rendering.IRenderable what)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = Width;
        console.Write(what);
        foreach (var line in text.ToString().TrimEnd('\n').Split('\n'))
        {
            Console.Out.WriteLine(line.TrimEnd());
        }
    }

    private static string TextOf(object? value) => Printable(value switch
    {
        null => Nothing,
        bool flag => flag ? "yes" : "no",
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        IEnumerable<string> texts => string.Join(", ", texts),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    });

    /// <summary>Names and messages are whatever somebody wrote; a terminal would obey the control characters in them.</summary>
    private static string Printable(string text) => text.Length == 0 ? Nothing
        : text.Any(c => char.IsControl(c) && c != '\n') ? new string([.. text.Select(c => char.IsControl(c) && c != '\n' ? '\uFFFD' : c)])
        : text;
}
