using System.CommandLine;
using System.Text.Json;
using Porpoise.Client.Library;
using Porpoise.Commands.Access;
using Porpoise.Commands.Calls;

namespace Porpoise.Commands.Library;

/// <summary><c>porpoise task …</c>: development tasks, which Spark nodes of workflows refer to.</summary>
internal static class TaskCommand
{
    private static readonly Option<string?> File = new("--file", "-f") { Description = "A file with the statements or the program; - for standard input" };
    private static readonly Option<string?> EntryFile = new("--entry-file") { Description = "Where the program is: a path on the worker's machine, or an address that Spark can read" };
    private static readonly Option<string?> MainClass = new("--main-class") { Description = "Of a JAR" };
    private static readonly Option<string[]> Argument = new("--argument") { Description = "One argument of the program; several times for several", DefaultValueFactory = _ => [] };
    private static readonly Option<string[]> Conf = new("--conf") { Description = "A setting of Spark, spark.name=value; several times for several", DefaultValueFactory = _ => [] };
    private static readonly Option<string?> Catalog = new("--catalog") { Description = "The catalog that SQL begins in" };
    private static readonly Option<string?> Database = new("--database") { Description = "The database that SQL begins in" };
    private static readonly Option<string?> Remark = new("--remark") { Description = "What there is to say about this version" };
    private static readonly Option<bool> Publish = new("--publish") { Description = "Production runs take this version from now on" };
    private static readonly Option<int?> Version = new("--version-number") { Description = "A version; else the newest" };
    private static readonly Argument<string> Id = new("id") { Description = "Of the development task: TSK-…" };

    private static readonly Symbol[] Content = [File, EntryFile, MainClass, Argument, Conf, Catalog, Database, IdentityOptions.Description, Remark, Publish];

    private static readonly Column<DevelopmentTask>[] Columns =
        [new("ID", t => t.TaskBizId), new("NAME", t => t.Name), new("TYPE", t => t.Type), new("NEWEST", t => t.Version), new("PUBLISHED", t => t.PublishedVersion), new("CHANGED", t => t.UpdatedAt), new("BY", t => t.UpdatedBy)];

    public static Command Create() => ClientCommand.Group("task", "Development tasks (TSK-…): Spark SQL and programs that nodes of workflows refer to", List(), Show(), New(), Update(), PublishOne(), Delete());

    private static Command List() => ClientCommand.Of("list", "The development tasks of the workspace, those last changed first", [ListOptions.Search, .. ListOptions.Paging], async (call, ct) =>
        call.Output.Show(await call.Client.Library.ListAsync(await call.WorkspaceAsync(ct), call.Get(ListOptions.Search), call.Page, ct), LibraryJson.Default.DevelopmentTasks, Columns));

    private static Command Show() => ClientCommand.Of("show", "A version of a development task", [Id, Version], async (call, ct) =>
        call.Output.Show(await call.Client.Library.GetAsync(await call.WorkspaceAsync(ct), call.Get(Id), call.Get(Version), ct), LibraryJson.Default.DevelopmentTaskDetail, t =>
        {
            call.Output.Fields(
                ("id", t.TaskBizId), ("name", t.Name), ("type", t.Type), ("version", t.Version), ("newest", t.NewestVersion), ("published", t.PublishedVersion), ("description", t.Description),
                ("entry file", t.EntryFile), ("main class", t.MainClass), ("arguments", t.Arguments), ("settings", t.SparkConf.Select(s => $"{s.Key}={s.Value}")),
                ("catalog", t.Catalog), ("database", t.Database), ("remark", t.Remark), ("saved", t.SavedAt), ("by", t.SavedBy));
            if (t.Code.Length > 0)
            {
                call.Output.Text("\n" + t.Code);
            }
        }));

    private static Command New()
    {
        var name = new Argument<string>("name") { Description = "Unique in the workspace" };
        var type = new Option<string>("--type", "-t") { Description = "SQL, JAR or PYTHON", Required = true };
        type.AcceptOnlyFromAmong("SQL", "JAR", "PYTHON");
        return ClientCommand.Of("create", "Create a development task", [name, type, .. Content], async (call, ct) =>
            Show(call, await call.Client.Library.CreateAsync(await call.WorkspaceAsync(ct), call.Get(name), call.Get(type), await ReadAsync(call, ct), SaveOf(call), ct)));
    }

    private static Command Update() => ClientCommand.Of("update", "Save a new version of a development task; what is not named stays", [Id, .. Content], async (call, ct) =>
        Show(call, await call.Client.Library.UpdateAsync(await call.WorkspaceAsync(ct), call.Get(Id), await ReadAsync(call, ct), SaveOf(call), ct)));

    private static Command PublishOne() => ClientCommand.Of("publish", "Make a version the one that production runs take", [Id, Version], async (call, ct) =>
        Show(call, await call.Client.Library.PublishAsync(await call.WorkspaceAsync(ct), call.Get(Id), call.Get(Version), ct)));

    private static Command Delete() => ClientCommand.Of("delete", "Delete a development task that no workflow refers to", [Id], async (call, ct) =>
    {
        await call.Client.Library.DeleteAsync(await call.WorkspaceAsync(ct), call.Get(Id), ct);
        call.Output.Done($"{call.Get(Id)} is deleted.");
    });

    private static void Show(CommandCall call, DevelopmentTask task) => call.Output.Show(task, LibraryJson.Default.DevelopmentTask, t => call.Output.Table([t], Columns));

    private static SaveChoice SaveOf(CommandCall call) => new(call.Get(Remark), call.Get(Publish));

    private static async Task<DevelopmentTaskContent> ReadAsync(CommandCall call, CancellationToken ct) => new(
        call.Get(IdentityOptions.Description),
        call.Get(File) is { } file ? await IdentityOptions.ReadTextAsync(file, ct) : null,
        call.Get(EntryFile),
        call.Get(MainClass),
        call.Get(Argument) is { Length: > 0 } arguments ? JsonSerializer.Serialize(arguments, LibraryJson.Default.Texts) : null,
        call.Get(Conf) is { Length: > 0 } settings ? JsonSerializer.Serialize(SettingsOf(settings), LibraryJson.Default.Settings) : null,
        call.Get(Catalog),
        call.Get(Database));

    private static Dictionary<string, string> SettingsOf(string[] settings)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in settings)
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            all[equals > 0 ? setting[..equals] : throw new UsageException($"--conf takes spark.name=value, not '{setting}'.")] = setting[(equals + 1)..];
        }

        return all;
    }
}
