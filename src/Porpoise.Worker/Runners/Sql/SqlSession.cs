using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Porpoise.Core.Workflows;

namespace Porpoise.Worker.Runners.Sql;

/// <summary>Runs the scripts of a job in an open database, one statement after the other, and says in the log what came of each.</summary>
internal sealed class SqlSession(SqlDatabase database, Job job, JobLog log)
{
    private const int DisplayRowsDefault = 10;
    private const int ShownMax = 2_000;
    private int _number;

    /// <summary>Runs a script to its end.</summary>
    /// <param name="place">Where the script stands, for people.</param>
    /// <param name="text">As its author wrote it.</param>
    /// <returns>The last table that it gave; null: none.</returns>
    /// <exception cref="JobException">A statement failed; those before it have run.</exception>
    public async Task<SqlTable?> RunAsync(string place, string text, string separator, CancellationToken ct)
    {
        var script = new SqlScript(text, job.Values, separator);
        SqlTable? last = null;
        while (script.Next(await database.DialectAsync(ct)) is { } statement)
        {
            _number++;
            var names = statement.Names.Count == 0 ? "" : $", with the values of {string.Join(", ", statement.Names)}";
            log.Say($"Statement {_number} ({place}, line {statement.Line}{names}):");
            log.Show(statement.Shown.Length <= ShownMax ? statement.Shown : $"{statement.Shown[..ShownMax]}…");
            database.Check(statement);
            last = await RunAsync(statement, ct) ?? last;
        }

        return last;
    }

    private async Task<SqlTable?> RunAsync(SqlStatement statement, CancellationToken ct)
    {
        var since = Stopwatch.GetTimestamp();
        await using var command = database.Command(statement.Text);
        await using var interrupt = ct.Register(() => database.Interrupt(command));
        try
        {
            await using var reader = await command.ExecuteReaderAsync(ct);
            var last = await ReadAsync(reader, ct);
            await reader.CloseAsync();
            var rows = reader.RecordsAffected >= 0 ? string.Create(CultureInfo.InvariantCulture, $", {reader.RecordsAffected} {(reader.RecordsAffected == 1 ? "row" : "rows")} changed") : "";
            log.Say($"Done{rows}, after {Milliseconds(since)} ms");
            return last;
        }
        catch (Exception e) when (ct.IsCancellationRequested && e is DbException or OperationCanceledException)
        {
            log.Say($"Statement {_number} was cancelled in the database, after {Milliseconds(since)} ms.");
            throw new OperationCanceledException("Stopped.", e, ct);
        }
        catch (Exception e) when (e is DbException or InvalidOperationException or InvalidCastException or FormatException or OverflowException)
        {
            throw new JobException(
                $"Statement {_number} failed after {Milliseconds(since)} ms: {(e is DbException failure ? database.Explain(failure) : e.Message)}{(_number > 1 ? " The statements before it have run." : "")}", e);
        }
    }

    private async Task<SqlTable?> ReadAsync(DbDataReader reader, CancellationToken ct)
    {
        SqlTable? last = null;
        do
        {
            if (reader.FieldCount > 0)
            {
                last = await SqlTable.ReadAsync(
                    reader, job.Outputs, job.Number("displayRows", DisplayRowsDefault), job.Number("limit", WorkflowLimits.ListRowsMax), ct);
                log.Show(last.Draw());
            }
        }
        while (await reader.NextResultAsync(ct));
        return last;
    }

    private static string Milliseconds(long since) => Stopwatch.GetElapsedTime(since).TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
}
