using System.Buffers;
using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Porpoise.Api.Operations;
using Porpoise.Storage.Audit;

namespace Porpoise.Api.Identities;

/// <summary>Reading the audit log: page by page, or as a file with a JSON object in each line.</summary>
public sealed class AuditOperations(IAuditStore audit)
{
    /// <summary>Rows in one answer.</summary>
    public const int PageMax = 1_000;

    private const int PageDefault = 100;

    private static readonly string[] Outcomes = Enum.GetNames<AuditOutcome>();

    public IEnumerable<Operation> Table =>
    [
        new("GET", "/porpoise/v1/audit", "porpoise:ListAuditEvents", "The newest rows of the audit log, or those before a row", ListAsync),
        new("GET", "/porpoise/v1/audit/export", "porpoise:QueryAuditEvents", "The audit log as a file: a JSON object in each line, newest first", c => Task.FromResult<Answer>(Export(c))),
    ];

    private async Task<Answer> ListAsync(Call call)
    {
        var limit = Math.Min(call.Parameters.Int("limit", 1) ?? PageDefault, PageMax);
        var rows = await audit.ListAuditAsync(ReadFilter(call.Parameters), call.Parameters.Long("beforeId", 1), limit);
        return Answer.Of(new AuditPage([.. rows.Select(AuditView.Of)], rows.Count == limit ? rows[^1].Id : null), AuditJson.Default.AuditPage);
    }

    /// <summary>Page after page while the caller reads, so that no length of the log takes memory.</summary>
    private Answer.File Export(Call call)
    {
        var filter = ReadFilter(call.Parameters);
        return new Answer.File("audit.ndjson", (response, ct) => WriteAsync(filter, response, ct));
    }

    private async Task WriteAsync(AuditFilter filter, HttpResponse response, CancellationToken ct)
    {
        long? before = null;
        while (true)
        {
            var rows = await audit.ListAuditAsync(filter, before, PageMax);
            foreach (var row in rows)
            {
                AnswerJson.WriteTo(response.BodyWriter, AuditView.Of(row), AuditJson.Default.AuditView);
                response.BodyWriter.Write("\n"u8);
            }

            await response.BodyWriter.FlushAsync(ct);
            if (rows.Count < PageMax)
            {
                return;
            }

            before = rows[^1].Id;
        }
    }

    private static AuditFilter ReadFilter(Parameters parameters) => new(
        parameters.Search("who"),
        parameters.Search("action"),
        parameters.Search("workspace"),
        parameters.Search("address"),
        parameters.Word("outcome", Outcomes) is { } outcome ? Enum.Parse<AuditOutcome>(outcome) : null,
        ReadTime(parameters, "from"),
        ReadTime(parameters, "to"));

    private static DateTimeOffset? ReadTime(Parameters parameters, string name) => parameters.Text(name) switch
    {
        null => null,
        var text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) => time,
        _ => throw Parameters.Invalid(name, "a time such as 2026-11-24T06:00:00Z"),
    };
}

/// <summary>A row of the audit log.</summary>
internal sealed record AuditView(
    long Id, DateTimeOffset At, string RequestId, string Who, string Credential, string Address, string Action, string Target, string Workspace, string Outcome, string Code, string Detail)
{
    public static AuditView Of(AuditRow row) => new(
        row.Id, row.At, row.RequestId, row.Who, row.Credential, row.From, row.Action, row.On, row.Workspace, row.Outcome.ToString(), row.Code, row.Detail);
}

/// <param name="NextBeforeId">The parameter <c>beforeId</c> for the next page; null: this is the last one.</param>
internal sealed record AuditPage(IReadOnlyList<AuditView> Rows, long? NextBeforeId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(AuditView))]
internal sealed partial class AuditJson : JsonSerializerContext;
