using System.CommandLine;
using Porpoise.Client.Audit;
using Porpoise.Commands.Calls;

namespace Porpoise.Commands.Access;

/// <summary><c>porpoise audit …</c>: who did what, and who was not let.</summary>
internal static class AuditCommand
{
    private const int LimitDefault = 50;
    private const int LimitMax = 1_000;

    private static readonly Option<string?> Who = new("--who") { Description = "Who called, by name" };
    private static readonly Option<string?> Action = new("--action", "-a") { Description = "What was done; with wildcards, as in 'ram:*'" };
    private static readonly Option<string?> Address = new("--address") { Description = "Where the call came from" };
    private static readonly Option<string?> Outcome = new("--outcome") { Description = "Done, Refused, Denied, NotAuthenticated or Failed" };
    private static readonly Option<DateTimeOffset?> From = new("--from") { Description = "Not before this time, such as 2026-11-24T06:00:00Z" };
    private static readonly Option<DateTimeOffset?> To = new("--to") { Description = "Not after this time" };

    static AuditCommand() => Outcome.AcceptOnlyFromAmong("Done", "Refused", "Denied", "NotAuthenticated", "Failed");

    public static Command Create() => ClientCommand.Group("audit", "The audit log: who did what, and who was not let", List(), Export());

    private static Option[] Filters => [Who, Action, Address, Outcome, From, To];

    private static Command List()
    {
        var limit = ListOptions.Number("--limit", "Rows at most", LimitDefault, LimitMax);
        var before = new Option<long?>("--before") { Description = "Only rows before the one with this id" };
        return ClientCommand.Of("list", "The newest rows", [.. Filters, limit, before], async (call, ct) =>
            call.Output.Show(await call.Client.Audit.ListAsync(Filter(call), call.Get(limit), call.Get(before), ct), AuditJson.Default.AuditPage, page =>
            {
                call.Output.Table(
                    page.Rows, new("ID", r => r.Id), new("AT", r => r.At), new("WHO", r => r.Who), new("FROM", r => r.Address), new("ACTION", r => r.Action), new("ON", r => r.Target),
                    new("WORKSPACE", r => r.Workspace), new("OUTCOME", r => r.Outcome), new("CODE", r => r.Code));
                if (page.NextBeforeId is { } next)
                {
                    call.Output.Note($"--before {next} shows more.");
                }
            }));
    }

    private static Command Export()
    {
        var file = new Option<string?>("--output", "-o") { Description = "A file that does not exist yet; else standard output" };
        return ClientCommand.Of("export", "All rows, newest first: a JSON object in each line", [.. Filters, file], async (call, ct) =>
        {
            Readers.EndWhenGone(Readers.Output);
            await using var rows = await call.Client.Audit.ExportAsync(Filter(call), ct);
            await using var to = call.Get(file) is { } path ? new FileStream(path, FileMode.CreateNew) : Console.OpenStandardOutput();
            await rows.CopyToAsync(to, ct);
        });
    }

    /// <summary>Only a workspace that was asked about counts, and not one that a profile names for other calls.</summary>
    private static AuditFilter Filter(CommandCall call) => new(
        call.Get(Who), call.Get(Action), call.Get(Connections.ConnectionOptions.Workspace), call.Get(Address), call.Get(Outcome), call.Get(From), call.Get(To));
}
