using Porpoise.Core.Environments;
using Porpoise.Core.Parameters;
using Porpoise.Core.Schedules;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Workflows;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Workflows;

public abstract class WorkflowsTests(IStoreFixture fixture) : StoreTests(fixture)
{
    private static readonly WorkflowCode Other = new(8_800_000_000_002);

    /// <summary>Definitions that are unusual, and sound.</summary>
    public static TheoryData<string> UnusualNames => [.. Unusual.Keys];

    private static Dictionary<string, WorkflowDefinition> Unusual { get; } = new()
    {
        ["ordinary"] = Definition("flow", 6),
        ["one node, no edges, empty texts"] = Definition("flow", 1) with { Description = "", Locations = "", Edges = [] },
        ["quotes, controls and every plane"] = Definition("a'b\"c\\d\u0001\n – 每天 🐬"),
        ["the same edge twice"] = Definition("flow") with { Edges = [new Edge(new TaskCode(100), new TaskCode(101)), new Edge(new TaskCode(100), new TaskCode(101))] },
        ["the largest numbers"] = Definition("flow", 1) with { Tasks = [Node with { Code = new TaskCode((1L << 53) - 1), RetryMax = 1000, RetryInterval = TimeSpan.FromDays(30) }] },
        ["a wait with a fraction of a second"] = Definition("flow", 1) with { Tasks = [Node with { RetryMax = 1, RetryInterval = TimeSpan.FromMilliseconds(1500) }] },
        ["everything that a node and a workflow may say"] = Definition("flow", 1) with
        {
            GlobalParams = [new Parameter("day", ParameterDirection.In, "VARCHAR", "$[yyyyMMdd]"), new Parameter("out", ParameterDirection.Out, "DATE", "")],
            TimeLimit = new TimeLimit(TimeSpan.FromMinutes(90), TimeLimitAction.WarnAndFail),
            ParallelismMax = 3,
            Queue = "root_queue",
            AlertEmail = "a@b.example",
            RunAs = "1234",
            RegionId = "cn-hangzhou",
            Tags = [new Tag("k", "v"), new Tag("team", "每天")],
            Tasks =
            [
                Node with
                {
                    LocalParams = [new Parameter("x", ParameterDirection.In, "INTEGER", "${day}")],
                    TimeLimit = new TimeLimit(TimeSpan.FromSeconds(30), TimeLimitAction.Fail),
                    Queue = "dev_queue",
                    Environment = new EnvironmentCode(77),
                    AlertEmail = "c@d.example",
                    AlertOnStart = true,
                    AlertOnFailure = true,
                    Tags = [new Tag("", "")],
                },
            ],
        },
        ["many nodes"] = Definition("flow", 2000),
    };

    private static TaskDefinition Node => Definition("flow", 1).Tasks[0];

    [Fact]
    public async Task A_new_definition_is_version_1()
    {
        await AddWorkspaceAsync();
        var saved = await CreateAsync(Workflow, Definition("flow"));
        Assert.Equal(new WorkflowRow(saved.Workflow.Id, Workflow, Workspace, "flow", 1, null, At, At, "ann") { Description = Definition("flow").Description }, saved.Workflow);
        Assert.Equal(VersionHash.Of(Definition("flow")), saved.Hash);
        Assert.Equal(saved.Workflow, await Store.FindWorkflowAsync(Workspace, Workflow));
        Assert.True(saved.Workflow.Id > 0);
    }

    [Theory]
    [MemberData(nameof(UnusualNames))]
    public async Task What_validation_accepts_comes_back_as_it_was(string name)
    {
        var definition = Unusual[name];
        if (WorkflowValidation.Check(definition).Count > 0)
        {
            return; // refused is as good as kept
        }

        await AddWorkspaceAsync();
        var saved = await CreateAsync(Workflow, definition);
        var version = (await Store.FindVersionAsync(Workflow, 1))!;
        Assert.Equal((Workflow, 1, saved.Hash, At, "ann"), (version.Code, version.Version, version.Hash, version.CreatedAt, version.CreatedBy));
        Assert.Equal(WorkflowDocument.Write(definition), WorkflowDocument.Write(version.Definition)); // the text has every member; the records hold lists, which compare by reference
        Assert.Equal(saved.Hash, VersionHash.Of(version.Definition));
    }

    [Fact]
    public async Task A_change_is_a_new_version_and_leaves_the_old_one_as_it_was()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Workflow, Definition("flow"));
        var before = await Store.FindVersionAsync(Workflow, 1);
        var saved = await UpdateAsync(Workflow, Definition("renamed", 3));
        Assert.Equal(
            new WorkflowRow(saved.Workflow.Id, Workflow, Workspace, "renamed", 2, null, At, At.AddMinutes(1), "bob") { Description = Definition("flow").Description, CreatedBy = "ann" },
            saved.Workflow);
        var after = await Store.FindVersionAsync(Workflow, 1);
        Assert.Equal((before!.Hash, before.CreatedAt, before.CreatedBy), (after!.Hash, after.CreatedAt, after.CreatedBy));
        Assert.Equal(2, after.Definition.Tasks.Count);
        Assert.Equal(3, (await Store.FindVersionAsync(Workflow, 2))!.Definition.Tasks.Count);
        Assert.Null(await Store.FindVersionAsync(Workflow, 3));
    }

    [Fact]
    public async Task The_same_content_is_no_new_version()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Workflow, Definition("flow"));
        Assert.Equal(1, (await UpdateAsync(Workflow, Definition("flow"))).Workflow.Version);
        Assert.Null(await Store.FindVersionAsync(Workflow, 2));
    }

    [Fact]
    public async Task Nodes_that_were_only_moved_are_kept_under_the_same_hash()
    {
        await AddWorkspaceAsync();
        var created = await CreateAsync(Workflow, Definition("flow"));
        var saved = await UpdateAsync(Workflow, Definition("flow") with { Locations = "[]" });
        Assert.Equal(created.Hash, saved.Hash);
        Assert.Equal("[]", (await Store.FindVersionAsync(Workflow, saved.Workflow.Version))!.Definition.Locations);
        Assert.Equal(saved.Workflow.Version, await Store.FindVersionByHashAsync(Workflow, created.Hash));
    }

    [Fact]
    public async Task Going_back_to_older_content_is_a_new_version_and_the_hash_finds_the_newest()
    {
        await AddWorkspaceAsync();
        var first = await CreateAsync(Workflow, Definition("flow", 1));
        var second = await UpdateAsync(Workflow, Definition("flow", 2));
        Assert.Equal(1, await Store.FindVersionByHashAsync(Workflow, first.Hash));
        Assert.Equal(3, (await UpdateAsync(Workflow, Definition("flow", 1))).Workflow.Version);
        Assert.Equal(3, await Store.FindVersionByHashAsync(Workflow, first.Hash));
        Assert.Equal(2, await Store.FindVersionByHashAsync(Workflow, second.Hash));
        Assert.Null(await Store.FindVersionByHashAsync(Workflow, "0000"));
        Assert.Null(await Store.FindVersionByHashAsync(Other, first.Hash));
    }

    [Fact]
    public async Task A_name_is_taken_once_in_a_workspace()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Workflow, Definition("flow"));
        Assert.IsType<SaveWorkflowResult.NameTaken>(await Store.CreateWorkflowAsync(Workspace, Other, Definition("flow", 3), false, "ann", At, Nonce("n")));
        Assert.Null(await Store.FindWorkflowAsync(Workspace, Other));
        Assert.Null(await Store.FindVersionAsync(Other, 1));
        Assert.Empty(await Store.ListNoncesAsync(At, 10));

        await CreateAsync(Other, Definition("Flow"));
        Assert.IsType<SaveWorkflowResult.NameTaken>(await Store.UpdateWorkflowAsync(Workspace, Other, Definition("flow"), null, "ann", At, null));
        Assert.Equal(("Flow", 1), ((await Store.FindWorkflowAsync(Workspace, Other))!.Name, (await Store.FindWorkflowAsync(Workspace, Other))!.Version));
    }

    [Fact]
    public async Task A_name_that_was_given_up_is_free_again()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Workflow, Definition("flow"));
        await UpdateAsync(Workflow, Definition("renamed"));
        await CreateAsync(Other, Definition("flow"));
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_changed()
    {
        await AddWorkspaceAsync();
        Assert.IsType<SaveWorkflowResult.NotFound>(await Store.UpdateWorkflowAsync(Workspace, Workflow, Definition("flow"), null, "ann", At, null));
        Assert.Equal(ReleaseWorkflowResult.NotFound, await ReleaseAsync(true));
        Assert.Null(await Store.FindWorkflowAsync(Workspace, Workflow));
    }

    [Fact]
    public async Task Another_workspace_sees_nothing_and_changes_nothing()
    {
        await AddWorkspaceAsync();
        var saved = await CreateAsync(Workflow, Definition("flow"));
        Assert.Null(await Store.FindWorkflowAsync(OtherWorkspace, Workflow));
        Assert.IsType<SaveWorkflowResult.NotFound>(await Store.UpdateWorkflowAsync(OtherWorkspace, Workflow, Definition("x"), null, "eve", At, null));
        Assert.Equal(ReleaseWorkflowResult.NotFound, await Store.ReleaseWorkflowAsync(OtherWorkspace, Workflow, true, At, null));
        Assert.Equal(saved.Workflow, await Store.FindWorkflowAsync(Workspace, Workflow));
    }

    [Fact]
    public async Task What_was_made_from_another_version_is_not_saved()
    {
        await AddWorkspaceAsync();
        var first = (await CreateAsync(Workflow, Definition("flow"))).Workflow;
        var second = (await UpdateAsync(Workflow, Definition("flow", 3))).Workflow;
        Assert.IsType<SaveWorkflowResult.Overtaken>(await TryAsync(first));
        await ReleaseAsync(true);
        Assert.IsType<SaveWorkflowResult.Overtaken>(await TryAsync(second));
        Assert.Equal((2, 2, At.AddHours(1)), await VersionsAsync());
        Assert.Empty(await Store.ListNoncesAsync(At, 10));

        Assert.Equal(3, Assert.IsType<SaveWorkflowResult.Saved>(await TryAsync((await Store.FindWorkflowAsync(Workspace, Workflow))!)).Workflow.Version);

        Task<SaveWorkflowResult> TryAsync(WorkflowRow basis) => Store.UpdateWorkflowAsync(Workspace, Workflow, Definition("flow", 4), null, "ann", At, Nonce("n"), basis: basis);
    }

    [Fact]
    public async Task A_release_publishes_the_newest_version_or_none()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Workflow, Definition("flow"));
        await UpdateAsync(Workflow, Definition("flow", 3));
        Assert.Equal(ReleaseWorkflowResult.Released, await ReleaseAsync(true));
        Assert.Equal((2, 2, At.AddHours(1)), await VersionsAsync());
        await UpdateAsync(Workflow, Definition("flow", 4));
        Assert.Equal((3, 2, At.AddMinutes(1)), await VersionsAsync());
        Assert.Equal(ReleaseWorkflowResult.Released, await ReleaseAsync(false));
        Assert.Equal((3, null, At.AddHours(1)), await VersionsAsync());
    }

    [Fact]
    public async Task A_nonce_makes_one_release()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Workflow, Definition("flow"));
        Assert.Equal(ReleaseWorkflowResult.Released, await ReleaseAsync(true, Nonce("n")));
        Assert.Equal(ReleaseWorkflowResult.NonceUsed, await ReleaseAsync(false, Nonce("n")));
        Assert.Equal((1, 1, At.AddHours(1)), await VersionsAsync());
    }

    [Fact]
    public async Task A_version_can_be_published_as_it_is_saved()
    {
        await AddWorkspaceAsync();
        Assert.Equal(1, (await CreateAsync(Workflow, Definition("flow"), publish: true)).Workflow.PublishedVersion);
        Assert.Equal(1, (await UpdateAsync(Workflow, Definition("flow", 3), published: null)).Workflow.PublishedVersion);
        Assert.Equal(3, (await UpdateAsync(Workflow, Definition("flow", 4), published: true)).Workflow.PublishedVersion);
        Assert.Null((await UpdateAsync(Workflow, Definition("flow", 5), published: false)).Workflow.PublishedVersion);
    }

    [Fact]
    public async Task A_nonce_saves_one_definition()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Workflow, Definition("flow"), nonce: Nonce("n"));
        Assert.IsType<SaveWorkflowResult.NonceUsed>(await Store.CreateWorkflowAsync(Workspace, Other, Definition("other"), false, "ann", At, Nonce("n")));
        Assert.Null(await Store.FindWorkflowAsync(Workspace, Other));
        Assert.IsType<SaveWorkflowResult.NonceUsed>(await Store.UpdateWorkflowAsync(Workspace, Workflow, Definition("flow", 3), null, "ann", At, Nonce("n")));
        Assert.Equal(1, (await Store.FindWorkflowAsync(Workspace, Workflow))!.Version);
    }

    [Fact]
    public async Task A_schedule_is_kept_changed_and_removed_and_left_alone()
    {
        await AddWorkspaceAsync();
        var daily = new Schedule("0 30 2 * * ?", "Asia/Shanghai", At, At.AddYears(1));
        var hourly = new Schedule("0 0 * * * ?", "UTC", null, null);
        Assert.Equal(daily, (await SaveAsync(create: true, new ScheduleChange(daily))).Schedule);
        Assert.Equal(daily, (await SaveAsync(create: false, null)).Schedule);
        Assert.Equal(hourly, (await SaveAsync(create: false, new ScheduleChange(hourly))).Schedule);
        Assert.Equal(hourly, (await Store.FindWorkflowAsync(Workspace, Workflow))!.Schedule);
        Assert.Null((await SaveAsync(create: false, new ScheduleChange(null))).Schedule);

        async Task<WorkflowRow> SaveAsync(bool create, ScheduleChange? schedule) => Assert.IsType<SaveWorkflowResult.Saved>(
            create
                ? await Store.CreateWorkflowAsync(Workspace, Workflow, Definition("flow"), false, "ann", At, null, schedule)
                : await Store.UpdateWorkflowAsync(Workspace, Workflow, Definition("flow"), null, "ann", At, null, schedule)).Workflow;
    }

    [Fact]
    public async Task Definitions_created_at_once_have_different_numbers()
    {
        await AddWorkspaceAsync();
        var saved = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => CreateAsync(new WorkflowCode(100 + i), Definition($"flow {i}"))));
        Assert.Equal(50, saved.Select(s => s.Workflow.Id).Distinct().Count());
    }

    [Fact]
    public async Task Reserved_codes_stay_reserved_whatever_is_asked_later()
    {
        Assert.True(await Store.ReserveCodesAsync(1000) <= 1000);
        Assert.Equal(1000, await Store.ReserveCodesAsync(2000));
        Assert.Equal(2000, await Store.ReserveCodesAsync(500));
        await CrashAndReopenAsync();
        Assert.Equal(2000, await Store.ReserveCodesAsync(2001));
        Assert.Equal(2001, await Store.ReserveCodesAsync(0));
    }

    private Task<ReleaseWorkflowResult> ReleaseAsync(bool online, NonceRow? nonce = null) => Store.ReleaseWorkflowAsync(Workspace, Workflow, online, At.AddHours(1), nonce);

    private async Task<(int Version, int? Published, DateTimeOffset UpdatedAt)> VersionsAsync() =>
        (await Store.FindWorkflowAsync(Workspace, Workflow)) is { } row ? (row.Version, row.PublishedVersion, row.UpdatedAt) : default;
}
