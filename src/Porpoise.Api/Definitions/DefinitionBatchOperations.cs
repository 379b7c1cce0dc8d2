using System.Globalization;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Core.Workflows;
using Porpoise.Storage;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Workflows;

namespace Porpoise.Api.Definitions;

/// <summary>Copy, move, delete, export and import workflow definitions, one or several at once.</summary>
public sealed class DefinitionBatchOperations(IStore store, DefinitionSurroundings surroundings, CodeMint codes, TimeProvider clock)
{
    private const string Definitions = "/dolphinscheduler/projects/{projectCode}/process-definition";
    private const string Create = "emr-serverless-spark:CreateProcessDefinitionWithSchedule";
    private const string Delete = "emr-serverless-spark:DeleteProcessDefinitionByCode";

    /// <summary>Names that are tried for a copy.</summary>
    private const int NamesMax = 1_000;

    private readonly DefinitionLookup _lookup = new(store);

    public IEnumerable<Operation> Table =>
    [
        new("POST", Definitions + "/batch-copy", Create, "Copy definitions to a workspace", CopyAsync),
        new("POST", Definitions + "/batch-move", "emr-serverless-spark:UpdateProcessDefinitionWithSchedule", "Hand definitions over to another workspace", MoveAsync),
        new("DELETE", Definitions + "/{code}", Delete, "Delete a definition", DeleteAsync),
        new("POST", Definitions + "/batch-delete", Delete, "Delete definitions", DeleteSeveralAsync),
        new("POST", Definitions + "/batch-export", "emr-serverless-spark:GetProcessDefinition", "Definitions as one JSON file", ExportAsync),
        new("POST", Definitions + "/import", Create, "Create the definitions of an exported file", ImportAsync) { TakesFile = true },
    ];

    private async Task<Answer> CopyAsync(Call call)
    {
        var target = TargetOf(call);
        var there = await surroundings.OfAsync(target.Id);
        var copies = new List<long>();
        await ForEachCodeAsync(call, async code =>
        {
            var current = await _lookup.CurrentAsync(call, code);
            CheckFits(current, there);
            copies.Add(await CreateRenamedAsync(call, target, current.Version.Definition with { Name = current.Workflow.Name }, "copy", new ScheduleChange(current.Workflow.Schedule)));
        });
        return Answer.Of([.. copies], DefinitionJson.Default.Int64Array);
    }

    private async Task<Answer> MoveAsync(Call call)
    {
        var target = TargetOf(call);
        if (target.Id == call.Workspace.Id)
        {
            throw Parameters.Invalid("targetProjectCode", "another workspace than the one in the path");
        }

        var there = await surroundings.OfAsync(target.Id);
        await ForEachCodeAsync(call, async code =>
        {
            CheckFits(await _lookup.CurrentAsync(call, code), there);
            Check(await store.MoveWorkflowAsync(call.Workspace.Id, code, target.Id, call.Principal.UserName, clock.GetUtcNow(), nonce: null), code);
        });
        return Answer.Nothing;
    }

    private async Task<Answer> DeleteAsync(Call call)
    {
        var code = DefinitionLookup.CodeOf(call);
        Check(await store.DeleteWorkflowAsync(call.Workspace.Id, code, call.Nonce), code);
        return Answer.Nothing;
    }

    private async Task<Answer> DeleteSeveralAsync(Call call)
    {
        await ForEachCodeAsync(call, async code => Check(await store.DeleteWorkflowAsync(call.Workspace.Id, code, nonce: null), code));
        return Answer.Nothing;
    }

    private async Task<Answer> ExportAsync(Call call)
    {
        var exported = (await _lookup.CurrentsAsync(call, CodeList.Read(call.Parameters, "codes"))).Select(c =>
        {
            var dag = DolphinDag.Of(c.Workflow, call.Workspace, c.Version);
            return new ExportedWorkflow(dag.ProcessDefinition, dag.ProcessTaskRelationList, dag.TaskDefinitionList, dag.ProcessDefinition.Schedule);
        }).ToList();
        return new Answer.File(
            $"workflow_{Stamp(clock.GetUtcNow())}.json",
            async (response, ct) =>
            {
                AnswerJson.WriteTo<IReadOnlyList<ExportedWorkflow>>(response.BodyWriter, exported, DefinitionJson.Default.IReadOnlyListExportedWorkflow);
                await response.BodyWriter.FlushAsync(ct);
            });
    }

    /// <summary>Nothing is created unless all of the file is sound. A name that is taken gets a suffix.</summary>
    private async Task<Answer> ImportAsync(Call call)
    {
        var here = await surroundings.OfAsync(call.Workspace.Id);
        var parsed = DefinitionFile.Read(call.Parameters.RequiredText("file")).Select((p, i) => Parse(p, i, here)).ToList();
        var created = new List<long>();
        await Batch.ForEachAsync(call, store, parsed, p => $"'{p.Definition.Name}'", async p =>
        {
            created.Add(await CreateAsync(call, call.Workspace, p.Definition, p.Schedule) ?? await CreateRenamedAsync(call, call.Workspace, p.Definition, "import", p.Schedule));
        });
        return Answer.Of([.. created], DefinitionJson.Default.Int64Array);
    }

    /// <summary>Places in a definition say nothing as long as it is not known which of the file it is.</summary>
    private static ParsedDefinition Parse(Parameters definition, int index, WorkflowSurroundings surroundings)
    {
        try
        {
            return new DefinitionParser(isCloud: false, surroundings).Parse(definition);
        }
        catch (RefusalException e)
        {
            throw new RefusalException(e.Refusal with { Message = string.Create(CultureInfo.InvariantCulture, $"Definition {index + 1} '{definition.Text("name")}': {e.Refusal.Message}") });
        }
    }

    private Task ForEachCodeAsync(Call call, Func<WorkflowCode, Task> doAsync) =>
        Batch.ForEachAsync(call, store, CodeList.Read(call.Parameters, "codes"), code => code.ToString(), doAsync);

    /// <summary>Under a name with a suffix. What others do in the same millisecond wants the same name, and gets the next one.</summary>
    private async Task<long> CreateRenamedAsync(Call call, WorkspaceRow workspace, WorkflowDefinition definition, string why, ScheduleChange? schedule)
    {
        var now = clock.GetUtcNow();
        for (var i = 0; i < NamesMax; i++)
        {
            if (await CreateAsync(call, workspace, definition with { Name = NewName(definition.Name, why, now.AddMilliseconds(i)) }, schedule) is { } code)
            {
                return code;
            }
        }

        throw DefinitionOperations.NameIsTaken(NewName(definition.Name, why, now));
    }

    /// <summary>Null: the name is taken.</summary>
    private async Task<long?> CreateAsync(Call call, WorkspaceRow workspace, WorkflowDefinition definition, ScheduleChange? schedule)
    {
        var code = new WorkflowCode((await codes.TakeAsync(1))[0]);
        var result = await store.CreateWorkflowAsync(workspace.Id, code, definition, publish: false, call.Principal.UserName, clock.GetUtcNow(), nonce: null, schedule);
        return result is SaveWorkflowResult.NameTaken ? null : DefinitionOperations.Saved(result, code, definition.Name).Workflow.Code.Value;
    }

    /// <summary>A definition may name queues and data sources; the other workspace must have them.</summary>
    private static void CheckFits(CurrentVersion current, WorkflowSurroundings target)
    {
        var findings = new Findings();
        foreach (var offence in WorkflowValidation.Check(current.Version.Definition, target))
        {
            findings.Add(offence);
        }

        findings.Throw();
    }

    private static void Check(ChangeWorkflowResult result, WorkflowCode code)
    {
        if (result != ChangeWorkflowResult.Changed)
        {
            throw VersionOperations.Refused(result, code, $"Workflow {code}");
        }
    }

    private static WorkspaceRow TargetOf(Call call)
    {
        var name = call.Parameters.RequiredText("targetProjectCode");
        return call.Workspaces.Find(name) ?? throw new RefusalException(ErrorCodes.WorkspaceNotFound, $"There is no workspace '{name}'.");
    }

    /// <summary>As DolphinScheduler does it. A long name is cut to make room, but not within a character.</summary>
    private static string NewName(string name, string why, DateTimeOffset at)
    {
        var suffix = $"_{why}_{Stamp(at)}";
        var length = Math.Min(name.Length, WorkflowLimits.NameLengthMax - suffix.Length);
        return name[..(char.IsHighSurrogate(name[length - 1]) ? length - 1 : length)] + suffix;
    }

    private static string Stamp(DateTimeOffset at) => at.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture);
}
