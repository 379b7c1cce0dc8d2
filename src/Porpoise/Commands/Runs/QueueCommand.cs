using System.CommandLine;
using Porpoise.Client.Queues;
using Porpoise.Commands.Calls;

namespace Porpoise.Commands.Runs;

/// <summary><c>porpoise queue …</c>: where tasks count, and how many of them may run at once.</summary>
internal static class QueueCommand
{
    private static readonly Option<string?> Environment = new("--environment") { Description = "Whose runs it takes: DEVELOPMENT, PRODUCTION or BOTH" };
    private static readonly Option<int?> TasksMax = new("--tasks-max") { Description = "Tasks that may run at once; 0: no limit" };
    private static readonly Option<int?> CuMax = new("--cu-max") { Description = "Compute units that its Spark jobs may take together; 0: no limit" };

    private static readonly Column<Queue>[] Columns =
        [new("NAME", q => q.Name), new("ENVIRONMENT", q => q.Environment), new("TASKS MAX", q => LimitOf(q.TasksMax)), new("CU MAX", q => LimitOf(q.CuMax)), new("CREATED", q => q.CreatedAt)];

    static QueueCommand() => Environment.AcceptOnlyFromAmong("DEVELOPMENT", "PRODUCTION", "BOTH");

    public static Command Create() => ClientCommand.Group("queue", "Queues: how many tasks of a workspace may run at once", List(), New(), Update());

    private static Command List() => ClientCommand.Of("list", "All queues of the workspace", [], async (call, ct) =>
        call.Output.Show(await call.Client.Queues.ListAsync(await call.WorkspaceAsync(ct), ct), QueueJson.Default.Queues, q => call.Output.Table(q, Columns)));

    private static Command New()
    {
        var name = new Argument<string>("name") { Description = "At most 200 characters; a queue keeps it" };
        return ClientCommand.Of("create", "Create a queue", [name, Environment, TasksMax, CuMax], async (call, ct) =>
            call.Output.Show(await call.Client.Queues.CreateAsync(await call.WorkspaceAsync(ct), call.Get(name), Settings(call), ct), QueueJson.Default.Queue, q => call.Output.Table([q], Columns)));
    }

    private static Command Update()
    {
        var name = new Argument<string>("name") { Description = "Of the queue" };
        return ClientCommand.Of("update", "Change the environment or the limits of a queue", [name, Environment, TasksMax, CuMax], async (call, ct) =>
        {
            var workspace = await call.WorkspaceAsync(ct);
            var queue = (await call.Client.Queues.ListAsync(workspace, ct)).FirstOrDefault(q => q.Name == call.Get(name))
                ?? throw new NotFoundException($"There is no queue '{call.Get(name)}' in {workspace}.");
            call.Output.Show(await call.Client.Queues.UpdateAsync(workspace, queue.Id, Settings(call), ct), QueueJson.Default.Queue, q => call.Output.Table([q], Columns));
        });
    }

    private static QueueSettings Settings(CommandCall call) => new(call.Get(Environment), call.Get(TasksMax), call.Get(CuMax));

    private static string? LimitOf(int max) => max == 0 ? null : max.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
