using System.Text;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Runs;

namespace Porpoise.Storage.Conformance;

/// <summary>Things to store. Times have microseconds, which is as fine as a store keeps them.</summary>
public static class Samples
{
    public const int TaskCount = 4;

    public static readonly DateTimeOffset At = new DateTimeOffset(2026, 11, 23, 14, 21, 46, TimeSpan.Zero).AddMicroseconds(123_456);
    public static readonly WorkspaceId Workspace = new("w-0011223344556677");
    public static readonly WorkspaceId OtherWorkspace = new("w-8899aabbccddeeff");
    public static readonly WorkflowCode Workflow = new(8_800_000_000_001);
    public static readonly RootAccountRow Root = new("1000000000000001", "root", "pbkdf2$salt$hash", At);
    public static readonly AccessKeyRow Key = new("key-1", Root.AccountId, [0, 1, 2, 255], true, At);
    public static readonly ApiTokenRow Token = new("token-1", "5f0c", Root.AccountId, "first", ExpiresAt: null, At);
    public static readonly WorkspaceRow HomeRow = new(Workspace, 8_800_000_000_000, "default", At) { Number = 1 };
    public static readonly WorkspaceRow OtherRow = new(OtherWorkspace, 8_800_000_000_009, "other – 每天", At.AddMinutes(1)) { Number = 2, Description = "the second one", UpdatedAt = At.AddMinutes(2) };

    public static NewRun NewRun(
        WorkspaceId? workspace = null,
        DateTimeOffset? at = null,
        int taskCount = TaskCount,
        IReadOnlyList<TaskChange>? changes = null,
        IdempotencyKey? idempotency = null,
        NonceRow? nonce = null) => new(
        workspace ?? Workspace,
        Workflow,
        3,
        "nightly-3 – 每天",
        FailureStrategy.Continue,
        Priority.High,
        true,
        "default",
        "root",
        """{"comment":"by hand"}""",
        taskCount,
        at ?? At,
        Decide(changes ?? [new TaskChange.Submitted(0, At)]),
        idempotency,
        nonce);

    public static IdempotencyKey Idempotency(string token, string hash = "h1", DateTimeOffset? forgetBefore = null, string principal = "root", string operation = "StartRun") =>
        new(principal, operation, token, hash, forgetBefore ?? At.AddDays(-1));

    public static IdentityRow User(string name) => new(IdentityKind.User, "u-" + name, name, $"is {name} – 每天", At) { PasswordHash = "pbkdf2$s$" + name };

    public static IdentityRow Group(string name) => new(IdentityKind.Group, "g-" + name, name, "", At);

    public static IdentityRow Role(string name) => new(IdentityKind.Role, "r-" + name, name, "", At) { TrustPolicy = """{"Version":"1"}""", SessionSecondsMax = 3_600 };

    public static NonceRow Nonce(string text, DateTimeOffset? keepUntil = null) => new("key-1", Encoding.UTF8.GetBytes(text), keepUntil ?? At.AddMinutes(15));

    /// <summary>A decision with these changes.</summary>
    public static Decision Decide(IReadOnlyList<TaskChange> changes)
    {
        var decision = new Decision();
        decision.Changes.AddRange(changes);
        return decision;
    }

    /// <summary>A decision that moves the run. Only a run itself can make one, so a small one is led there.</summary>
    public static Decision Decide(RunState state, DateTimeOffset? at = null)
    {
        var time = at ?? At.AddMinutes(5);
        var graph = TaskGraph.Of(Definition("tiny") with { Edges = [] });
        var attempt = new TaskSnapshot(0, TaskState.Running, 1, 0, 0, null);
        var run = Run.Restore(graph, FailureStrategy.Continue, state == RunState.Stopped ? RunState.Stopping : RunState.Running, At, [attempt, .. Enumerable.Range(1, graph.Count - 1).Select(i => new TaskSnapshot(i, TaskState.Succeeded, 1, 0, 0, null))]);
        var decision = new Decision();
        run.Decide(
            state switch
            {
                RunState.Stopping => new RunEvent.StopRequested(time),
                RunState.Stopped => new RunEvent.AttemptEnded(0, 1, new AttemptOutcome.Killed(), time),
                RunState.Succeeded => new RunEvent.AttemptEnded(0, 1, new AttemptOutcome.Exited(0), time),
                RunState.Failed => new RunEvent.AttemptEnded(0, 1, new AttemptOutcome.Exited(1), time),
                _ => throw new ArgumentOutOfRangeException(nameof(state)),
            },
            decision);
        decision.Changes.Clear(); // the rows of the run under test are none of its business
        return decision;
    }

    /// <summary>A decision that begins an ended run anew, without what becomes of its tasks.</summary>
    public static Decision DecideToRunAgain(RerunScope scope, DateTimeOffset at)
    {
        var graph = TaskGraph.Of(Definition("tiny") with { Edges = [] });
        var run = Run.Restore(graph, FailureStrategy.Continue, RunState.Failed, At, [.. Enumerable.Range(0, graph.Count).Select(i => new TaskSnapshot(i, TaskState.Failed, 1, 1, 0, null))]);
        var decision = new Decision();
        run.Decide(new RunEvent.RerunRequested(scope, at), decision);
        decision.Changes.Clear();
        return decision;
    }

    public static WorkflowDefinition Definition(string name, int nodes = 2) => new(
        name,
        "Copies everything – 每天",
        [
            .. Enumerable.Range(0, nodes).Select(i => new TaskDefinition(
                new TaskCode(100 + i), $"node {i}", $"does {i}", i % 3 == 2 ? TaskTypes.Noop : TaskTypes.Shell, $$"""{"rawScript":"echo '{{i}}' \u0041 \"x\""}""", i, TimeSpan.FromSeconds(90 * i), (Priority)(i % 5))),
        ],
        [.. Enumerable.Range(1, nodes - 1).Select(i => new Edge(new TaskCode(99 + i), new TaskCode(100 + i)))],
        """[{"taskCode":100,"x":1,"y":2}]""");
}
