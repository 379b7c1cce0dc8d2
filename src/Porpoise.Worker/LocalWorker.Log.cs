using Microsoft.Extensions.Logging;

namespace Porpoise.Worker;

public sealed partial class LocalWorker
{
    [LoggerMessage(LogLevel.Warning, "The service runs as root, and so do its tasks: a task can read and change everything on this machine. Run the service as a user of its own")]
    private partial void LogRunsAsRoot();

    [LoggerMessage(LogLevel.Error, "Attempt {Tag}: an unforeseen error; it is looked for again")]
    private partial void LogTroubled(Exception e, string tag);

    [LoggerMessage(LogLevel.Warning, "How attempt {Tag} ended could not be reported; trying again")]
    private partial void LogReportFailed(Exception e, string tag);
}
