using System.CommandLine;
using Porpoise.Api.Errors;
using Porpoise.Client;
using Porpoise.Client.Workflows;
using Porpoise.Commands.Calls;

namespace Porpoise.Commands.Workflows;

/// <summary><c>porpoise workflow …</c>: what workflows there are, and what becomes of them one by one. Files of them are <see cref="WorkflowFileCommands"/>.</summary>
internal static class WorkflowCommand
{
    public static Command Create() => ClientCommand.Group(
        "workflow", "Workflows: as files and on the server",
        WorkflowFileCommands.Apply(), WorkflowFileCommands.Diff(), WorkflowFileCommands.Validate(), WorkflowFileCommands.Export(), List(), Show(), Release("publish", isOnline: true), Release("unpublish", isOnline: false), Delete());

    private static Command List() => ClientCommand.Of("list", "The workflows of the workspace, those last changed first", [ListOptions.Search, .. ListOptions.Paging], async (call, ct) =>
        call.Output.Show(
            await call.Client.Workflows.ListAsync(await call.WorkspaceAsync(ct), call.Get(ListOptions.Search), call.Page, ct), WorkflowJson.Default.WorkflowPage,
            new("NAME", w => w.Name), new("CODE", w => w.Code), new("VERSION", w => w.Version), new("PUBLISHED", w => w.PublishedVersion), new("STATE", w => w.ReleaseState), new("DESCRIPTION", w => FirstLine(w.Description))));

    private static Command Show()
    {
        var name = Name();
        return ClientCommand.Of("show", "One workflow, as YAML", [name], async (call, ct) =>
        {
            var workflow = await call.Client.Workflows.ExportAsync(await call.WorkspaceAsync(ct), call.Get(name), ct);
            call.Output.Show(workflow, WorkflowJson.Default.WorkflowYaml, w =>
            {
                call.Output.Note(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"code {w.Code}, version {w.Version} ({w.VersionHashCode})"));
                call.Output.Text(w.Yaml.TrimEnd('\n'));
            });
        });
    }

    private static Command Release(string verb, bool isOnline)
    {
        var name = Name();
        var description = isOnline ? "Publish the current version: production runs take it" : "Publish no version any more: there are no production runs";
        return ClientCommand.Of(verb, description, [name], async (call, ct) =>
        {
            var workspace = await call.WorkspaceAsync(ct);
            await call.Client.Workflows.ReleaseAsync(workspace, await call.Client.Workflows.FindCodeAsync(workspace, call.Get(name), ct), isOnline, ct);
            call.Output.Done($"'{call.Get(name)}' is {(isOnline ? "published" : "not published any more")}.");
        });
    }

    private static Command Delete()
    {
        var name = Name();
        return ClientCommand.Of("delete", "Delete a workflow that is not published and has no run under way", [name], async (call, ct) =>
        {
            var workspace = await call.WorkspaceAsync(ct);
            try
            {
                await call.Client.Workflows.DeleteAsync(workspace, await call.Client.Workflows.FindCodeAsync(workspace, call.Get(name), ct), ct);
            }
            catch (PorpoiseException e) when (e.IsFor(ErrorCodes.DefinitionOnline))
            {
                throw e.Saying($"The workflow '{call.Get(name)}' is published: porpoise workflow unpublish '{call.Get(name)}' first.");
            }

            call.Output.Done($"'{call.Get(name)}' is deleted.");
        });
    }

    private static Argument<string> Name() => new("name") { Description = "Of the workflow; or its code" };

    private static string? FirstLine(string? text) => text?.Split('\n')[0];
}
