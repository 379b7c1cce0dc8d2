using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Porpoise.Core.Tasks;

namespace Porpoise.Worker.Runners.Sql;

/// <summary>The rows of a statement, as far as they are kept: the first ones to be shown, and what output parameters need.</summary>
internal sealed partial class SqlTable
{
    /// <summary>Characters of a cell that are shown.</summary>
    private const int CellMax = 100;

    private readonly string[] _columns;
    private readonly List<string[]> _shown = [];
    private readonly string?[] _first;
    private readonly List<string?>?[] _lists;
    private int _left = TaskOutputs.LengthMax + 1;

    private SqlTable(DbDataReader reader, IReadOnlyDictionary<string, string> outputs)
    {
        _columns = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
        _first = new string?[_columns.Length];
        _lists = [.. _columns.Select(column => outputs.Any(o => o.Key.Equals(column, StringComparison.OrdinalIgnoreCase) && IsList(o.Value)) ? new List<string?>() : null)];
    }

    public long Rows { get; private set; }

    /// <summary>Reads all rows, also those that are not kept: a statement that writes and returns rows must not be broken off.</summary>
    /// <param name="shownMax">Rows to be shown.</param>
    /// <param name="listMax">Rows that go into lists.</param>
    public static async Task<SqlTable> ReadAsync(DbDataReader reader, IReadOnlyDictionary<string, string> outputs, int shownMax, int listMax, CancellationToken ct)
    {
        var table = new SqlTable(reader, outputs);
        while (await reader.ReadAsync(ct))
        {
            table.Rows++;
            var isShown = table.Rows <= shownMax;
            for (var column = 0; (isShown || table.Rows <= listMax) && column < table._columns.Length; column++)
            {
                table.Keep(column, SqlCells.Write(reader.GetValue(column)), isShown, listMax);
            }

            ct.ThrowIfCancellationRequested();
        }

        return table;
    }

    /// <summary>The value of an output parameter: the column of its name in the first row, or for a LIST in all rows as a JSON array. Null: there is none.</summary>
    public string? Find(string name, string type)
    {
        var column = Array.FindIndex(_columns, c => c.Equals(name, StringComparison.OrdinalIgnoreCase));
        return column < 0 ? null : IsList(type) ? JsonSerializer.Serialize(_lists[column]!, ListJson.Default.ListString) : Rows == 0 ? null : _first[column] ?? "";
    }

    /// <summary>For people.</summary>
    public string Draw()
    {
        var widths = _columns.Select((column, i) => _shown.Select(row => row[i].Length).Append(column.Length).Max()).ToArray();
        var text = new StringBuilder();
        DrawRow(text, _columns, widths);
        text.Append("|-").AppendJoin("-|-", widths.Select(width => new string('-', width))).AppendLine("-|");
        foreach (var row in _shown)
        {
            DrawRow(text, row, widths);
        }

        return text.Append(Rows > _shown.Count
            ? string.Create(CultureInfo.InvariantCulture, $"({Rows} rows; the first {_shown.Count} are shown: displayRows says how many)")
            : string.Create(CultureInfo.InvariantCulture, $"({Rows} {(Rows == 1 ? "row" : "rows")})")).ToString();
    }

    private void Keep(int column, string? value, bool isShown, int listMax)
    {
        if (Rows == 1)
        {
            _first[column] = value;
        }

        if (isShown)
        {
            if (column == 0)
            {
                _shown.Add(new string[_columns.Length]);
            }

            _shown[^1][column] = Short(value);
        }

        // What is too long is noticed when the outputs are read; more than that is not collected.
        if (_lists[column] is { } list && Rows <= listMax && _left > 0)
        {
            list.Add(value);
            _left -= (value?.Length ?? 4) + 3;
        }
    }

    private static void DrawRow(StringBuilder text, string[] cells, int[] widths) =>
        text.Append("| ").AppendJoin(" | ", cells.Select((cell, i) => cell.PadRight(widths[i]))).AppendLine(" |");

    private static string Short(string? value)
    {
        var text = (value ?? "NULL") is { Length: > CellMax } longer ? longer[..(char.IsHighSurrogate(longer[CellMax - 1]) ? CellMax - 1 : CellMax)] + "…" : value ?? "NULL";
        return text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal);
    }

    private static bool IsList(string type) => type.Equals("LIST", StringComparison.OrdinalIgnoreCase);

    [JsonSerializable(typeof(List<string>))]
    private sealed partial class ListJson : JsonSerializerContext;
}
