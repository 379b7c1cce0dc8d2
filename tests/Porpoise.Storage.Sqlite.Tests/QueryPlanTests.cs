using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Audit;
using Porpoise.Storage.Conformance;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Paging;
using Porpoise.Storage.Runs;
using Porpoise.Storage.Sqlite.Identities;

namespace Porpoise.Storage.Sqlite.Tests;

/// <summary>
/// How SQLite goes about the lists. The rows are few here; what counts is that no statement would walk through all of a table, or of a workspace, when they
/// are many: left to itself the planner prefers an index that begins with the workspace to the few ids that are wanted.
/// </summary>
public sealed partial class QueryPlanTests : IDisposable
{
    private static readonly PageRequest Page = new(1, 2);
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_list_walks_through_what_its_filter_passes_over()
    {
        await FillAsync();
        using var session = new Session(Open());
        foreach (var filter in RunFilters())
        {
            RunListSql.List(session, Samples.Workspace, filter, Page);
        }

        foreach (var filter in TaskFilters())
        {
            TaskListSql.List(session, Samples.Workspace, filter, Page);
        }

        RunListSql.Count(session, Samples.Workspace, Samples.At, Samples.At);
        TaskListSql.Count(session, Samples.Workspace, Samples.At, Samples.At);
        TaskListSql.ListAttempts(session, new TaskId(1));
        WorkflowListSql.List(session, Samples.Workspace, "flow", Page);
        WorkflowListSql.ListVersions(session, Samples.Workflow, null, Page);
        WorkflowListSql.ListVersions(session, Samples.Workflow, new TaskCode(100), Page);
        WorkflowListSql.Count(session, Samples.Workspace, null);
        CounterSql.CountPinned(session, Samples.Workflow, 1);
        CounterSql.IsUnderWay(session, Samples.Workflow);

        PeopleSql.List(session, IdentityKind.User, "a", Page);
        PolicySql.List(session, "a", Page);
        CredentialSql.ListAccessKeysAfter(session, "", 10);
        AuditSql.Look(session, new AuditFilter("a", "b", "c", "d", AuditOutcome.Denied, Samples.At, Samples.At), long.MaxValue, 10);

        var texts = session.Texts.Where(text => text.Contains("select", StringComparison.Ordinal)).ToList();
        Assert.True(texts.Count > 31, $"Only {texts.Count} statements were looked at.");
        Assert.Empty(texts.SelectMany(text => PlanOf(text).Where(step => TooMuch().IsMatch(step)).Select(step => $"{step} in {text}")));
    }

    private static IEnumerable<RunFilter> RunFilters() =>
        from workflow in new WorkflowCode?[] { null, Samples.Workflow }
        from search in new[] { null, "flow", "-3" }
        from startedBy in new[] { null, "root" }
        from states in new RunState[]?[] { null, [RunState.Failed, RunState.Succeeded], [RunState.Running], [RunState.Running, RunState.Failed] }
        from at in new DateTimeOffset?[] { null, Samples.At }
        select new RunFilter { Workflow = workflow, Search = search, StartedBy = startedBy, States = states, From = at, To = at };

    private static IEnumerable<TaskFilter> TaskFilters() =>
        from run in new RunId?[] { null, new RunId(1) }
        from search in new[] { null, "node" }
        from runSearch in new[] { null, "flow", "-3" }
        from at in new DateTimeOffset?[] { null, Samples.At }
        select new TaskFilter { Run = run, Search = search, RunSearch = runSearch, States = [TaskState.Queued], From = at };

    /// <summary>A walk through a whole table, through all of a workspace, or a sort of all that fits.</summary>
    [GeneratedRegex(@"^SCAN (run|task|r|t|workflow|workflow_version|workflow_task|attempt|run_block|task_block|version_count|audit|identity|policy_attachment|access_key)\b|^SEARCH (run|r) USING .*\(workspace_id=\?\)|TEMP B-TREE FOR ORDER BY")]
    private static partial Regex TooMuch();

    private async Task FillAsync()
    {
        await using var store = TestStores.Open(_folder.Database);
        await store.CreateRootAsync(Samples.Root, Samples.Key, Samples.Token, Samples.HomeRow);
        await store.CreateWorkflowAsync(Samples.Workspace, Samples.Workflow, Samples.Definition("flow"), false, "ann", Samples.At, null);
        await store.CreateWorkflowAsync(Samples.Workspace, new WorkflowCode(5), Samples.Definition("flow 2"), false, "ann", Samples.At, null);
        await store.CreateIdentityAsync(Samples.User("ann"), null);
        await store.AppendAuditAsync([new AuditRow(0, Samples.At.AddHours(-1), "", "", "", "", "", "", "", AuditOutcome.Denied, "", "")]);
        await store.AppendAuditAsync([new AuditRow(0, Samples.At, "", "", "", "", "", "", "", AuditOutcome.Denied, "", "")]);
        for (var i = -2; i < 3; i++)
        {
            await store.StartRunAsync(Samples.NewRun(at: Samples.At.AddMinutes(i), changes: [new TaskChange.Submitted(0, Samples.At.AddMinutes(i))]));
        }
    }

#pragma warning disable CA2100 // the texts are the store's own
    private List<string> PlanOf(string text)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = "explain query plan " + text;
        foreach (var parameter in Enumerable.Range(1, 64))
        {
            command.Parameters.AddWithValue("?" + parameter.ToString(System.Globalization.CultureInfo.InvariantCulture), 1);
        }

        var steps = new List<string>();
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            steps.Add(row.GetString(3));
        }

        return steps;
    }
#pragma warning restore CA2100

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={_folder.Database};Pooling=False");
        connection.Open();
        return connection;
    }
}
