using System.CommandLine;
using Porpoise.Serving;
using Porpoise.Worker.Runners;

namespace Porpoise.Commands;

/// <summary><c>porpoise run-task FILE</c>: the process of a task that is a job. The worker starts it; it is not for people.</summary>
internal static class RunTaskCommand
{
    public const string Name = "run-task";

    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The job's document" };
        var command = new Command(Name, "Run one task; the server starts this") { file };
        command.Hidden = true;
        command.SetAction(async (parsed, _) =>
        {
            ProcessHardening.Apply(); // a job may hold a password
            return await TaskRunner.RunAsync(parsed.GetValue(file)!, Console.Out, TimeProvider.System);
        });
        return command;
    }
}
