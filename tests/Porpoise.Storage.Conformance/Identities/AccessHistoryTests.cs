using System.Globalization;
using Porpoise.Core.Policies;
using Porpoise.Storage.Identities;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Identities;

public abstract class AccessHistoryTests(IStoreFixture fixture) : AccessTests(fixture)
{
    private const int Steps = 600;

    private static readonly string[] Ids = ["u-a", "u-b", "u-c", "g-a", "g-b", "r-a", "r-b"];
    private static readonly string[] Policies = ["p", "P", "q"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_happens_the_store_answers_what_plain_lists_would(int seed)
    {
        await AddWorkspacesAsync();
        var random = new Random(seed);
        var model = new AccessModel();
        var (refused, inherited) = (0, 0);
        for (var step = 0; step < Steps; step++)
        {
            var (what, expected, answered) = await StepAsync(random, model);
            Assert.True(expected == answered, $"Step {step}, {what}: {answered} instead of {expected}");
            refused += expected.StartsWith("Changed", StringComparison.Ordinal) ? 0 : 1;
            if (step == Steps / 2)
            {
                await CrashAndReopenAsync();
            }

            foreach (var id in Ids)
            {
                var principal = model.Describe(id);
                Assert.True(principal == AccessModel.Describe(await Access.ReadPrincipalAsync(id)), $"Step {step}, {what}: {id} differs");
                inherited += principal.Contains("group/", StringComparison.Ordinal) ? 1 : 0;
            }
        }

        Assert.InRange(refused, Steps / 10, Steps * 7 / 10); // otherwise the history reaches too little
        Assert.True(inherited > Steps / 10, $"Only {inherited} principals had policies of groups.");
    }

    private async Task<(string What, string Expected, string Answered)> StepAsync(Random random, AccessModel model)
    {
        T Pick<T>(T[] of) => of[random.Next(of.Length)];
        var (id, policy, isOn, isSystem) = (Pick(Ids), Pick(Policies), random.Next(4) > 0, random.Next(4) == 0);
        var (group, user, workspace) = (Pick(["g-a", "g-b", "r-a"]), Pick(["u-a", "u-b", "u-c"]), random.Next(2) == 0 ? Workspace : OtherWorkspace);
        var (version, document) = (random.Next(1, 8), random.Next(1_000).ToString(CultureInfo.InvariantCulture));
        switch (random.Next(24))
        {
            case < 5:
                var made = Make(id, model.NameOf(id) ?? id[2..]); // ids are made up and never meet, so only a name can be taken
                return Same("create " + id, model.Create(made), await Access.CreateIdentityAsync(made, null));
            case 5:
                var renamed = Make(id, Pick(["a", "B", "x"]));
                return Same("rename " + id, model.Rename(renamed), await Access.UpdateIdentityAsync(renamed, null));
            case 6:
                return Same("delete " + id, model.Delete(id), await Access.DeleteIdentityAsync(id, null));
            case < 11:
                return Same($"{user} in {group}: {isOn}", model.SetGroupUser(group, user, isOn), await Access.SetGroupUserAsync(group, user, isOn, At, null));
            case 11 or 12:
                return Same("create policy " + policy, model.CreatePolicy(policy, document), await Access.CreatePolicyAsync(new PolicyRow(policy, "", 1, At), document, null));
            case 13 or 14:
                return ("add to " + policy, Text(model.AddVersion(policy, document, isOn)), Text(await Access.AddPolicyVersionAsync(policy, document, isOn, At, null)));
            case 15:
                return Same($"default {policy} {version}", model.SetDefault(policy, version), await Access.SetDefaultPolicyVersionAsync(policy, version, At, null));
            case 16:
                return Same($"delete {policy} {version}", model.DeleteVersion(policy, version), await Access.DeletePolicyVersionAsync(policy, version, At, null));
            case 17:
                return Same("delete policy " + policy, model.DeletePolicy(policy), await Access.DeletePolicyAsync(policy, null));
            case < 21:
                return Same($"{policy} on {id}: {isOn}", model.SetAttachment(id, policy, isSystem, isOn), await Access.SetAttachmentAsync(id, policy, isSystem, isOn, At, null));
            case 21 or 22:
                var member = new MemberRow(workspace, id, (WorkspaceRole)random.Next(4), At);
                return Same("member " + member, model.SetMember(member), await Access.SetMemberAsync(member, null));
            default:
                return random.Next(2) == 0
                    ? Same($"no member {id}", model.RemoveMember(workspace, id), await Access.RemoveMemberAsync(workspace, id, null))
                    : await RemakeOtherWorkspaceAsync(model);
        }
    }

    private async Task<(string What, string Expected, string Answered)> RemakeOtherWorkspaceAsync(AccessModel model)
    {
        Assert.True(model.DeleteWorkspace(OtherWorkspace));
        Assert.Equal(ChangeWorkspaceResult.Changed, await Store.DeleteWorkspaceAsync(OtherWorkspace, null));
        model.CreateWorkspace(OtherWorkspace);
        return ("remake", nameof(ChangeWorkspaceResult.Changed), $"{await Store.CreateWorkspaceAsync(OtherRow, null)}");
    }

    private static IdentityRow Make(string id, string name) => (id[0] switch { 'u' => User(name), 'g' => Group(name), _ => Role(name) }) with { Id = id };

    private static (string What, string Expected, string Answered) Same(string what, ChangeAccessResult expected, ChangeAccessResult answered) => (what, $"{expected}", $"{answered}");

    private static string Text(AddPolicyVersionResult result) => $"{result.Result} {result.Version}";
}
