using Microsoft.Extensions.Logging;

namespace Porpoise.Worker;

public sealed partial class LocalWorker
{
    [LoggerMessage(LogLevel.Warning, "The service runs as root, and so do its tasks: a task can read and change everything on this machine. Leave out --task-user root, or run the service as a user of its own")]
    private partial void LogTasksAreRoot();

    [LoggerMessage(LogLevel.Warning, "Tasks run as the service's own user: a task can read the data folder with the master key, and end the service. Start it as root to give them another user, or let only those write tasks who may have these rights (SECURITY.md)")]
    private partial void LogTasksAreTheServer();

    [LoggerMessage(LogLevel.Information, "Tasks run as the user {User} ({Number})")]
    private partial void LogTaskUser(string user, uint number);

    [LoggerMessage(LogLevel.Warning, "The user {User} cannot execute {Program}, so tasks that our own task runner carries out will fail. Install it where others may read it")]
    private partial void LogRunnerOutOfReach(string user, string program);

    [LoggerMessage(LogLevel.Error, "Attempt {Tag}: an unforeseen error; it is looked for again")]
    private partial void LogTroubled(Exception e, string tag);

    [LoggerMessage(LogLevel.Warning, "The log of attempt {Tag} does not say how it ended: {Reason}")]
    private partial void LogNotClosed(string tag, string reason);

    [LoggerMessage(LogLevel.Information, "The work folder of attempt {Tag} stays for now: {Reason}")]
    private partial void LogWorkStays(string tag, string reason);

    [LoggerMessage(LogLevel.Warning, "How attempt {Tag} ended could not be reported; trying again")]
    private partial void LogReportFailed(Exception e, string tag);
}
