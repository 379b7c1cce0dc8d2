using Porpoise.Core.Environments;
using Porpoise.Storage.Environments;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Environments;

public abstract class EnvironmentsTests(IStoreFixture fixture) : StoreTests(fixture)
{
    private static readonly DateTimeOffset Later = At.AddMinutes(7);
    private static readonly EnvironmentCode Code = new(77);
    private static readonly EnvironmentSettings Spark = new("spark – 每天", "export SPARK_HOME=/opt/spark\nexport PATH=$SPARK_HOME/bin:$PATH\n", "for jobs", ["default"]);

    [Fact]
    public async Task An_environment_is_created_changed_deleted_and_so_found_after_a_crash()
    {
        Assert.Empty(await Store.ListEnvironmentsAsync());
        var created = Assert.IsType<SaveEnvironmentResult.Saved>(await Store.CreateEnvironmentAsync(Code, Spark, "ann", At, Nonce("1"))).Environment;
        AssertSame(new EnvironmentRow(Code, Spark, "ann", At, At), created);
        var changed = new EnvironmentSettings("other", "", "", []);
        AssertSame(new EnvironmentRow(Code, changed, "ann", At, Later), Assert.IsType<SaveEnvironmentResult.Saved>(await Store.UpdateEnvironmentAsync(Code, changed, Later, Nonce("2"))).Environment);
        await CrashAndReopenAsync();
        AssertSame(new EnvironmentRow(Code, changed, "ann", At, Later), Assert.Single(await Store.ListEnvironmentsAsync()));
        Assert.IsType<DeleteEnvironmentResult.Deleted>(await Store.DeleteEnvironmentAsync(Code, Nonce("3")));
        await CrashAndReopenAsync();
        Assert.Empty(await Store.ListEnvironmentsAsync());
        Assert.Equal(3, (await Store.ListNoncesAsync(At, 10)).Count);
    }

    [Fact]
    public async Task A_name_is_taken_once_and_what_is_not_there_is_not_found()
    {
        await Store.CreateEnvironmentAsync(Code, Spark, "ann", At, null);
        var other = new EnvironmentCode(78);
        Assert.IsType<SaveEnvironmentResult.NameTaken>(await Store.CreateEnvironmentAsync(other, Spark, "ann", At, Nonce("1")));
        Assert.IsType<SaveEnvironmentResult.NotFound>(await Store.UpdateEnvironmentAsync(other, Spark, At, Nonce("2")));
        Assert.IsType<DeleteEnvironmentResult.NotFound>(await Store.DeleteEnvironmentAsync(other, Nonce("3")));
        await Store.CreateEnvironmentAsync(other, Spark with { Name = "b" }, "ann", At, null);
        Assert.IsType<SaveEnvironmentResult.NameTaken>(await Store.UpdateEnvironmentAsync(other, Spark, At, Nonce("4")));
        Assert.Equal([Code, other], (await Store.ListEnvironmentsAsync()).Select(e => e.Code));
        Assert.Empty(await Store.ListNoncesAsync(At, 10)); // a refused call leaves nothing behind
    }

    [Fact]
    public async Task A_used_nonce_is_refused_and_changes_nothing()
    {
        await Store.CreateEnvironmentAsync(Code, Spark, "ann", At, Nonce("1"));
        Assert.IsType<SaveEnvironmentResult.NonceUsed>(await Store.CreateEnvironmentAsync(new EnvironmentCode(78), Spark with { Name = "b" }, "ann", At, Nonce("1")));
        Assert.IsType<SaveEnvironmentResult.NonceUsed>(await Store.UpdateEnvironmentAsync(Code, Spark with { Name = "b" }, At, Nonce("1")));
        Assert.IsType<DeleteEnvironmentResult.NonceUsed>(await Store.DeleteEnvironmentAsync(Code, Nonce("1")));
        AssertSame(new EnvironmentRow(Code, Spark, "ann", At, At), Assert.Single(await Store.ListEnvironmentsAsync()));
    }

    private static void AssertSame(EnvironmentRow expected, EnvironmentRow actual)
    {
        Assert.Equal(expected.Settings.WorkerGroups, actual.Settings.WorkerGroups);
        Assert.Equal(expected, actual with { Settings = actual.Settings with { WorkerGroups = expected.Settings.WorkerGroups } });
    }
}
